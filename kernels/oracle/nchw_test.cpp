#include "kernels/oracle/nchw.h"

#include <gtest/gtest.h>

#include "kernels/error.h"

namespace halcyon {
namespace {

TEST(Nchw, AndNhwcAreEachOthersInverse) {
  const Shape shape{.n = 2, .h = 2, .w = 3, .c = 5};
  Tensor nchw(DType::f32, static_cast<std::size_t>(shape.elements()));
  transform(nchw, [](double, std::size_t i) { return static_cast<double>(i); });
  const Tensor nhwc = nchw_to_nhwc(nchw, shape);
  // n1 c3 y0 x2 is element ((1*5 + 3)*2 + 0)*3 + 2 of NCHW and ((1*2 + 0)*3 + 2)*5 + 3 of NHWC.
  EXPECT_EQ(nhwc.at(43), nchw.at(50));
  EXPECT_EQ(nhwc_to_nchw(nhwc, shape), nchw);
  EXPECT_THROW(nchw_to_nhwc(Tensor(DType::f32, 2), shape), Error);
}

}  // namespace
}  // namespace halcyon
