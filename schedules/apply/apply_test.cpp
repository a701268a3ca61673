#include "schedules/apply/apply.h"

#include <gtest/gtest.h>

#include <fstream>

#include "schedules/apply/jit_run.h"

namespace halcyon {
namespace {

// Every problem here has extents that its tiles do not divide, so that a dropped tail shows, and
// fewer points than it would need for any two axes to be confused unnoticed.

/// `text` with every @ replaced by `by`.
std::string with(const std::string& by, std::string text) {
  for (std::size_t at; (at = text.find('@')) != text.npos;) text.replace(at, 1, by);
  return text;
}

/// The register tile of piece @ of a product over (c, p): 16 channels by `points`.
std::string product_tile(const std::string& piece, int points) {
  return with(piece, R"(
    out.update@: split c co ci 16 guard_with_if
    out.update@: split p po pi )" +
                         std::to_string(points) + R"(
    out.update@: reorder ci pi co po
    out.update@: vectorize ci 8
    out.update@: unroll ci
    acc_@: compute_at out.update@ co
    acc_@: store_in stack
    acc_@: align_bounds c 16
    acc_@: vectorize c 8
    acc_@: unroll p
    acc_@.update: reorder c p k
    acc_@.update: vectorize c 8
    acc_@.update: unroll p
  )");
}

constexpr const char* kFlat = R"(
  in: flatten x y p
  acc: flatten x y p
  out: flatten x y p
)";

TEST(Apply, ABalancedPointwiseComputesEveryPointAndChannel) {
  const std::string steps = std::string(kFlat) + R"(
    x1: flatten x y p
    w: pack c 16
    b: round c 16
    out: act gelu 2
    out: divide p 6 acc
  )";
  EXPECT_EQ(jit_mismatch("1x7x7x20 | pw 36 gelu add",
                         steps + product_tile("0", 6) + product_tile("1", 5)),
            "");
}

TEST(Apply, AGateMovesToTheWeightsWithAndWithoutPacking) {
  const std::string line = "1x3x5x7 | scale | pw 10 relu";
  EXPECT_EQ(jit_mismatch(line, "t1: gate gw2\ngw2: compute_root"), "");
  EXPECT_EQ(jit_mismatch(line, "t1: gate gw2\nw2: pack c 4\ngw2: pack c 4\ngw2: compute_root"), "");
  EXPECT_EQ(jit_mismatch("1x3x5x7 | se 3 relu sigmoid | pw 10",
                         "t1: gate gw2\ngw2: compute_root\ngate1: compute_root"),
            "");
}

TEST(Apply, TheWorkedExampleOfTheDocumentsWorks) {
  std::ifstream in(HALCYON_SOURCE_DIR "/schedules/README.md");
  std::string line, steps;
  while (std::getline(in, line) && line != "## A worked example") {
  }
  while (std::getline(in, line) && line != "```") {
  }
  while (std::getline(in, line) && line != "```") steps += line + "\n";
  ASSERT_NE(steps, "");
  EXPECT_EQ(jit_mismatch("1x7x7x32 | pw 40 gelu", steps), "");
}

TEST(Apply, ArgumentsArePinnedAsTheHostLaysThemOut) {
  const Problem problem = Problem::parse("2x5x7x6 | conv 3x3 10 relu add");
  const Schedule schedule = parse_schedule(R"(
    w: flatten kx ky t
    w: pack c 4
    b: round c 4
    x1: flatten x y p
    x1: flatten p n q
  )");
  Algorithm a = build_algorithm(problem);
  apply_schedule(a, problem, schedule);
  const std::vector<Layout> memory = layouts(problem, schedule);
  ASSERT_EQ(memory.size(), a.inputs.size() + 1);
  for (std::size_t i = 0; i < a.inputs.size(); ++i) {
    const Halide::Parameter p = a.inputs[i].parameter();
    ASSERT_EQ(p.dimensions(), static_cast<int>(memory[i].extents.size())) << memory[i].name;
    int stride = 1;
    for (int axis = 0; axis < p.dimensions(); ++axis) {
      EXPECT_TRUE(Halide::Internal::is_const(p.extent_constraint(axis), memory[i].extents[axis]));
      EXPECT_TRUE(Halide::Internal::is_const(p.stride_constraint(axis), stride));
      stride *= memory[i].extents[axis];
    }
    // Guard pages end where an input ends, so its start is anywhere.
    EXPECT_EQ(p.host_alignment(), memory[i].packed ? 64 : 4) << memory[i].name;
  }
}

TEST(Apply, OnePieceWhenTheTilesAreEqual) {
  EXPECT_EQ(jit_mismatch("1x4x6x8 | pw 20 relu", std::string(kFlat) +
                                                     "w: pack c 16\nb: round c 16\n"
                                                     "out: divide p 6 acc\n" +
                                                     product_tile("0", 6)),
            "");
}

TEST(Apply, ABatchJoinsThePoints) {  // catches an n that is dropped or read as y
  EXPECT_EQ(jit_mismatch("3x3x5x20 | pw 20 skip", std::string(kFlat) + R"(
    in: flatten p n q
    acc: flatten p n q
    out: flatten p n q
    out: split q qo qi 4
    acc: compute_at out qo
  )"),
            "");
}

TEST(Apply, GroupsReadTheirOwnChannels) {
  EXPECT_EQ(jit_mismatch("1x3x5x12 | pw 24 g3", std::string(kFlat) + R"(
    w: pack c 4
    out: split c co ci 4
    out: vectorize ci
    acc: compute_at out co
    acc.update: reorder c p k
    acc.update: vectorize c
  )"),
            "");
}

