#include "kernels/algorithms/algorithm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "kernels/algorithms/kernel.h"
#include "kernels/error.h"
#include "kernels/oracle/compare.h"
#include "kernels/oracle/fill.h"
#include "kernels/oracle/halide_type.h"
#include "kernels/oracle/reference.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

using Strings = std::vector<std::string>;

/// Activations as libm has them, for the placeholders that no schedule has replaced here.
std::map<std::string, Halide::JITExtern> libm_activations() {
  const std::pair<const char*, float (*)(float)> functions[] = {
      {"relu", [](float x) { return std::max(x, 0.f); }},
      {"relu6", [](float x) { return std::clamp(x, 0.f, 6.f); }},
      {"hardswish", [](float x) { return x * std::clamp(x + 3, 0.f, 6.f) / 6; }},
      {"hardsigmoid", [](float x) { return std::clamp(x + 3, 0.f, 6.f) / 6; }},
      {"silu", [](float x) { return x / (1 + std::exp(-x)); }},
      {"sigmoid", [](float x) { return 1 / (1 + std::exp(-x)); }},
      {"gelu", [](float x) { return 0.5f * x * std::erfc(x * -std::sqrt(0.5f)); }}};
  std::map<std::string, Halide::JITExtern> externs;
  for (const auto& [name, function] : functions)
    externs.emplace("halcyon_" + std::string(name), Halide::JITExtern(function));
  return externs;
}

/// Halide's name without its suffixes: "acc$3" -> "acc", "in_im$1" -> "in".
std::string plain(const std::string& func) {
  const std::string name = func.substr(0, func.find('$'));
  return name.ends_with("_im") ? name.substr(0, name.size() - 3) : name;
}

std::map<std::string, Halide::Func> stages_of(const Algorithm& a) {
  std::map<std::string, Halide::Func> stages;
  for (const Halide::Func& out : a.outputs) {
    stages.emplace(plain(out.name()), out);
    for (const auto& [name, f] : Halide::Internal::find_transitive_calls(out.function()))
      stages.emplace(plain(name), Halide::Func(f));
  }
  return stages;
}

/// The outputs of a problem's algorithm, every stage computed on its own, with Halide's checks on.
Tensors run(const Problem& problem, Tensors& arguments) {
  Algorithm a = build_algorithm(problem);
  for (auto& [name, stage] : stages_of(a))
    if (!arguments.count(name)) stage.compute_root();
  Tensors results;
  std::vector<Halide::Buffer<>> buffers;
  auto input = a.inputs.begin();
  for (const TensorSpec& t : problem.tensors()) {
    const bool output = t.role == Role::output;
    Tensor& data = output ? results[t.name] : arguments.at(t.name);
    if (output) data = std::vector<float>(t.elements(), NAN);
    const Halide::Buffer<> buffer(halide_type(t.dtype), data.bytes().data(), t.extents);
    if (output)
      buffers.push_back(buffer);
    else
      (input++)->set(buffer);
  }
  Halide::Pipeline pipeline = a.pipeline();
  pipeline.set_jit_externs(libm_activations());
  pipeline.realize(Halide::Realization(buffers), Halide::Target("host"));
  return results;
}

/// Empty when the algorithm of `line` gives what the plain loops give; else what is wrong.
std::string mismatch(const std::string& line) try {
  const Problem problem = Problem::parse(line);
  Tensors arguments;
  for (const TensorSpec& t : problem.tensors())
    if (t.role != Role::output) arguments[t.name] = fill(t, problem, Fill::random, 7);
  const Tensors found = run(problem, arguments), expected = reference(problem, arguments);
  const Tolerance tolerance = tolerance_for(problem, 1e-6);
  for (const TensorSpec& t : problem.tensors()) {
    if (t.role != Role::output) continue;
    const Comparison c = compare(found.at(t.name), expected.at(t.name), tolerance);
    if (!c.equal)
      return t.name + " at " + place_of(t, c.first_bad) + ": " + std::to_string(c.found) +
             " instead of " + std::to_string(c.expected);
  }
  return "";
} catch (const Halide::Error& e) {
  return e.what();
} catch (const Error& e) {
  return e.what();
}

