#include "schedules/autoschedulers/import.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

const PipelineNames kPointwise = {{"in", "w", "b", "acc", "out"},
                                  {{"acc", {"n", "x", "y"}}, {"out", {"n", "x", "y"}}},
                                  {{"acc", {"n", "x", "y", "__outermost"}},
                                   {"acc.update", {"k", "n", "x", "y", "__outermost"}},
                                   {"out", {"n", "x", "y", "__outermost"}}},
                                  {{"acc", {}}, {"acc.update", {"k"}}, {"out", {}}}};

std::string imported(const std::string& source) {
  return to_text(import_schedule(source, kPointwise));
}
std::string refusal(const std::string& source) {
  try {
    return "taken: " + imported(source);
  } catch (const Error& e) {
    return e.what();
  }
}

TEST(Import, FuncsAreFoundByIndexAndLoopsByTheirPlaceInTheNest) {
  EXPECT_EQ(imported(R"(
Func acc = pipeline.get_func(3);
Func out = pipeline.get_func(4);
Var c(out.get_schedule().dims()[0].var);
Var co("co");
Var ci("ci");
RVar r(acc.update(0).get_schedule().dims()[0].var);
out.split(c, co, ci, 8, TailStrategy::ShiftInwards).vectorize(ci);
acc.update(0).reorder({r, c}).unroll(r);
acc.store_in(MemoryType::Stack).compute_at(out, co);
)"),
            "out: split n co ci 8 shift_inwards\n"
            "out: vectorize ci\n"
            "acc.update: reorder k n\n"
            "acc.update: unroll k\n"
            "acc: store_in stack\n"
            "acc: compute_at out co\n");
}

// An index into dims() counts all loops, one into rvars() only those of the reduction.
TEST(Import, RvarsAreCountedWithoutTheAxes) {
  EXPECT_EQ(imported("Func a = pipeline.get_func(3); RVar r(a.update(0).get_schedule().rvars()[0]"
                     ".var); Var x(a.update(0).get_schedule().dims()[1].var);"
                     "a.update(0).reorder(x, r);"),
            "acc.update: reorder n k\n");
}

TEST(Import, MadeUpNamesAreReplacedByTheirParentsEverywhereAndStayApart) {
  EXPECT_EQ(imported(R"(
Func out = pipeline.get_func(4);
Var n("n"); Var v2("v2"); Var v3("v3"); Var v4("v4"); Var v5("v5");
out.split(n, v2, v3, 8);
out.split(v2, v4, v5, 2);
out.vectorize(v3);
out.unroll(v5);
)"),
            "out: split n no ni 8\n"
            "out: split no noo noi 2\n"
            "out: vectorize ni\n"
            "out: unroll noi\n");
}

// As Li2018 prints it: tails without their type, a stage made on the way, no ';' after that.
TEST(Import, AReductionThatLi2018FactorsKeepsBothItsStages) {
  const PipelineNames names = {{"sum"}, {{"sum", {}}}, {}, {}};
  EXPECT_EQ(to_text(import_schedule(R"(
sum.update(0)
    .split(rx,r22,r23,8,GuardWithIf)
;
sum_intm = sum.update(0)
    .rfactor({{r22,v13}})
    .compute_root()
    .split(v13,v44,v45,8,ShiftInwards)
    .vectorize(v45)
;
sum_intm.update()
    .split(v13,v47,v48,8,GuardWithIf)
    .reorder(r23,v48,v47)
    .vectorize(v48)
sum.update(0)
    .split(r22,r75,r76,8,GuardWithIf)
    .reorder(r75,r76)
    .atomic()
    .vectorize(r76)
;
)",
                                    names)),
            "sum.update: split rx rxo rxi 8 guard_with_if\n"
            "sum.update: rfactor sum_intm rxo rxou\n"
            "sum_intm: compute_root\n"
            "sum_intm: split rxou rxouo rxoui 8 shift_inwards\n"
            "sum_intm: vectorize rxoui\n"
            "sum_intm.update: split rxou rxouo rxoui 8 guard_with_if\n"
            "sum_intm.update: reorder rxi rxoui rxouo\n"
            "sum_intm.update: vectorize rxoui\n"
            "sum.update: split rxo rxoo rxoi 8 guard_with_if\n"
            "sum.update: reorder rxoo rxoi\n"
            "sum.update: atomic\n"
            "sum.update: vectorize rxoi\n");
}

TEST(Import, AStatementAfterAnRfactorNeedsNoSemicolon) {
  EXPECT_EQ(imported("Func acc = pipeline.get_func(3); RVar k(\"k\"); Var v7(\"v7\");"
                     "Func acc_intm = acc.update(0).rfactor({{k, v7}})\nacc_intm.compute_root();"),
            "acc.update: rfactor acc_intm k ku\nacc_intm: compute_root\n");
}

// Halide numbers a name that it has met before: in front of what it appends to it, too.
TEST(Import, NumbersOfHalidesAreNoPartOfAName) {
  EXPECT_EQ(imported("acc$1.update(0).split(k$2,r22,r23,8,GuardWithIf);"
                     "acc$1_intm = acc$1.update(0).rfactor({{r22,v13}}).compute_root();"
                     "acc$1.update(0).unroll(r22);"),
            "acc.update: split k ko ki 8 guard_with_if\n"
            "acc.update: rfactor acc_intm ko kou\n"
            "acc_intm: compute_root\n"
            "acc.update: unroll ko\n");
  EXPECT_EQ(imported("Func a = pipeline.get_func(3);"
                     "RVar r(a.update(0).get_schedule().dims()[0].var); RVar ri(\"k$1i\");"
                     "a.update(0).split(r, r, ri, 4, TailStrategy::GuardWithIf);"),
            "acc.update: split k k ki 4 guard_with_if\n");
}

TEST(Import, AnUpdateOfWhichNothingIsSaidMakesNoStep) {
  EXPECT_EQ(imported("acc$1.update(0);\nacc$1.update(0).reorder(k, n);"),
            "acc.update: reorder k n\n");
  EXPECT_EQ(imported("Func a = pipeline.get_func(3); a.compute_root(); a.update(0).unscheduled();"),
            "acc: compute_root\n");
}

TEST(Import, WhatItDoesNotKnowIsRefusedWithItsText) {
  EXPECT_NE(refusal("Func out = pipeline.get_func(9);").find("there is no number 9"),
            std::string::npos);
  EXPECT_NE(refusal("out.gpu_tile(x, y);").find("no op 'gpu_tile'"), std::string::npos);
  EXPECT_NE(refusal("if (x) out").find("'if(x)out': it is not known"), std::string::npos);
  EXPECT_NE(refusal("out.split(x)").find("split"), std::string::npos);
  EXPECT_NE(refusal("out.split(x, xo").find("it is cut short"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
