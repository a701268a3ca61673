#include "schedules/compile/hot_loop.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

// As LLVM 20 prints it: a prologue, an outer loop with more multiply-adds than the inner one has in
// all its blocks, and a spill in the inner one.
constexpr const char* kX86 = R"(
kernel:                                 # @kernel
# %bb.0:                                # %entry
	vmovups	%zmm0, 64(%rsp)                 # 64-byte Spill
.LBB0_1:                                # %"for out"
                                        # =>This Loop Header: Depth=1
                                        #     Child Loop BB0_2 Depth 2
	vfmadd231ps	%zmm1, %zmm2, %zmm3     # zmm3 = (zmm2 * zmm1) + zmm3
	vfmadd231ps	%zmm1, %zmm2, %zmm3
	vfmadd231ps	%zmm1, %zmm2, %zmm3
	vfmadd231ps	%zmm1, %zmm2, %zmm3
.LBB0_2:                                # %"for k"
                                        #   Parent Loop BB0_1 Depth=1
                                        # =>  This Inner Loop Header: Depth=2
	vbroadcastss	(%rdi,%r14), %zmm4
	vfmadd231ps	64(%rsi), %zmm4, %zmm3  # zmm3 = (zmm4 * mem) + zmm3
	vfmadd231ps	128(%rsp), %zmm4, %zmm5 # 64-byte Folded Reload
# %bb.3:                                #   in Loop: Header=BB0_2 Depth=2
	vmovups	%zmm3, (%rdx)
	vmovups	%zmm5, -64(%rsp)                # 64-byte Spill
	addq	$64, %rsi
	jne	.LBB0_2
# %bb.4:                                #   in Loop: Header=BB0_1 Depth=1
	jne	.LBB0_1
# %bb.5:
	retq
)";

constexpr const char* kArm = R"(
kernel:                                 // @kernel
// %bb.0:                               // %entry
	stp	x26, x25, [sp, #208]            // 16-byte Folded Spill
.LBB0_1:                                // %"for k"
                                        // =>This Inner Loop Header: Depth=1
	ldp	q16, q17, [x8], #32
	ldr	q18, [sp, #32]                  // 16-byte Folded Reload
	fmla	v0.4s, v16.4s, v18.s[0]
	fmla	v1.4s, v17.4s, v18.s[1]
	subs	x9, x9, #1
	b.ne	.LBB0_1
// %bb.2:
	ret
)";

// Dies when blocks of the outer loop are counted to the inner one, when the block behind the
// header is forgotten, or when a folded reload is no reference to the stack.
TEST(HotLoop, IsTheInnermostLoopWithItsBlocks) {
  const HotLoop h = hot_loop_of(kX86);
  EXPECT_EQ(h, (HotLoop{.instructions = 7,
                        .fma = 2,
                        .vector = 5,
                        .loads = 3,
                        .stack_refs = 2,
                        .spilled = 1,
                        .register_bits = 512,
                        .by_element = false}));
  EXPECT_DOUBLE_EQ(h.spills(), 0.5);
}

TEST(HotLoop, ReadsAarch64) {
  EXPECT_EQ(hot_loop_of(kArm), (HotLoop{.instructions = 6,
                                        .fma = 2,
                                        .vector = 4,
                                        .loads = 2,
                                        .stack_refs = 1,
                                        .register_bits = 128,
                                        .by_element = true}));
}

// A transform, all unrolled, has more multiply-adds than the products that it is for.
TEST(HotLoop, IsOneOfMultiplyAddsWhereThereIsOne) {
  const auto loop = [](const std::string& number, int adds, int fma) {
    std::string text = ".LBB0_" + number + ":\n  # =>This Inner Loop Header: Depth=1\n";
    for (int i = 0; i < adds; i++) text += "\tvaddps\t%zmm1, %zmm2, %zmm3\n";
    for (int i = 0; i < fma; i++) text += "\tvfmadd231ps\t%zmm1, %zmm2, %zmm3\n";
    return text + "\tjne\t.LBB0_" + number + "\n";
  };
  EXPECT_EQ(hot_loop_of(loop("1", 9, 8) + loop("2", 2, 4)).fma, 4);
  EXPECT_EQ(hot_loop_of(loop("1", 8, 8) + loop("2", 2, 4)).fma, 8);
  EXPECT_EQ(hot_loop_of(loop("1", 9, 8) + loop("2", 9, 4)).fma, 8);
}

TEST(HotLoop, WithoutLoopsThereIsNone) {
  EXPECT_EQ(hot_loop_of(""), HotLoop{});
  EXPECT_EQ(hot_loop_of("kernel:\n\tvfmadd231ps\t%ymm1, %ymm2, %ymm3\n\tretq\n"), HotLoop{});
}

}  // namespace
}  // namespace halcyon
