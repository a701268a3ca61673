// The whole way of a network from a plan to its results.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "suites/meters/network_sample.h"
#include "suites/protocol/network_wire.h"

namespace halcyon {
namespace {

TEST_P(NetworkMeters, RunsTheCallsInOrderOnPlacedTensors) {
  const Plan plan = small_plan();
  const Bundle made = bundle(plan);
  const NetworkMeter meter(target_);
  const NetworkMeasured m = meter.check(made);
  EXPECT_EQ(to_text(m.outcome), "ok") << m.detail;
  EXPECT_TRUE(m.check.passed);
  EXPECT_EQ(m.check.input_sets, 2);
  ASSERT_EQ(m.errors.size(), 1u);
  EXPECT_EQ(m.errors[0].name, "logits");
  EXPECT_LE(m.errors[0].of_range(), 1e-5);
  EXPECT_EQ(m.bytes.arena, 8192);
  EXPECT_EQ(m.bytes.output, 20);

  const Tensor input = seeded_input(plan, 3);  // another than the bundle's
  write_tensor(file("in"), input);
  std::filesystem::create_directory(file("calls"));
  const NetworkMeasured ran = meter.run(made, {file("in"), {file("out")}, file("calls")});
  EXPECT_EQ(to_text(ran.outcome), "ok") << ran.detail;
  const auto tensors = expected_tensors(plan, input);
  expect_near(file("out"), tensors[7], "the output");
  for (std::size_t i = 0; i < plan.calls.size(); i++)
    expect_near(wire::call_file(file("calls"), i, plan.calls[i].problem.tensors().back()),
                tensors[plan.calls[i].arguments.back().index], plan.calls[i].name);
}

/// NHWC as NCHW; `s` is of one image.
TEST_P(NetworkMeters, AWrongLifetimeIsFound) {
  Plan plan = small_plan();
  plan.tensors[1].offset = 6144;  // the residual, under what is written before it is read
  const NetworkMeasured m = NetworkMeter(target_).check(bundle(plan));
  EXPECT_EQ(to_text(m.outcome), "wrong") << m.detail;
  EXPECT_NE(m.detail.find("input set 0: logits at n0 h0 w0 c"), m.detail.npos) << m.detail;
  EXPECT_FALSE(m.check.passed);
}

TEST_P(NetworkMeters, ABatchIsOnePassEach) {
  const Plan plan = small_plan(3);
  const NetworkMeasured m = NetworkMeter(target_).check(bundle(plan));
  EXPECT_EQ(to_text(m.outcome), "ok") << m.detail;
  EXPECT_EQ(m.bytes.output, 3 * 20);
  EXPECT_EQ(m.bytes.arena, 8192);
}

// Also the cases of the bundle are there, for the check under guard pages.
TEST_P(NetworkMeters, AKernelIsACaseOfItsOwn) {
  const Bundle made = bundle(small_plan());
  const Measured m = Meter(target_).check(made, "dw", kCheckLimits);
  EXPECT_EQ(to_text(m.outcome), "ok") << m.detail;
  EXPECT_TRUE(m.check.guard_pages);
}

TEST_P(NetworkMeters, CountsAreTheSameTwice) {
  if (is_clock()) GTEST_SKIP() << "measures time";
  const Bundle made = bundle(small_plan(2));
  const NetworkMeter meter(target_);
  const NetworkMeasured first = meter.measure(made, {}), second = meter.measure(made, {});
  EXPECT_EQ(to_text(first.outcome), "ok") << first.detail;
  ASSERT_TRUE(first.counts);
  EXPECT_EQ(first.counts, second.counts);
  EXPECT_EQ(first.counts->calls, 2);
  ASSERT_EQ(first.call_counts.size(), 7u);
  EXPECT_EQ(first.call_counts[1].calls, 8);  // two runs of two images, twice in each
  EXPECT_EQ(first.call_counts[1], first.call_counts[4]) << "one kernel";
  double sum = 0;
  for (const Counts& c : first.call_counts) sum += 2 * c.per_call();
  EXPECT_DOUBLE_EQ(sum, first.counts->per_call());
  EXPECT_TRUE(first.samples.empty());
}

TEST_P(NetworkMeters, EveryCallHasATimeInsideTheRun) {
  if (!is_clock()) GTEST_SKIP() << "counts instructions";
  const NetworkMeasured m = NetworkMeter(target_).measure(bundle(small_plan(2)), quick());
  EXPECT_EQ(to_text(m.outcome), "ok") << m.detail;
  EXPECT_EQ(m.samples.size(), 5u);
  EXPECT_EQ(m.stamped.size(), 5u);
  ASSERT_TRUE(m.calls);
  EXPECT_EQ(m.calls->median_ns.size(), 7u);
  EXPECT_EQ(m.calls->q25_ns.size(), 7u);
  EXPECT_GT(m.calls->clock_ns, 0);
  EXPECT_GT(m.calls->empty_call_ns, 0);
  EXPECT_FALSE(m.counts);
}

TEST_P(NetworkMeters, VariantsAreCheckedAndTimedBesideTheNetwork) {
  const Plan plan = small_plan();
  const Problem problem = Problem::parse("1x8x8x8 | pw 16 hardswish");
  const Recipe& recipe = recipe_for(problem);
  auto cases = compiled_cases(plan, target_, *compiler_);
  cases.push_back(
      {"other",
       {problem, recipe.expand(problem, target_, all_points(recipe, problem, target_).back()),
        target_}});
  cases.back().timed = compiler_->compile(cases.back().candidate);
  for (BundleCase& c : cases) c.bare = true;
  NetworkInBundle network = with_sets(plan);
  network.variants = {{&plan, {{problem.text(), "other"}}}};
  const Bundle made = make_network_bundle(file("made"), target_, network, cases,
                                          compiler_->runtime_object(target_));
  const NetworkMeter meter(target_);
  for (const std::size_t i : {0u, 1u})
    EXPECT_EQ(to_text(meter.check_one(made, i).outcome), "ok") << i;
  const auto manifest = nlohmann::json::parse(std::ifstream(made.manifest));
  EXPECT_EQ(manifest.at("network").at("calls").at(2).at("case"), "expand");
  EXPECT_EQ(manifest.at("variants").at(0).at("calls").at(2).at("case"), "other");
  EXPECT_NE(manifest.at("network").at("weights"), manifest.at("variants").at(0).at("weights"));
  const auto both = meter.measure_together(made, {1, 0}, quick());
  ASSERT_EQ(both.size(), 2u);
  for (const NetworkMeasured& m : both) {
    EXPECT_EQ(to_text(m.outcome), "ok") << m.detail;
    if (!is_clock()) {
      EXPECT_EQ(m.call_counts.size(), plan.calls.size());
      EXPECT_GT(m.call_counts.at(2).fmla, 0) << "its own kernel ran, which the other does not have";
      if (&m == &both[1]) {
        EXPECT_EQ(m.counts, meter.measure(made, {}).counts);
      }
      continue;
    }
    ASSERT_EQ(m.stamps.size(), 5u);
    for (const auto& calls : m.stamps) EXPECT_EQ(calls.size(), plan.calls.size());
  }
}

TEST_P(NetworkMeters, WeightsLieInTheOrderInWhichTheyAreRead) {
  const Bundle made = bundle(small_plan());
  std::ifstream file(made.manifest);
  const auto network = nlohmann::json::parse(file).at("network");
  std::size_t end = 0;
  for (const auto& call : network.at("calls"))
    for (const auto& argument : call.at("arguments")) {
      if (!argument.contains("weights")) continue;
      const std::size_t at = argument.at("weights");
      EXPECT_EQ(at % 64, 0u);
      EXPECT_TRUE(at == 0 ? end == 0 : at > end) << call;
      end = at;
    }
  EXPECT_GT(network.at("weights").at("bytes").get<std::size_t>(), end);
}

TEST_P(NetworkMeters, OneInputRunsButProvesNothing) {
  const Plan plan = small_plan();
  NetworkInBundle one = with_sets(plan);
  one.sets.pop_back();
  const NetworkMeasured m = NetworkMeter(target_).check(
      make_network_bundle(file("one"), target_, one, compiled_cases(plan, target_, *compiler_),
                          compiler_->runtime_object(target_)));
  EXPECT_EQ(to_text(m.outcome), "mistrusted") << m.detail;
}

TEST_P(NetworkMeters, ACallWithoutACaseIsRefused) {
  const Plan plan = small_plan();
  EXPECT_THROW(make_network_bundle(file("none"), target_, with_sets(plan), {}, ""), Error);
}

INSTANTIATE_TEST_SUITE_P(Targets, NetworkMeters, testing::Values("host", "j6m"),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace
}  // namespace halcyon
