#include "results/figures/network_accuracy.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace halcyon {
namespace {

TEST(NetworkAccuracy, IsSaidWhereItIsKnown) {
  NetworkRecord r;
  EXPECT_EQ(accuracy_text(r) + layers_off_text(r), "");
  r.accuracy = NetworkAccuracy{16, 22.34, 0.997034, 0.875};
  r.check.most_steps = 1;
  r.check.share_off = 0.0002;
  EXPECT_EQ(accuracy_text(r), "SQNR 22.3 dB, cosine 0.99703, top-1 agreement 87.5 %, 16 inputs");
  EXPECT_EQ(layers_off_text(r), "at most 1 step off, 0.020 % of elements");
}

TEST(NetworkAccuracy, StandsInTheRecord) {
  NetworkRecord r;
  r.dtype = "i8";
  r.accuracy = NetworkAccuracy{16, -3, 0.5, 0.25};
  r.check.most_steps = 1;
  const nlohmann::json written = to_json(r);
  EXPECT_EQ(written.at("dtype"), "i8");
  EXPECT_EQ(written.at("accuracy").at("sqnr_db"), -3);
  EXPECT_EQ(written.at("check").at("most_steps"), 1);
  EXPECT_FALSE(to_json(NetworkRecord()).contains("accuracy"));
}

}  // namespace
}  // namespace halcyon
