// What the hot loops of kernels are made of, read from their assembly: the speed that the goals are
// about hangs on it, and it breaks without any wrong result.
#include <gtest/gtest.h>

#include "schedules/apply/apply.h"
#include "schedules/compile/compiled_text.h"
#include "schedules/compile/emit.h"
#include "schedules/compile/hot_loop.h"
#include "schedules/recipes/recipe.h"

namespace halcyon {
namespace {

/// Of a problem at its recipe's start on a target, whatever machine this is.
HotLoop hot_loop(const std::string& line, const char* target_name = "j6m") {
  const Problem problem = Problem::parse(line);
  const Target target = find_target(target_name, HALCYON_SOURCE_DIR "/schedules/targets");
  const Recipe& recipe = recipe_for(problem);
  Algorithm a = build_algorithm(problem);
  apply_schedule(a, problem, recipe.expand(problem, target, recipe.start(problem, target)));
  const Halide::Target halide(target.halide + "-" + emit_features(false));
  const Halide::Module module = a.pipeline().compile_to_module(a.arguments(), "kernel", halide);
  return hot_loop_of(compiled_text(module, Halide::OutputFileType::assembly));
}

struct Loop {
  const char *target, *line;
  int bits;
  double most_spills, most_instructions;  // per multiply-add
};
std::ostream& operator<<(std::ostream& out, const Loop& l) {
  return out << l.target << ": " << l.line;
}

class X86Loop : public testing::TestWithParam<Loop> {};

// Whole vectors of the target's width, and next to nothing beside the multiply-adds. A tile too
// large shows as vectors stored on the stack, inputs that are not shared as instructions.
TEST_P(X86Loop, IsMultiplyAddsOfWholeVectorsInRegisters) {
  const HotLoop loop = hot_loop(GetParam().line, GetParam().target);
  EXPECT_EQ(loop.register_bits, GetParam().bits);
  ASSERT_GE(loop.fma, 12);
  EXPECT_LE(loop.spills(), GetParam().most_spills);
  EXPECT_LE(loop.instructions, GetParam().most_instructions * loop.fma);
}
INSTANTIATE_TEST_SUITE_P(
    Lines, X86Loop,
    testing::Values(Loop{"x86-avx2", "1x14x14x80 | pw 480 hardswish", 256, 0, 1.9},
                    Loop{"x86-avx2", "1x28x28x128 | pw 256 g2 gelu", 256, 0, 1.9},
                    Loop{"x86-avx2", "1x56x56x64 | conv 3x3 64", 256, 0, 2.5},
                    Loop{"x86-avx2", "1x28x28x32 | dw 3x3", 256, 0.15, 1.9},
                    Loop{"x86-avx2", "1x14x14x192 | dw 1x5", 256, 0, 2},
                    Loop{"x86-zen4", "1x14x14x80 | pw 480 hardswish", 512, 0, 1.95},
                    Loop{"x86-zen4", "1x28x28x128 | pw 256 g2 gelu", 512, 0, 1.95},
                    Loop{"x86-zen4", "1x56x56x64 | conv 3x3 64", 512, 0, 2},
                    Loop{"x86-zen4", "1x28x28x32 | dw 3x3", 512, 0, 1.8},
                    Loop{"x86-zen4", "1x14x14x192 | dw 1x5", 512, 0, 1.8}));

class ProductLoop : public testing::TestWithParam<const char*> {};

// Inputs come by the vector and FMA picks one element: with a load for each value (ld1r, ldr s) it
// would be 1.7 instructions and 0.5 loads per FMLA.
TEST_P(ProductLoop, TakesInputsByElementAndNeverSpills) {
  const HotLoop loop = hot_loop(GetParam());
  ASSERT_GE(loop.fma, 32);
  EXPECT_TRUE(loop.by_element);
  EXPECT_EQ(loop.stack_refs, 0);
  EXPECT_LE(loop.loads, 0.2 * loop.fma);
  EXPECT_LE(loop.instructions, 1.3 * loop.fma);
}
INSTANTIATE_TEST_SUITE_P(Lines, ProductLoop,
                         testing::Values("1x14x14x80 | pw 480 hardswish",   //
                                         "1x28x28x128 | pw 256 g2 gelu",    // groups
                                         "1x28x28x64 | conv 2x2 128 s2"));  // strided, unpadded

// Of loops with as many FMA the reader takes the busiest, here that of the right edge: 1.71, with
// one address from the stack. 4 x 2 takes 1.83, 4 x 4 has 32 stack references.
TEST(DepthwiseLoop, SharesItsLoadsAndDoesNotSpill) {
  const HotLoop loop = hot_loop("1x28x28x32 | dw 3x3");
  ASSERT_GE(loop.fma, 72);
  EXPECT_LE(loop.stack_refs, 1);
  EXPECT_LE(loop.instructions, 1.75 * loop.fma);
}

}  // namespace
}  // namespace halcyon