// Extents differ in every axis, strides and pads on every side, so that no two can be mistaken for
// each other; some maps have one pixel and some channel counts are odd.
const Strings kLines = {
    "1x5x7x6 | conv 3x3 8",
    "1x5x7x6 | conv 3x3 8 s2x1 p0,1,2,0",
    "2x5x7x6 | conv 3x2 4 s1x2 g2",
    "1x9x8x4 | conv 3x3 6 d2 p2,1,3,0 g2 relu",
    "1x1x1x3 | conv 3x3 5",
    "1x6x8x5 | conv 2x2 7 s2",
    "1x4x5x3 | conv 1x1 4 s2",
    "1x6x7x3 | conv 5x1 4 s3 p0",
    "1x6x7x9 | dw 3x3",
    "1x6x7x9 | dw 3x3 s2 p0,1,0,1",
    "2x6x7x3 | dw 1x5 s1x2 gelu",
    "1x6x7x3 | dw 5x1",
    "1x9x7x2 | dw 3x3 d3",
    "1x1x1x1 | dw 3x3",
    "1x3x4x5 | dw 5x5 p4,3,2,4",
    "1x4x4x3 | dw 3x3 s2",
    "1x5x6x7 | dw 2x3 p0",
    "2x3x4x6 | dw 3x3 s2 p9,7,0,6 d2",
    "1x4x3x5 | conv 1x1 4 p2 silu",
    "1x2x3x4 | conv 2x3 5 s3 p4,0,7,5",
    "1x3x4x6 | pw 5",
    "1x3x4x6 | pw 9 g3 silu",
    "2x3x4x6 | pw 4 g2 relu6",
    "1x1x1x1 | pw 1",
    "1x1x1x13 | linear 7",
    "3x1x1x5 | linear 9 hardswish",
    "1x7x6x3 | maxpool 3x3 s2",
    "1x7x6x3 | maxpool 2x3 s1x2 p1,0,0,2 d2",
    "2x4x6x3 | maxpool 2x2 s2",
    "1x3x5x7 | gap",
    "2x4x3x5 | gap sigmoid",
    "1x4x6x3 | s2d 2",
    "2x6x9x2 | s2d 3 relu",
    "1x3x5x2 | upsample2x",
    "2x1x2x3 | upsample2x",
    "1x1x1x1 | upsample2x",
    "1x3x5x7 | tokensum",
    "2x4x3x5 | tokensum relu scale",
    "1x3x5x6 | se 4 relu sigmoid",
    "2x5x4x6 | se 3 silu hardsigmoid gelu",
    "1x3x4x5 | hardswish",
    "2x3x4x5 | skip",
    "1x3x4x5 | scale add relu",
    "1x3x4x6 | pw 6 scale gelu add skip",
    "2x3x4x6 | pw 5 add hardsigmoid scale",
    "1x5x7x6 | dw 3x3 relu sums",
    "2x5x4x3 | conv 3x3 4 s2 add sums",
    "1x3x4x5 | relu sums",
    "1x6x5x4 | dw 1x5 | pw 12 gelu | pw 4 skip",
    "1x7x6x3 | pw 8 hardswish | dw 3x3 s2 hardswish sums",
    "1x5x5x6 | pw 12 hardswish | dw 5x5 hardswish | se 4 relu hardsigmoid | pw 6 skip",
    "1x8x6x3 | s2d 2 | pw 5 | conv 3x3 4 s2 relu | gap | linear 3",
    "2x4x3x4 | pw 6 relu sums | upsample2x add | maxpool 3x3 sums",
    "1x4x4x6 | tokensum | pw 3 | gelu"};

class Line : public testing::TestWithParam<std::string> {};
TEST_P(Line, GivesWhatThePlainLoopsGive) { EXPECT_EQ(mismatch(GetParam()), "") << GetParam(); }
INSTANTIATE_TEST_SUITE_P(Of, Line, testing::ValuesIn(kLines));

