#include "schedules/apply.h"

#include <gtest/gtest.h>

#include "schedules/jit_run.h"

namespace halcyon {
namespace {

/// Every schedule here is on a shape with tails, so that a dropped last tile shows.
const char* const kTile = R"(
  out.update0: split c co ci 16 round_up
  out.update0: split p po pi 6
  out.update0: reorder ci pi co po
  out.update0: vectorize ci 8
  out.update0: unroll ci
  out.update0: unroll pi
  acc_0: compute_at out.update0 co
  acc_0: store_in stack
  acc_0: vectorize c 8
  acc_0: unroll c
  acc_0: unroll p
  acc_0.update: reorder c p k
  acc_0.update: vectorize c 8
  acc_0.update: unroll c
  acc_0.update: unroll p
  out.update1: split c co ci 16 round_up
  out.update1: split p po pi 5
  out.update1: reorder ci pi po co
  out.update1: vectorize ci 8
  acc_1: compute_at out.update1 po
  acc_1: vectorize c 8
  acc_1: unroll p
  acc_1.update: reorder c p k
  acc_1.update: vectorize c 8
)";

TEST(Apply, ABalancedPointwiseComputesEveryPoint) {
  EXPECT_EQ(jit_mismatch("1x7x7x20 | pw 32 gelu add", std::string(R"(
    out: act gelu 2
    in: flatten x y p
    acc: flatten x y p
    out: flatten x y p
    x1: flatten x y p
    w: pack c 16
    out: divide p 6 acc)") + kTile),
            "");
}

}  // namespace
}  // namespace halcyon
