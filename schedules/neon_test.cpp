// What the hot loops of aarch64 kernels are made of, read from their assembly: the instruction
// counts that the goals are about hang on it, and it breaks without any wrong result.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "schedules/apply.h"
#include "schedules/emit.h"
#include "schedules/recipe.h"

namespace halcyon {
namespace {

/// Instructions of a loop, without its label, comments kept: "ldr q0, [sp] // 16-byte Folded
/// Reload".
using Loop = std::vector<std::string>;

int count(const Loop& loop, const std::string& text) {
  return static_cast<int>(std::count_if(loop.begin(), loop.end(), [&](const std::string& line) {
    return line.find(text) != line.npos;
  }));
}

/// Of a problem at its recipe's start on J6M.
std::vector<std::string> assembly(const std::string& line) {
  const Problem problem = Problem::parse(line);
  const Target target = find_target("j6m", HALCYON_SOURCE_DIR "/schedules/targets");
  const Recipe& recipe = recipe_for(problem);
  Algorithm a = build_algorithm(problem);
  apply_schedule(a, problem, recipe.expand(problem, target, recipe.start(problem, target)));
  const std::string path = testing::TempDir() + "neon_test." + std::to_string(getpid());
  a.pipeline().compile_to({{Halide::OutputFileType::assembly, path}}, a.arguments(), "kernel",
                          Halide::Target(target.halide + "-" + emit_features(false)));
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string text; std::getline(file, text) && !text.starts_with(".Lfunc_end");)
    lines.push_back(text);
  std::remove(path.c_str());
  return lines;
}

/// The innermost loop with the most FMLA: from a label to the branch back to it, no other label's
/// loop inside.
Loop hot_loop(const std::string& problem) {
  Loop hot, loop;
  std::string label;
  for (const std::string& line : assembly(problem)) {
    if (line.starts_with(".LBB")) {
      label = line.substr(0, line.find(':'));
      loop.clear();
    } else if (line.starts_with("\t") && line[1] != '.' && !line.starts_with("\t//")) {
      loop.push_back(line);
      const bool back = line.starts_with("\tb.") && line.ends_with("\t" + label);
      if (back && count(loop, "\tfmla\t") > count(hot, "\tfmla\t")) hot = loop;
    }
  }
  return hot;
}

std::string text_of(const Loop& loop) {
  std::string text;
  for (const std::string& line : loop) text += line + "\n";
  return text;
}

class ProductLoop : public testing::TestWithParam<const char*> {};

// Inputs come by the vector and FMLA picks one element: a load for each value (ld1r, ldr s) takes
// 1.7 instructions per FMLA.
TEST_P(ProductLoop, TakesInputsByElementAndNeverSpills) {
  const Loop loop = hot_loop(GetParam());
  const int fmla = count(loop, "\tfmla\t");
  ASSERT_GE(fmla, 32) << GetParam();
  EXPECT_EQ(count(loop, ".s["), fmla) << text_of(loop);
  EXPECT_EQ(count(loop, "ld1r") + count(loop, "dup") + count(loop, "\tldr\ts"), 0) << text_of(loop);
  EXPECT_EQ(count(loop, "[sp"), 0) << text_of(loop);
  EXPECT_LE(static_cast<double>(loop.size()), 1.3 * fmla) << text_of(loop);
}
INSTANTIATE_TEST_SUITE_P(Lines, ProductLoop,
                         testing::Values("1x14x14x80 | pw 480 hardswish",   //
                                         "1x28x28x128 | pw 256 g2 gelu",    // groups
                                         "1x28x28x64 | conv 2x2 128 s2"));  // strided, unpadded

// Three rows of taps read each input once for two rows of results; 4 x 2 takes 1.76.
TEST(DepthwiseLoop, SharesItsLoadsAndNeverSpills) {
  const Loop loop = hot_loop("1x28x28x32 | dw 3x3");
  const int fmla = count(loop, "\tfmla\t");
  ASSERT_GE(fmla, 72);
  EXPECT_EQ(count(loop, "[sp"), 0) << text_of(loop);
  EXPECT_LE(static_cast<double>(loop.size()), 1.7 * fmla) << text_of(loop);
}

}  // namespace
}  // namespace halcyon