/// A chain of one to three ops with small odd extents, possible or not.
std::string random_line(std::mt19937& random) {
  const auto one_of = [&](int low, int high) {
    return static_cast<int>(low + random() % (high - low + 1));
  };
  const auto number = [&](int low, int high) { return std::to_string(one_of(low, high)); };
  const auto pair = [&](int high) { return number(1, high) + "x" + number(1, high); };
  const auto maybe = [&](const std::string& text) { return one_of(0, 2) ? "" : " " + text; };
  const Strings acts = {"relu", "relu6", "hardswish", "hardsigmoid", "silu", "sigmoid", "gelu"};
  const auto window = [&](int groups) {
    return maybe("s" + pair(3)) +
           maybe("p" + number(0, 2) + "," + number(0, 3) + "," + number(0, 2) + "," +
                 number(0, 3)) +
           maybe("d2") + (groups ? maybe("g" + std::to_string(groups)) : "");
  };
  std::string line = number(1, 2) + "x" + pair(7) + "x" + std::to_string(2 * one_of(1, 5));
  for (int ops = one_of(1, 3); ops > 0; --ops) {
    const Strings words = {"conv " + pair(3) + " " + std::to_string(2 * one_of(1, 4)) + window(2),
                           "dw " + pair(5) + window(0),
                           "pw " + std::to_string(2 * one_of(1, 6)) + maybe("g2"),
                           "maxpool " + pair(3) + window(0),
                           "se " + number(1, 4) + " relu hardsigmoid",
                           "upsample2x",
                           "s2d 2"};
    line += " | " + words[random() % words.size()] + maybe(acts[random() % acts.size()]) +
            maybe("scale") + maybe("add") + maybe("skip") + maybe("sums");
  }
  return line;
}

TEST(Algorithm, OfRandomChainsGivesWhatThePlainLoopsGive) {
  std::mt19937 random(20);  // the line is the repro
  for (int tried = 0; tried < 20;) {
    const std::string line = random_line(random);
    try {
      Problem::parse(line);
    } catch (const Error&) {
      continue;  // an impossible one
    }
    ++tried;
    EXPECT_EQ(mismatch(line), "") << line;
  }
}

/// "stage(loops) stage.update(loops)": what a step can name, stages sorted, loops innermost first.
std::string names_of(const std::string& line) {
  std::string text;
  for (const auto& [name, stage] : stages_of(build_algorithm(Problem::parse(line)))) {
    const auto loops = [&](const Halide::Internal::Definition& d) {
      std::string list;
      for (const auto& dim : d.schedule().dims())
        if (dim.var.find("outermost") == dim.var.npos)
          list += (list.empty() ? "" : " ") + dim.var.substr(0, dim.var.find('$'));
      return "(" + list + ") ";
    };
    text += name + loops(stage.function().definition());
    for (const auto& update : stage.function().updates()) text += name + ".update" + loops(update);
  }
  return text;
}

// Li2018 takes two loops of one name for the same loop, with the extent of either.
TEST(Algorithm, NoTwoReductionsShareALoop) {
  std::set<std::string> seen;
  for (const auto& [name, stage] :
       stages_of(build_algorithm(Problem::parse("1x5x7x6 | pw 8 | se 2 relu sigmoid | pw 4"))))
    for (const auto& update : stage.function().updates())
      for (const auto& loop : update.schedule().rvars())
        EXPECT_TRUE(seen.insert(loop.var).second) << name << ": " << loop.var;
  EXPECT_EQ(seen.size(), 6u);
}

