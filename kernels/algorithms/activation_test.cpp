#include "kernels/algorithms/activation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "kernels/problem/activation_form.h"

namespace halcyon {
namespace {

using Points = std::vector<float>;
using Halide::Target;

constexpr const char* kAvx2 = "x86-64-linux-avx-avx2-f16c-fma-sse41";

/// All forms of one input, each an output of its own, vectorized.
Halide::Pipeline all_forms(const Halide::ImageParam& in) {
  Halide::Var x("x");
  std::vector<Halide::Func> outputs;
  for (const ActivationForm& form : activation_forms()) {
    Halide::Func f(std::string(to_text(form.function)));
    f(x) = activation_form(form.function, form.level, in(x));
    f.vectorize(x, 8, Halide::TailStrategy::ShiftInwards);
    outputs.push_back(f);
  }
  return Halide::Pipeline(outputs);
}

/// The values of every form, in the order of activation_forms().
std::vector<Points> evaluate(Points points, const std::string& target) {
  const int count = static_cast<int>(points.size());
  Halide::ImageParam in(Halide::Float(32), 1, "in");
  in.set(Halide::Buffer<float>(points.data(), count));
  std::vector<Points> values(activation_forms().size(), Points(points.size()));
  std::vector<Halide::Buffer<>> buffers;
  for (Points& v : values) buffers.push_back(Halide::Buffer<float>(v.data(), count));
  all_forms(in).realize(Halide::Realization(buffers), Target(target));
  return values;
}

double exact(Act function, double x) {
  const double hard = std::min(std::max(x + 3, 0.0), 6.0) / 6;
  switch (function) {
    case Act::relu:
      return std::max(x, 0.0);
    case Act::relu6:
      return std::min(std::max(x, 0.0), 6.0);
    case Act::hardswish:
      return x * hard;
    case Act::hardsigmoid:
      return hard;
    case Act::silu:
      return x / (1 + std::exp(-x));
    case Act::sigmoid:
      return 1 / (1 + std::exp(-x));
    case Act::gelu:
      return 0.5 * x * std::erfc(-x * std::sqrt(0.5));
  }
  return NAN;
}

std::string name_of(const ActivationForm& form) {
  return std::string(to_text(form.function)) + " level " + std::to_string(form.level);
}

/// Whether `found` is the stated number, which has three digits or is "NaN" or "inf".
bool is_stated(double found, double stated) {
  if (std::isnan(stated)) return std::isnan(found);
  if (std::isinf(stated)) return found == stated;
  return std::abs(found - stated) <= 0.01 * std::abs(stated);
}

class Forms : public testing::TestWithParam<std::string> {
  void SetUp() override {
    if (GetParam() == kAvx2 && !Halide::get_host_target().has_feature(Target::AVX2))
      GTEST_SKIP() << "needs AVX2";
  }
};

TEST_P(Forms, HaveTheStatedErrorAndNoneIsLoose) {
  Points points;
  for (int i = 0; i <= 400000; ++i) points.push_back(static_cast<float>(-10 + i * 5e-5));
  const std::vector<Points> values = evaluate(points, GetParam());
  std::map<Act, std::vector<double>> expected;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ActivationForm& form = activation_forms()[i];
    std::vector<double>& right = expected[form.function];
    if (right.empty())
      for (float x : points) right.push_back(exact(form.function, x));
    double error = 0;
    for (std::size_t j = 0; j < points.size(); ++j) {
      const double here = std::abs(values[i][j] - right[j]);
      if (!(here <= error)) error = here;
    }
    EXPECT_TRUE(error <= form.max_error) << name_of(form) << ": " << error;
    EXPECT_TRUE(form.max_error <= 1.5 * error) << name_of(form) << ": only " << error;
  }
}

/// The largest mean error over the normal inputs that fit_activations.py fits for.
double mean_error(const Points& points, const Points& found, const std::vector<double>& right) {
  double largest = 0;
  for (const double mean : {-1.0, -0.5, 0.0, 0.5, 1.0})
    for (const double deviation : {0.5, 1.0, 2.0}) {
      double weights = 0, sum = 0;
      for (std::size_t i = 0; i < points.size(); ++i) {
        const double z = (points[i] - mean) / deviation, weight = std::exp(-z * z / 2);
        weights += weight;
        sum += weight * (found[i] - right[i]);
      }
      largest = std::max(largest, std::abs(sum / weights));
    }
  return largest;
}

TEST_P(Forms, HaveTheStatedMeanErrorWhichSumsAddUp) {
  Points points;  // few, but no multiple of a power of two: roundings are those of any input
  for (int i = 0; i <= 40000; ++i) points.push_back(static_cast<float>(-10 + i * 5e-4));
  const std::vector<Points> values = evaluate(points, GetParam());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ActivationForm& form = activation_forms()[i];
    std::vector<double> right;
    for (const float x : points) right.push_back(exact(form.function, x));
    const double error = mean_error(points, values[i], right);
    EXPECT_TRUE(error <= form.mean_error) << name_of(form) << ": " << error;
    constexpr double kRounding = 1e-9;  // of the mean of so many
    EXPECT_TRUE(form.mean_error <= 1.5 * error + kRounding) << name_of(form) << ": only " << error;
  }
}

