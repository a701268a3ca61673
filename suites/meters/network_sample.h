#pragma once
#include <gtest/gtest.h>

#include <map>

#include "kernels/error.h"
#include "kernels/oracle/fill.h"
#include "kernels/oracle/reference.h"
#include "kernels/oracle/tensor_file.h"
#include "results/files/temporary_folder.h"
#include "schedules/recipes/recipe.h"
#include "suites/bundle/link.h"
#include "suites/bundle/network_bundle.h"
#include "suites/meters/meter.h"
#include "suites/meters/network_meter.h"

/// For tests: a network's plan made by hand, so that no pass is trusted, what it must give by the
/// kernels' plain loops, chained without any placement, and its bundle on each target.
namespace halcyon {

inline Target target_called(const std::string& name) {
  return find_target(name, HALCYON_SOURCE_DIR "/schedules/targets");
}

/// Adds a call on tensors, given in the order of the problem's; constants are made up for it.
inline void add_call(Plan& plan, const std::string& name, const std::string& line,
                     const std::vector<int>& tensors) {
  PlanCall call{name, "all", {name}, Problem::parse(line), {}};
  std::size_t next = 0;
  for (const TensorSpec& spec : call.problem.tensors()) {
    if (!spec.is_parameter()) {
      call.arguments.push_back({PlanArgument::tensor, tensors.at(next++)});
      continue;
    }
    const auto number = static_cast<int>(plan.constants.size());
    plan.constants.push_back(
        {name + "." + spec.name, fill(spec, call.problem, Fill::random, 7u + unsigned(number))});
    call.arguments.push_back({PlanArgument::constant, number});
  }
  plan.calls.push_back(std::move(call));
}

/// Seven calls of six kernels: a stem, a depthwise op that occurs twice, a residual around two
/// pointwise ops, a head.
inline Plan small_plan(int batch = 1) {
  using enum PlanTensor::Place;
  Plan plan;
  plan.network = "small";
  plan.cut = "ops";
  plan.batch = batch;
  plan.tensors = {{"image", {1, 16, 16, 3}, input},     {"stem", {1, 8, 8, 8}, arena, 0},
                  {"dw", {1, 8, 8, 8}, arena, 2048},    {"wide", {1, 8, 8, 16}, arena, 4096},
                  {"block", {1, 8, 8, 8}, arena, 2048}, {"dw2", {1, 8, 8, 8}, arena, 0},
                  {"mean", {1, 1, 1, 8}, arena, 2048},  {"logits", {1, 1, 1, 5}, output}};
  plan.outputs = {7};
  plan.arena_bytes = 8192;
  add_call(plan, "stem", "1x16x16x3 | conv 3x3 8 s2 relu", {0, 1});
  add_call(plan, "dw", "1x8x8x8 | dw 3x3", {1, 2});
  add_call(plan, "expand", "1x8x8x8 | pw 16 hardswish", {2, 3});
  add_call(plan, "project", "1x8x8x16 | pw 8 add", {3, 1, 4});
  add_call(plan, "dw2", "1x8x8x8 | dw 3x3", {4, 5});
  add_call(plan, "pool", "1x8x8x8 | gap", {5, 6});
  add_call(plan, "head", "1x1x1x8 | linear 5", {6, 7});
  return plan;
}

/// What every tensor of a plan holds, for one image; each has a place of its own here.
inline std::vector<Tensor> expected_tensors(const Plan& plan, const Tensor& image) {
  std::vector<Tensor> tensors(plan.tensors.size());
  tensors[plan.input] = image;
  for (const PlanCall& call : plan.calls) {
    Tensors arguments;
    const auto& specs = call.problem.tensors();
    for (std::size_t i = 0; i < specs.size(); i++) {
      const PlanArgument& a = call.arguments[i];
      if (specs[i].role != Role::output)
        arguments[specs[i].name] =
            a.from == PlanArgument::constant ? plan.constants[a.index].values : tensors[a.index];
    }
    for (auto& [name, values] : reference(call.problem, arguments))
      for (std::size_t i = 0; i < specs.size(); i++)
        if (specs[i].name == name) tensors[call.arguments[i].index] = std::move(values);
  }
  return tensors;
}

/// The outputs for a batch, one image after the other.
inline std::vector<Tensor> expected_outputs(const Plan& plan, const Tensor& batch) {
  std::vector<std::vector<double>> outputs(plan.outputs.size());
  const std::size_t image = batch.bytes().size() / static_cast<std::size_t>(plan.batch);
  for (std::size_t at = 0; at < batch.bytes().size(); at += image) {
    const auto tensors =
        expected_tensors(plan, Tensor({batch.dtype(), batch.bytes().subspan(at, image)}));
    for (std::size_t i = 0; i < outputs.size(); i++) {
      const auto values = numbers_of<double>(tensors[plan.outputs[i]]);
      outputs[i].insert(outputs[i].end(), values.begin(), values.end());
    }
  }
  std::vector<Tensor> all;
  for (const auto& output : outputs) all.push_back(Tensor::rounded(batch.dtype(), output));
  return all;
}

inline NetworkInBundle with_sets(const Plan& plan) {
  NetworkInBundle network{.plan = plan, .sets = {}, .tolerance = 1e-5};
  for (const std::uint64_t seed : {1, 2}) {
    const Tensor input = seeded_input(plan, seed);
    network.sets.push_back({input, expected_outputs(plan, input)});
  }
  return network;
}

/// A case for each distinct problem, as its recipe starts.
inline std::vector<BundleCase> compiled_cases(const Plan& plan, const Target& target,
                                              Compiler& compiler) {
  std::map<std::string, BundleCase> cases;
  for (const PlanCall& call : plan.calls) {
    const auto [found, is_new] = cases.try_emplace(call.problem.text());
    if (!is_new) continue;
    const Recipe& recipe = recipe_for(call.problem);
    BundleCase& c = found->second;
    c.id = call.name;
    c.candidate = {call.problem,
                   recipe.expand(call.problem, target, recipe.start(call.problem, target)), target};
    c.timed = compiler.compile(c.candidate);
    EXPECT_EQ(c.timed.outcome, Outcome::ok) << c.timed.detail;
  }
  std::vector<BundleCase> all;
  for (auto& [text, c] : cases) all.push_back(std::move(c));
  return all;
}

/// What a file has, against what it must have.
inline void expect_near(const std::string& path, const Tensor& expected, const std::string& what) {
  const Tensor found = read_whole_tensor(path, expected.dtype(), expected.size());
  for (std::size_t i = 0; i < found.size(); i++)
    ASSERT_NEAR(found.at(i), expected.at(i), 1e-4) << what << " at " << i;
}

/// Few samples, all accepted: what is tested is not the machine.
inline Protocol quick() {
  return {.probe_gate = 0,
          .read_gate = 0,
          .wanted_samples = 5,
          .least_samples = 5,
          .queue_delay_limit = 1e9};
}

/// Here and under the emulator. Objects are compiled once for all tests.
class NetworkMeters : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() {
    cache_ = new TemporaryFolder();
    compiler_ = new Compiler(cache_->path(), 2);
  }
  static void TearDownTestSuite() {
    delete compiler_;
    delete cache_;
  }
  NetworkMeters() : target_(target_called(GetParam())) {}
  void SetUp() override {
    if (const std::string why_not = Meter(target_).why_not(); !why_not.empty())
      GTEST_SKIP() << why_not;
    try {
      require_linkage(target_);
    } catch (const Error& e) {
      GTEST_SKIP() << e.what();
    }
  }
  Bundle bundle(const Plan& plan) {
    return make_network_bundle(folder_.path() + "/made", target_, with_sets(plan),
                               compiled_cases(plan, target_, *compiler_),
                               compiler_->runtime_object(target_));
  }
  bool is_clock() const { return target_.measures_time(); }
  std::string file(const std::string& name) { return folder_.path() + "/" + name; }

  static inline TemporaryFolder* cache_ = nullptr;
  static inline Compiler* compiler_ = nullptr;
  TemporaryFolder folder_;
  Target target_;
};

}  // namespace halcyon
