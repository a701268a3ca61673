#include "schedules/apply/directives.h"

#include <gtest/gtest.h>

#include <random>

#include "kernels/for_tests.h"
#include "schedules/apply/jit_run.h"
#include "schedules/apply/rewrite.h"
#include "schedules/recipes/recipe.h"

namespace halcyon {
namespace {

constexpr const char* kPw = "1x7x7x16 | pw 24 gelu";
constexpr const char* kDw = "1x9x9x8 | dw 3x3 relu";

std::string refusal(const std::string& line, const std::string& steps) {
  const Problem problem = Problem::parse(line);
  Algorithm a = build_algorithm(problem);
  const std::string said =
      refusal_or_none([&] { apply_schedule(a, problem, parse_schedule(steps)); });
  return said.empty() ? "accepted" : said;
}

TEST(Directives, EveryOpOfTheTableIsCarriedOut) {  // catches a row that nobody implements
  const Problem problem = Problem::parse(kPw);
  for (const StepOp& op : step_ops()) {
    const Step step{"nowhere", op.word, {"a", "1", "1"}, 0};
    if (!op.rewrites) {
      EXPECT_STREQ(directive_kind(step).op, op.word);
      continue;
    }
    Algorithm a = build_algorithm(problem);
    try {
      rewrite(a, step);
    } catch (const std::exception& e) {
      EXPECT_EQ(std::string(e.what()).find("is not a rewrite"), std::string::npos) << op.word;
    }
  }
}

TEST(Directives, RefusalsNameTheStepAndWhatThereIs) {
  const struct {
    const char *line, *steps, *message;
  } cases[] = {
      // Stages and updates.
      {kPw, "ac: unroll c",
       "line 1: 'ac: unroll c': no stage 'ac', did you mean 'acc'? Stages are acc b in out w"},
      {kPw, "dst: unroll c", "no stage 'dst'; stages are acc b in out w"},
      {kPw, "out.update: unroll c", "'out' has no updates"},
      {kPw, "acc.update1: unroll c", "'acc' has one update, .update"},
      {kPw, "out: divide y 4 acc\nout.update2: unroll c",
       "'out' has the updates .update0 to .update1"},
      {kPw, "acc: compute_at ot c", "no stage 'ot', did you mean 'out'?"},
      {kPw, "acc.update: compute_root",
       "'compute_root' is of a whole stage, not of one of its updates"},
      {kPw, "acc.update: store_in stack", "'store_in' is of a whole stage"},
      // Loops.
      {kPw, "out: unroll k", "no loop 'k'; innermost first, 'out' has c x y"},
      {kPw, "acc.update: unroll kk",
       "no loop 'kk', did you mean 'k'? Innermost first, 'acc.update0' has k c x y"},
      {kPw, "out: split c co ci 8\nout: unroll c",
       "no loop 'c', did you mean 'ci'? Innermost first, 'out' has ci co x y"},
      {kPw, "out: split c x ci 8", "'out' already has a loop 'x'"},
      {kPw, "out: rename c y", "'out' already has a loop 'y'"},
      {kPw, "out: fuse c x y", "'out' already has a loop 'y'"},
      {kPw, "acc: compute_at out k", "no loop 'k'; innermost first, 'out' has c x y"},
      {kPw, "acc: compute_at out co", "no loop 'co', did you mean 'c'?"},
      {kPw, "out: vectorize c auto", "argument 2, 'auto', is not an integer"},
      {kPw, "acc.update: prefetch w k z 2", "no loop 'z'"},
      // Axes.
      {kPw, "acc: align_bounds n 8", "no axis 'n'; innermost first, 'acc' has c x y"},
      {kPw, "acc: reorder_storage c p", "no axis 'p'"},
      // Halide's own refusals, without its noise.
      {kPw, "acc.update: parallel k",
       "marking var k as parallel or vectorized may introduce a race condition resulting in "
       "incorrect output"},
      {kPw, "acc.update: vectorize k", "race condition"},
      {kPw, "acc: vectorize c 8\nacc: vectorize c_vo 8",
       "no loop 'c_vo'; innermost first, 'acc' has c x y"},
      {kPw, "acc.update: fuse c k ck", "Can't fuse Var ck from RVar k"},
      {kDw, "acc.update: split kx ko ki 2 shift_inwards",
       "ShiftInwards is not a legal tail strategy for update definitions"},
      {kPw, "acc: fold_storage c 3", "accepted"},
      {kPw, "acc.update: rfactor part c u", "'c' is an axis, not a loop of the reduction"},
      {kPw, "acc.update: rfactor out k u", "stage 'out' exists already"},
      {kPw, "in: in w acc", "stage 'w' exists already"},
      {kPw, "in: in staged out", "'out' does not read 'in'"},
      {kPw, "acc: clone copy in", "'in' does not read 'acc'"},
      {kPw, "in: in staged nobody", "no stage 'nobody'"},
      // pack, round.
      {kPw, "in: pack c 8", "only weights, biases"},
      {kPw, "ww: pack c 8\n", "no stage 'ww', did you mean 'w'?"},
      {kPw, "acc: pack c 8", "neither an argument nor a stage of one formula"},
      {kPw, "w: pack n 8", "'w' has no axis 'n'"},
      {kPw, "acc: round c 8", "'acc' is no input"},
      // flatten.
      {kPw, "in: flatten y x p", "must be neighbours"},
      {kPw, "acc: flatten x c p", "must be neighbours"},
      {kPw, "acc: flatten x z p", "no axis 'z'"},
      {kPw, "acc: flatten x y c", "'acc' already has an axis or loop c"},
      {kPw, "acc: flatten x y k", "'acc' already has an axis or loop k"},
      {kDw, "src: flatten x y p", "'src' stands for no tensor"},
      {"1x9x9x8 | maxpool 2x2 s1 p0", "in: flatten x y p", "accepted"},
      {kPw, "out: divide y 4 acc\nout: flatten x y p", "flatten stands before divide"},
      // gate: each would be another result, or a stage of a name that is taken.
      {"1x3x5x7 | scale relu | pw 10", "t1: gate gw2", "not a tensor times"},
      {"1x3x5x8 | scale | dw 3x3", "t1: gate gw2", "not read by one sum"},
      {"1x3x5x8 | scale | pw 8 g2", "t1: gate gw2", "not read by one sum"},
      {"2x3x5x7 | se 3 relu sigmoid | pw 10", "t1: gate gw2", "times"},
      {"1x3x5x7 | scale | pw 10", "t1: gate w2", "already"},
      {"1x3x5x7 | scale", "out: gate gw2", "not read by one sum"},
      // pad.
      {kPw, "acc: pad where y", "'acc' is not padded; padded stages: none"},
      {kDw, "acc: pad where y", "'acc' is not padded; padded stages: src"},
      {kDw, "src: pad where c", "'src' is not padded along 'c'; it is along x y"},
      {"1x9x9x8 | dw 1x3", "src: pad where y", "'src' is not padded along 'y'; it is along x"},
      {kDw, "in: flatten x y p\nsrc: pad where y", "pad stands before flatten of 'in'"},
      // divide.
      {kPw, "acc: divide x 4", "only a stage with one formula and no update can be divided"},
      {kPw, "in: divide x 4", "only a stage with one formula"},
      {kPw, "out: divide z 4", "no axis 'z'"},
      {kPw, "out: divide x 4 in", "'in' is not computed for 'out'"},
      {kPw, "out: divide x 4 nobody", "no stage 'nobody'"},
      {kPw, "out: divide x 4 acc\nout: divide y 4", "only a stage with one formula"},
      {kDw, "out: divide x 4 src", "'src' is read through a stage that is not copied"},
      {kDw, "src: divide x 4", "'src' stands for no tensor"},
      // act.
      {kPw, "out: act silu 1", "'out' has no silu without a form; it has gelu"},
      {kPw, "acc: act gelu 1", "'acc' has no gelu without a form; it has no other activation"},
      {kPw, "out: act gelu 1\nout: act gelu 2",
       "line 2: 'out: act gelu 2': 'out' has no gelu without"},
  };
  for (const auto& c : cases) {
    const std::string message = refusal(c.line, c.steps);
    EXPECT_NE(message.find(c.message), std::string::npos) << c.steps << "\n" << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_EQ(message.find('$'), std::string::npos) << message;
    EXPECT_EQ(message.find("allow_race_conditions"), std::string::npos) << message;
  }
}

/// An algorithm of one sum over y of `term(src at y + k - 1)`, src zero outside.
Algorithm stencil(
    const std::function<Halide::Expr(Halide::Expr, Halide::Expr, Halide::Func)>& update) {
  using namespace Halide;
  Algorithm a;
  const Var c("c"), x("x"), y("y");
  const RDom k = reduction({{"k", 3}});
  Func in = a.input({"in", Role::input, 0, {"c", "x", "y"}, {8, 1, 9}});
  Func src = a.pad("src", in, {{"y", 9}}, 0.f), acc("acc"), out("out");
  acc(c, x, y) = 0.f;
  acc(c, x, y) = update(acc(c, x, y), src(c, x, y + k[0] - 1), src);
  out(c, x, y) = acc(c, x, y);
  a.outputs = {out};
  return a;
}

TEST(PadWhere, IsRefusedWhereLeavingTermsOutWouldBeWrong) {
  using Halide::Expr;
  using Halide::Func;
  const Step where{"src", "pad", {"where", "y"}, 0};
  const auto refuses = [&](Algorithm a) {
    try {
      rewrite(a, where);
      return false;
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("where the padding's value matters"), std::string::npos);
      return true;
    }
  };
  const Halide::Var c("c"), x("x"), y("y");
  EXPECT_FALSE(refuses(stencil([](Expr acc, Expr tap, Func) { return acc + tap * 2.f; })));
  EXPECT_FALSE(refuses(stencil([](Expr acc, Expr tap, Func) { return acc + 2.f * tap; })));
  EXPECT_FALSE(refuses(stencil([](Expr acc, Expr tap, Func) { return acc + tap; })));
  EXPECT_TRUE(refuses(stencil([](Expr acc, Expr tap, Func) { return max(acc, tap); })));
  EXPECT_TRUE(refuses(stencil([](Expr acc, Expr tap, Func) { return acc + (tap + 1.f); })));
  EXPECT_TRUE(refuses(stencil([](Expr acc, Expr tap, Func) { return acc + (tap + 1.f) * 2.f; })));
  EXPECT_TRUE(refuses(stencil([](Expr acc, Expr tap, Func) { return acc - tap; })));
  EXPECT_TRUE(refuses(stencil([](Expr acc, Expr tap, Func) { return acc * tap; })));
  EXPECT_TRUE(
      refuses(stencil([&](Expr acc, Expr tap, Func src) { return acc + tap * src(c, x, y + 1); })));
}

TEST(Flatten, IsRefusedWhereARowCouldRunIntoTheNext) {
  for (int reach : {1, 2}) {
    using namespace Halide;
    Algorithm a;
    const Var c("c"), x("x"), y("y");
    Func in = a.input({"in", Role::input, 0, {"c", "x", "y"}, {8, 9, 9}}), out("out");
    out(c, x, y) = in(c, x, y) + in(c, x + reach, y);
    a.outputs = {out};
    a.extents = {{"in", {8, 9, 9}}, {"out", {8, 8, 9}}};
    const Step flatten{"in", "flatten", {"x", "y", "p"}, 0};
    if (reach == 1)
      EXPECT_NO_THROW(rewrite(a, flatten));
    else
      EXPECT_THROW(rewrite(a, flatten), halcyon::Error);
  }
}

TEST(Directives, TheLessCommonOnesKeepTheResult) {
  EXPECT_EQ(jit_mismatch("1x8x8x16 | dw 3x3 | pw 16 relu", R"(
    out: fuse x y p
    out: rename p q
    out: split q qo qi 16
    out: parallel qi
    out: serial qi
    out: never_partition qo
    out: vectorize c 8
    t1: compute_at out qo
    t1: store_root
    t1: hoist_storage_root
    t1: store_in heap
    t1: reorder_storage c y x
    t1: align_storage c 8
    acc2: compute_at out qi
    acc2: bound_extent x 1
    acc2: bound_storage c 16
    acc2.update: reorder c k
    acc2.update: vectorize c 8
    w2: in staged acc2
    staged: compute_at out qi
    staged: hoist_storage out qo
    staged: store_at out qi
  )"),
            "");
  EXPECT_EQ(jit_mismatch("1x9x8x8 | pw 16 | dw 3x3 sums", R"(
    acc1: compute_root
    acc1.update: atomic
    acc1.update: vectorize k 8
    t1: store_root
    t1: compute_at out y
    t1: fold_storage y 4
    out: always_partition x
    out: parallel c 4 guard_with_if
  )"),
            "");
  EXPECT_EQ(jit_mismatch("1x5x5x8 | pw 8 relu | se 4 relu sigmoid", R"(
    t1: clone copy sum2
    t1: compute_root
    copy: compute_root
    copy: compute_with t1 y
    acc1: compute_root
    acce2: compute_root
    accr2.update: prefetch wr2 k k 1
  )"),
            "");
}

/// Schedules of the recipes, damaged: steps dropped, repeated, swapped, arguments exchanged.
TEST(Apply, DamagedSchedulesAreAppliedOrRefusedNeverWorse) {
  std::mt19937 random(5);
  const Target target = find_target("x86-avx2", HALCYON_SOURCE_DIR "/schedules/targets");
  int refused = 0;
  for (const char* line : {"1x7x7x16 | pw 20 gelu", "1x9x9x8 | dw 3x3 sums",
                           "1x8x8x8 | dw 3x3 | pw 16 gelu | pw 8 skip"}) {
    const Problem problem = Problem::parse(line);
    const Recipe& recipe = recipe_for(problem);
    const Schedule good = recipe.expand(problem, target, recipe.start(problem, target));
    for (int i = 0; i < 80; ++i) {
      Schedule bad = good;
      for (int damage = 0; damage < 3; ++damage) {
        const std::size_t at = random() % bad.size(), other = random() % bad.size();
        switch (random() % 5) {
          case 0:
            bad.erase(bad.begin() + at);
            break;
          case 1:
            bad.insert(bad.begin() + at, bad[other]);
            break;
          case 2:
            std::swap(bad[at], bad[other]);
            break;
          case 3:
            bad[at].stage = bad[other].stage;
            break;
          default:
            if (!bad[at].args.empty() && !bad[other].args.empty())
              bad[at].args[random() % bad[at].args.size()] = bad[other].args[0];
        }
      }
      Algorithm a = build_algorithm(problem);
      try {
        apply_schedule(a, problem, bad);
      } catch (const Error& e) {
        ++refused;
        EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
      } catch (const Halide::Error& e) {
        ADD_FAILURE() << "seed 5: " << line << "\n" << to_text(bad) << e.what();
      }
    }
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace halcyon