TEST(Algorithm, NamesStagesAndLoopsAsStepsWriteThem) {
  EXPECT_EQ(names_of("1x5x7x6 | conv 3x3 8"),
            "acc(c x y) acc.update(k kx ky c x y) b(c) in(c x y) out(c x y) src(c x y) "
            "w(c k kx ky) ");
  EXPECT_EQ(names_of("2x5x7x6 | pw 4 sums"),
            "acc(c x y n) acc.update(k c x y n) b(c) in(c x y n) out(c x y n) "
            "sums(c x y n) total(c x y n) total.update(rx ry c x y n) w(c k) ");
  EXPECT_EQ(names_of("1x5x7x6 | dw 3x3 | se 2 relu sigmoid"),
            "acc1(c x y) acc1.update(kx ky c x y) acce2(c) acce2.update(k c) accr2(c) "
            "accr2.update(k c) b1(c) be2(c) br2(c) gate2(c) in(c x y) mean2(c) out(c x y) red2(c) "
            "src1(c x y) sum2(c) sum2.update(rx ry c) t1(c x y) w1(c kx ky) we2(c k) wr2(c k) ");
  EXPECT_EQ(names_of("1x5x7x6 | tokensum"),
            "acc(c x y) acc.update(rx ry c x y) in(c x y) out(c x y) x1(c x y) ");
}

TEST(Algorithm, PadsOnlyTheAxesThatAWindowLeaves) {
  const auto padded = [](const char* line) {
    std::string axes;
    for (const auto& [stage, padding] : build_algorithm(Problem::parse(line)).paddings)
      for (const auto& [axis, extent] : padding.extent) axes += axis + std::to_string(extent) + " ";
    return axes;
  };
  EXPECT_EQ(padded("1x5x7x6 | dw 3x3"), "x7 y5 ");
  EXPECT_EQ(padded("1x5x7x6 | dw 1x5"), "x7 ");
  EXPECT_EQ(padded("1x5x7x6 | dw 5x1"), "y5 ");
  EXPECT_EQ(padded("1x5x7x6 | dw 3x3 p0"), "");
  EXPECT_EQ(padded("1x4x4x6 | dw 3x3 s2 p0,1,0,1"), "x4 y4 ");
  EXPECT_EQ(padded("1x5x5x6 | dw 3x3 s2 p0,1,0,1"), "");  // the padding is there, but never read
  const auto pool = build_algorithm(Problem::parse("1x5x7x6 | maxpool 3x3"));
  EXPECT_TRUE(Halide::Internal::equal(pool.paddings.at("src").value, Halide::Expr(-INFINITY)));
}

TEST(Algorithm, KnowsTheExtentsOfArgumentsAndTensors) {
  const auto extents = build_algorithm(Problem::parse("2x5x7x6 | pw 8 | dw 3x3 s2 sums")).extents;
  const std::vector<int> wide = {8, 7, 5, 2}, narrow = {8, 4, 3, 2};
  EXPECT_EQ(extents.at("in"), (std::vector<int>{6, 7, 5, 2}));
  EXPECT_EQ(extents.at("acc1"), wide);
  EXPECT_EQ(extents.at("t1"), wide);
  EXPECT_EQ(extents.at("acc2"), narrow);
  EXPECT_EQ(extents.at("out"), narrow);
  EXPECT_EQ(extents.at("w2"), (std::vector<int>{8, 3, 3}));
  EXPECT_EQ(extents.at("sums2"), (std::vector<int>{8, 1, 1, 2}));
}

TEST(Algorithm, HasItsArgumentsInTheOrderOfTheProblem) {
  const Problem p = Problem::parse("1x5x7x6 | pw 8 scale sums | dw 3x3 add sums");
  const Algorithm a = build_algorithm(p);
  Strings expected, found;
  for (const TensorSpec& t : p.tensors()) expected.push_back(t.name);
  for (const auto& input : a.inputs) found.push_back(input.name());
  for (const auto& output : a.outputs) found.push_back(plain(output.name()));
  EXPECT_EQ(found, expected);
}

TEST(Kernels, HaveOneForEveryOpWord) {
  for (const OpKind* kind : op_kinds()) EXPECT_STREQ(kernel_of(kind->word).word, kind->word);
  EXPECT_THROW(kernel_of("pww"), std::logic_error);
}

}  // namespace
}  // namespace halcyon