TEST_P(Forms, StayRightFarOutside) {  // a range reduction that overflows, a limit that is missing
  Points points;
  for (float x = 10; x < 3e38f; x *= 1.25f) points.insert(points.end(), {x, -x});
  const std::vector<Points> values = evaluate(points, GetParam());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ActivationForm& form = activation_forms()[i];
    for (std::size_t j = 0; j < points.size(); ++j) {
      const double right = exact(form.function, points[j]);
      EXPECT_TRUE(std::abs(values[i][j] - right) <=
                  2 * form.max_error + 2.4e-7 * std::abs(right))  // two ulp
          << name_of(form) << " at " << points[j] << ": " << values[i][j];
    }
  }
}

TEST_P(Forms, TreatNanAndInfinityAsStated) {
  const Points points = {NAN, -NAN, -INFINITY, INFINITY, 0, 0, 0, 0, 0, 0};  // more than a vector
  const std::vector<Points> values = evaluate(points, GetParam());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ActivationForm& form = activation_forms()[i];
    double low = 0, high = 0;
    ASSERT_EQ(std::sscanf(form.infinity, "%lf, %lf", &low, &high), 2) << form.infinity;
    const std::string context = name_of(form) + ": " + form.infinity;
    EXPECT_TRUE(is_stated(values[i][0], std::strtod(form.nan, nullptr))) << context;
    EXPECT_TRUE(is_stated(values[i][1], std::strtod(form.nan, nullptr))) << context;
    EXPECT_TRUE(is_stated(values[i][2], low)) << context << ", found " << values[i][2];
    EXPECT_TRUE(is_stated(values[i][3], high)) << context << ", found " << values[i][3];
  }
}

INSTANTIATE_TEST_SUITE_P(On, Forms, testing::Values("host", kAvx2), [](const auto& of) {
  return of.param == kAvx2 ? std::string("avx2") : of.param;
});

TEST(Form, IsFreeOfCallsInAVectorLoop) {  // a libm function there is scalar: 569 cycles a vector
  for (const std::string target : {kAvx2, "arm-64-linux-armv82a"}) {
    const std::string file = testing::TempDir() + "activation_test.s";
    const Halide::ImageParam in(Halide::Float(32), 1, "in");
    all_forms(in).compile_to_assembly(file, {in}, "forms",
                                      Target(target + "-no_runtime-no_asserts-no_bounds_query"));
    std::ifstream assembly(file);
    int lines = 0;
    for (std::string line; std::getline(assembly, line); ++lines)
      if (line.starts_with("\tcall") || line.starts_with("\tbl\t")) {
        EXPECT_NE(line.find("forms"), line.npos) << target << ": " << line;  // forms_argv's call
      }
    EXPECT_GT(lines, 500) << target;
  }
}

/// The instructions of the hot loop, which is the last thing before a jump back to a label.
std::vector<std::string> loop_of(std::istream& assembly) {
  std::vector<std::string> block, longest;
  std::string label;
  for (std::string line; std::getline(assembly, line);) {
    if (line.starts_with(".LBB")) {
      label = line.substr(0, line.find(':'));
      block.clear();
    } else if (line.starts_with("\tj") && line.ends_with("\t" + label)) {
      if (block.size() > longest.size()) longest = block;
    } else if (line.starts_with("\tv")) {
      block.push_back(line);
    }
  }
  return longest;
}

TEST(Forms, CostTheStatedInstructions) {
  for (const ActivationForm& form : activation_forms()) {
    const std::string file = testing::TempDir() + "activation_cost.s";
    const Halide::ImageParam in(Halide::Float(32), 1, "in");
    Halide::Var x("x");
    Halide::Func f("form");
    f(x) = activation_form(form.function, form.level, in(x));
    f.vectorize(x, 8);
    f.output_buffer().dim(0).set_bounds(0, 4096);
    f.compile_to_assembly(file, {in}, "form",
                          Target(std::string(kAvx2) + "-no_runtime-no_asserts-no_bounds_query"));
    std::ifstream assembly(file);
    int instructions = 0, divisions = 0;
    for (const std::string& line : loop_of(assembly)) {
      if (line.starts_with("\tvmov")) continue;
      ++instructions;
      divisions += line.starts_with("\tvdiv");
    }
    EXPECT_EQ(instructions, form.instructions) << name_of(form);
    EXPECT_EQ(divisions, form.divisions) << name_of(form);
  }
}

TEST(Form, OfAChainGrowsNoFasterThanTheChain) {  // each form reads its argument several times
  const auto length = [](int forms) {
    Halide::Expr value = Halide::Var("x") * 1.f;
    for (int i = 0; i < forms; ++i) value = activation_form(Act::gelu, -1, value);
    std::ostringstream text;
    text << value;
    return text.str().size();
  };
  EXPECT_LT(length(2), 3 * length(1));
}

TEST(ActivationForms, AreListedPreciseFirstAndFinerByLevel) {
  for (int i = 0; i < 7; ++i) {
    const Act function = static_cast<Act>(i);
    ASSERT_NE(find_form(function, -1), nullptr) << to_text(function);
    for (int level = 0; find_form(function, level); ++level) {
      const ActivationForm* coarser = find_form(function, level - 1);
      const double error = find_form(function, level)->max_error;
      EXPECT_GT(error, find_form(function, -1)->max_error) << to_text(function);
      EXPECT_TRUE(level == 0 || error < coarser->max_error) << to_text(function);
    }
  }
  EXPECT_EQ(find_form(Act::relu, 0), nullptr);
}

}  // namespace
}  // namespace halcyon
