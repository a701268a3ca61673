#include <gtest/gtest.h>

#include "schedules/apply/jit_run.h"

namespace halcyon {
namespace {

/// The stages of tiles, each computed whole: nothing but the formula.
std::string whole(int results) {
  return "w: winograd " + std::to_string(results) +
         " tiles\ntiles_rows: compute_root\ntiles: compute_root\nacc: compute_root\n"
         "tiles_products: compute_root\ntiles_columns: compute_root\n";
}

class ByTiles : public testing::TestWithParam<const char*> {};

// Catches a tile that is off by a row, an edge that reads something else than the padding, a last
// tile that is cut, a batch that is dropped.
TEST_P(ByTiles, IsTheSumOverTheWindow) {
  for (int results : {2, 4}) EXPECT_EQ(jit_mismatch(GetParam(), whole(results)), "") << results;
}
INSTANTIATE_TEST_SUITE_P(Lines, ByTiles,
                         testing::Values("1x8x8x4 | conv 3x3 5",                 //
                                         "1x1x1x3 | conv 3x3 2",                 // one pixel
                                         "1x7x9x3 | conv 3x3 5 silu add",        // odd
                                         "1x5x6x3 | conv 3x3 3 relu skip",       //
                                         "1x9x8x3 | conv 3x3 2 p0",              // not padded
                                         "1x6x9x3 | conv 3x3 2 p0,1,1,0 add",    // on two sides
                                         "1x5x11x2 | conv 3x3 3 p2,0,0,2 gelu",  //
                                         "3x5x6x2 | conv 3x3 4 relu"));          // a batch

TEST(WinogradRewrite, ReadsATensorBetweenOps) {
  EXPECT_EQ(jit_mismatch("1x6x5x4 | pw 3 relu | conv 3x3 4 relu",
                         "w2: winograd 4 tiles\nt1: compute_root\ntiles: compute_root\n"
                         "acc2: compute_root\ntiles_products: compute_root\n"),
            "");
}

std::string refusal(const char* line, const std::string& steps) {
  const Problem problem = Problem::parse(line);
  Algorithm a = build_algorithm(problem);
  try {
    apply_schedule(a, problem, parse_schedule(steps));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(WinogradRewrite, IsRefusedWhereTheSumIsAnother) {
  for (const char* line : {"1x8x8x4 | conv 3x3 4 s2", "1x8x8x4 | conv 3x3 4 d2",
                           "1x8x8x4 | conv 3x3 4 g2", "1x8x8x4 | dw 3x3"})
    EXPECT_NE(refusal(line, "w: winograd 4 tiles").find("w: winograd 4 tiles"), std::string::npos)
        << line;
  // Terms that are left out are none of the tile's.
  EXPECT_NE(refusal("1x8x8x4 | conv 3x3 4", "src: pad where y\nw: winograd 4 tiles"), "");
  EXPECT_NE(refusal("1x8x8x4 | conv 3x3 4", "w: winograd 4 tiles\nsrc: pad where y"), "");
}

}  // namespace
}  // namespace halcyon
