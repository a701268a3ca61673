#include "kernels/oracle/tensor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/error.h"

namespace halcyon {
namespace {

const TensorSpec& named(const Problem& problem, const std::string& name) {
  for (const TensorSpec& spec : problem.tensors())
    if (spec.name == name) return spec;
  throw std::out_of_range(name);
}

TEST(Tensor, HoldsNumbersAsItsDtypeDoes) {
  const Tensor t = Tensor::rounded(DType::f32, std::vector<double>{0.1, 1, 1e300});
  EXPECT_EQ(numbers_of<double>(t), (std::vector<double>{0.1f, 1, INFINITY}));
  EXPECT_EQ(t.bytes().size(), 12u);
  EXPECT_EQ(rounded_to(DType::f32, 0.1), 0.1f);
  EXPECT_EQ(range_of(std::vector<float>{3, -2, 1}), std::pair(-2.0, 3.0));
}

TEST(Tensor, RoundsOnceWhateverIsComputedInBetween) {
  Tensor t(std::vector<float>{3, 5});
  transform(t, [](double v, std::size_t i) { return v / 7 * static_cast<double>(i + 1); });
  EXPECT_EQ(numbers_of<float>(t),
            (std::vector<float>{static_cast<float>(3.0 / 7), static_cast<float>(5.0 / 7 * 2)}));
}

TEST(Tensor, EqualsBitForBit) {
  EXPECT_EQ(Tensor(std::vector<float>{NAN}), Tensor(std::vector<float>{NAN}));
  EXPECT_NE(Tensor(std::vector<float>{0.0f}), Tensor(std::vector<float>{-0.0f}));
  EXPECT_NE(Tensor(DType::f32, 1), Tensor(DType::f16, 2)) << "the same bytes";
}

// What only moves elements asks for their size, not for their type.
TEST(Tensor, ElementsOfAnySizeAreMoved) {
  for (const DType dtype : {DType::f32, DType::f16, DType::i8}) {
    Tensor t(dtype, 3);
    for (std::size_t i = 0; i < t.bytes().size(); ++i) t.bytes()[i] = std::byte(i);
    const Tensor turned = rearranged(t, 4, [](auto move) {
      for (std::size_t i = 0; i < 3; ++i) move(2 - i, i);
    });
    const std::size_t size = t.bytes().size() / 3;
    ASSERT_EQ(turned.bytes().size(), 4 * size);
    for (std::size_t i = 0; i < 4 * size; ++i) {
      const std::size_t element = i / size, byte = i % size;
      EXPECT_EQ(turned.bytes()[i], std::byte(element == 3 ? 0 : (2 - element) * size + byte));
    }
  }
}

TEST(Tensor, NobodyReadsAnotherDtypeThanThereIs) {
  const Tensor t(DType::f16, 2);
  EXPECT_EQ(t.size(), 2u);
  EXPECT_THROW(t.as<float>(), Error);
  EXPECT_EQ(numbers_of<double>(t), (std::vector<double>{0, 0}));
}

TEST(Tensor, IntegersAreRoundedToEvenAndEndAtTheirRange) {
  const std::vector<double> given = {-1.5, 2.5, 300, -300, NAN};
  EXPECT_EQ(numbers_of<double>(Tensor::rounded(DType::i8, given)),
            (std::vector<double>{-2, 2, 127, -128, 0}));
  EXPECT_EQ(numbers_of<double>(Tensor::rounded(DType::u8, given)),
            (std::vector<double>{0, 2, 255, 0, 0}));
}

TEST(PlaceOf, NamesTheElementOutermostFirst) {
  const Problem one = Problem::parse("1x4x5x6 | conv 3x2 8"),
                two = Problem::parse("2x4x5x6 | relu");
  EXPECT_EQ(place_of(named(one, "in"), 0), "n0 h0 w0 c0");
  EXPECT_EQ(place_of(named(one, "in"), 4 * 5 * 6 - 1), "n0 h3 w4 c5");
  EXPECT_EQ(place_of(named(two, "out"), 4 * 5 * 6 + 5 * 6 * 2 + 6 + 3), "n1 h2 w1 c3");
  EXPECT_EQ(place_of(named(one, "w"), ((2 * 2 + 1) * 6 + 5) * 8 + 7), "ky2 kx1 k5 c7");
  EXPECT_EQ(place_of(named(one, "b"), 7), "c7");
}

}  // namespace
}  // namespace halcyon
