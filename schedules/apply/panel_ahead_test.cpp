#include "schedules/apply/panel_ahead.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "kernels/for_tests.h"
#include "schedules/apply/jit_run.h"
#include "schedules/compile/compiled_text.h"
#include "schedules/compile/emit.h"

namespace halcyon {
namespace {

namespace hi = Halide::Internal;

// Three panels of 16 channels, 512 elements each; 4 tiles of 2 points with 32 k each use one: 4
// elements an iteration.
constexpr const char* kLine = "1x4x2x32 | pw 48";
const std::string kTiles = R"(
    w: pack c 16
    out: split c co ci 16
    out: split x xo xi 2
    out: vectorize ci
    out: unroll xi
    acc: compute_at out xo
    acc: vectorize c
    acc: unroll x
    acc.update: reorder c x k
    acc.update: vectorize c
    acc.update: unroll x
)";
const std::string kOutside = kTiles + "out: reorder ci xi xo y co\n";
const std::string kInside = kTiles + "out: reorder ci xi co xo y\nacc: compute_at out co\n";
constexpr const char* kNextPanel = "acc.update: ahead w k 4 out co";

Halide::Module compiled(const std::string& steps, const std::string& halide) {
  const Problem problem = Problem::parse(kLine);
  Algorithm a = build_algorithm(problem);
  apply_schedule(a, problem, parse_schedule(steps));
  return a.pipeline().compile_to_module(a.arguments(), "kernel",
                                        Halide::Target(halide + "-" + emit_features(false)));
}

/// Carries out the loops of a lowered kernel and notes what is prefetched and read of w, in the
/// order of the run: elements.
class Run : public hi::IRVisitor {
 public:
  struct Access {
    bool prefetch = false;
    int element = 0;
  };
  std::vector<Access> accesses;

 private:
  using IRVisitor::visit;
  int value_of(Halide::Expr e) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
      e = hi::substitute(scope->first, scope->second, e);
    return static_cast<int>(hi::as_const_int(hi::simplify(e)).value());
  }
  void visit(const hi::For* loop) override {
    const int first = value_of(loop->min), extent = value_of(loop->extent);
    for (int i = first; i < first + extent; ++i) {
      scopes_.emplace_back(loop->name, i);
      loop->body.accept(this);
      scopes_.pop_back();
    }
  }
  void visit(const hi::LetStmt* let) override {
    scopes_.emplace_back(let->name, let->value);
    let->body.accept(this);
    scopes_.pop_back();
  }
  void visit(const hi::Load* load) override {
    if (load->name == "w") accesses.push_back({false, value_of(load->index.as<hi::Ramp>()->base)});
  }
  void visit(const hi::Cast* cast) override {  // of an element, in an address
    if (prefetching_ && cast->type == Halide::UInt(64))
      accesses.push_back({true, value_of(cast->value)});
  }
  void visit(const hi::Call* call) override {
    prefetching_ = call->name == "llvm.prefetch.p0";
    IRVisitor::visit(call);
    prefetching_ = false;
  }
  std::vector<std::pair<std::string, Halide::Expr>> scopes_;
  bool prefetching_ = false;
};

std::vector<Run::Access> accesses(const std::string& steps) {
  Run run;
  compiled(steps, "x86-64-linux-avx512-avx512_skylake").functions().front().body.accept(&run);
  return run.accesses;
}

constexpr int kPanel = 512, kLine16 = 16;

TEST(PanelAhead, EveryLineOfTheNextPanelIsAskedForWhileOneIsUsedAtASteadyRate) {
  std::map<int, std::set<int>> lines;  // asked for, while a panel is read
  std::map<int, int> times;
  int panel = 0;
  for (const Run::Access& a : accesses(kOutside + kNextPanel)) {
    if (!a.prefetch) panel = a.element / kPanel;
    // An iteration asks before it reads.
    else if (const int next = a.element / kPanel; true) {
      lines[next].insert(a.element / kLine16);
      ++times[next];
    }
  }
  EXPECT_EQ(panel, 2);
  for (const int next : {1, 2, 3}) {  // 3: what lies behind the weight
    EXPECT_EQ(lines[next].size(), kPanel / kLine16) << next;
    EXPECT_EQ(times[next], 4 * 32) << next;
  }
  EXPECT_EQ(lines.size(), 3);
}

TEST(PanelAhead, APanelIsAskedForBeforeItsFirstReadAndNotEarlierThanTheOneBefore) {
  int read = -1;
  for (const Run::Access& a : accesses(kOutside + kNextPanel)) {
    if (!a.prefetch) {
      read = a.element / kPanel;
    } else {
      const int ahead = a.element / kPanel - std::max(read, 0);
      EXPECT_TRUE(ahead == 1 || ahead == 2)
          << a.element;  // 2: the first iteration, before its read
    }
  }
}

TEST(PanelAhead, WithoutALoopOverPanelsTheWholeWeightIsThePart) {
  std::set<int> asked;
  for (const Run::Access& a : accesses(kInside + "acc.update: ahead w k 4"))
    if (a.prefetch) asked.insert(a.element / kLine16);
  EXPECT_EQ(*asked.begin(), 3 * kPanel / kLine16);
  EXPECT_EQ(asked.size(), 3 * kPanel / kLine16);
}

TEST(PanelAhead, ARateOfSeveralLinesAsksForEach) {
  std::set<int> asked;
  for (const Run::Access& a : accesses(kOutside + "acc.update: ahead w k 40 out co"))
    if (a.prefetch && a.element < 2 * kPanel) asked.insert(a.element / kLine16);
  EXPECT_EQ(asked.size(), kPanel / kLine16);
}

TEST(PanelAhead, TheInstructionFetchesIntoL2) {
  const auto assembly = [](const std::string& halide) {
    return compiled_text(compiled(kOutside + kNextPanel, halide), Halide::OutputFileType::assembly);
  };
  EXPECT_NE(assembly("x86-64-linux-avx2-fma").find("prefetcht1"), std::string::npos);
  EXPECT_NE(assembly("arm-64-linux").find("pldl2keep"), std::string::npos);
}

TEST(PanelAhead, ResultsStayAsTheyWere) {
  for (const char* more : {"", "\nout: parallel co", "\nout: parallel y"})
    EXPECT_EQ(jit_mismatch(kLine, kOutside + kNextPanel + more), "") << more;
  EXPECT_EQ(jit_mismatch(kLine, kInside + "acc.update: ahead w k 4"), "");
}

TEST(PanelAhead, WhatReadsNothingIsRefused) {
  const auto said = [](const std::string& step) -> std::string {
    return refusal_of([&] { compiled(kOutside + step, "x86-64-linux"); });
  };
  EXPECT_NE(said("acc.update: ahead v k 4").find("'v' is no argument"), std::string::npos);
  EXPECT_NE(said("acc.update: ahead w q 4").find("no loop 'q'"), std::string::npos);
  EXPECT_NE(said("acc.update: ahead w k 4 out q").find("no loop 'q'"), std::string::npos);
  // c is vectorized, no loop is left of it.
  EXPECT_EQ(said("acc.update: ahead w c 4"), "step 'ahead': loop c reads no w");
}

}  // namespace
}  // namespace halcyon