const char* const kWindow = R"(
  out: split c co ci 8 shift_inwards
  out: split x xo xi 4 shift_inwards
  out: reorder ci xi xo y co
  out: vectorize ci
  out: unroll xi
  acc: compute_at out xo
  acc: store_in stack
  acc: vectorize c 8
  acc: unroll x
  acc.update: reorder c x y kx ky
  acc.update: vectorize c 8
  acc.update: unroll x
  acc.update: unroll kx
)";

TEST(Apply, PaddedTapsAreLeftOutOrReadAsZero) {
  for (const char* line :
       {"1x9x7x12 | dw 3x3 s2 silu sums", "2x5x6x8 | dw 5x3 d2", "1x6x5x8 | maxpool 3x3"})
    for (const char* pad :
         {"", "src: pad exterior y\n", "src: pad where y\n", "src: pad where x y\n"})
      EXPECT_EQ(jit_mismatch(line, std::string(pad) + kWindow), "") << pad;
}

/// Steps for 1x8x6x8 | dw 3x3 | pw 20 gelu | pw 12 add: the matrix products over points.
const char* const kDwcb = R"(
  in: flatten x y p
  acc2: flatten x y p
  t2: flatten x y p
  acc3: flatten x y p
  out: flatten x y p
  x1: flatten x y p
  w2: pack c 16
  b2: round c 16
  w3: pack c 8
  b3: round c 8
  t2: act gelu 1
)";

const char* const kDwcbLoops = R"(
  t1: split x xo xi 3
  t1: vectorize c 8
  acc1: compute_at t1 xo
  acc1: vectorize c 8
  acc1.update: reorder c x y kx ky
  acc1.update: vectorize c 8
  t2: split c co ci 16 guard_with_if
  t2: split p po pi 4 @
  t2: reorder ci pi co po
  t2: vectorize ci 8
  acc2: compute_at t2 co
  acc2: align_bounds c 16
  acc2: vectorize c 8
  acc2.update: reorder c p k
  acc2.update: vectorize c 8
  out: split c co ci 8 guard_with_if
  out: split p po pi 3 @
  out: vectorize ci
  acc3: compute_at out po
  acc3: align_bounds c 8
  acc3.update: reorder c p k
  acc3.update: vectorize c 8
)";

TEST(Apply, AChainIsTheSameFusedInBandsOrNot) {
  const char* line = "1x8x6x8 | dw 3x3 | pw 20 gelu | pw 12 add";
  EXPECT_EQ(jit_mismatch(line, std::string(kDwcb) + "t1: compute_root\nt2: compute_root\n" +
                                   with("shift_inwards", kDwcbLoops)),
            "");
  EXPECT_EQ(
      jit_mismatch(line, std::string(kDwcb) + "out: split p pb p 12\n" + with("", kDwcbLoops) + R"(
    out: reorder ci pi co po pb
    t1: compute_at out pb
    t2: compute_at out pb
  )"),
      "");
}

TEST(Apply, ATensorBetweenOpsCanBeDivided) {  // undef where a piece is forgotten
  EXPECT_EQ(jit_mismatch("1x5x5x4 | pw 8 relu | pw 8", R"(
    in: flatten x y p
    acc1: flatten x y p
    t1: flatten x y p
    t1: divide p 4 acc1
    acc1_0: compute_at t1.update0 p
    acc1_1: compute_at t1.update1 p
    t1: compute_root
    acc2: compute_at out x
  )"),
            "");
}

TEST(Apply, SumsReadTheDividedResult) {
  EXPECT_EQ(jit_mismatch("1x5x7x8 | pw 12 hardswish sums", std::string(kFlat) + R"(
    out: divide p 4 acc
    acc_0: compute_at out.update0 p
    acc_1: compute_at out.update1 p
    total: compute_root
    total.update: reorder c rx ry
    total.update: vectorize c 4
  )"),
            "");
}

TEST(Apply, ReductionsSplitIntoNewStages) {
  EXPECT_EQ(jit_mismatch("1x6x9x8 | gap", R"(
    acc.update: split rx ro ri 3
    acc.update: rfactor part ri u ry v
    part: compute_root
    part: vectorize c 8
    part.update: reorder c ro u v
    part.update: vectorize c 8
    acc: compute_root
  )"),
            "");
}

TEST(Apply, StagedAndClonedStagesKeepTheResult) {
  EXPECT_EQ(jit_mismatch("1x5x5x8 | pw 8 relu | se 4 relu sigmoid", R"(
    in: in staged acc1
    staged: compute_at acc1 y
    acc1: compute_root
    t1: clone copy sum2
    copy: compute_root
    t1: in row out
    row: compute_at out y
    acce2: compute_root
  )"),
            "");
}

TEST(Apply, OtherKernelsUnderRewrites) {
  EXPECT_EQ(jit_mismatch("1x4x6x6 | s2d 2", "out: vectorize c 8 guard_with_if\n"), "");
  EXPECT_EQ(jit_mismatch("2x3x5x7 | hardswish", R"(
    in: flatten c x i
    in: flatten i y j
    in: flatten j n k
    out: flatten c x i
    out: flatten i y j
    out: flatten j n k
    out: vectorize k 8 guard_with_if
  )"),
            "");
  EXPECT_EQ(jit_mismatch("1x5x5x8 | se 4 relu hardsigmoid", R"(
    wr: pack c 4
    gate: act hardsigmoid -1
    acce: compute_root
    gate: compute_root
  )"),
            "");
  EXPECT_EQ(jit_mismatch("1x7x9x3 | conv 3x3 8 s2 relu", R"(
    src: pad where y
    w: flatten kx ky t
    w: pack c 8
    acc: compute_at out x
    acc.update: reorder c k kx ky
    acc.update: vectorize c 8
  )"),
            "");
}

}  // namespace
}  // namespace halcyon
