// The whole way of a network from a plan to its results: on plans made by hand, so that no pass is
// trusted, and against the kernels' plain loops, chained without any placement.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/reference.h"
#include "kernels/tensor.h"
#include "schedules/dialogue.h"
#include "schedules/host.h"
#include "schedules/recipe.h"
#include "suites/any_host.h"
#include "suites/link.h"
#include "suites/network_bundle.h"
#include "suites/network_meter.h"
#include "suites/temporary_folder.h"

namespace halcyon {
namespace {

using Floats = std::vector<float>;

Target target_called(const std::string& name) {
  return find_target(name, HALCYON_SOURCE_DIR "/schedules/targets");
}

/// Adds a call on tensors, given in the order of the problem's; constants are made up for it.
void add_call(Plan& plan, const std::string& name, const std::string& line,
              const std::vector<int>& tensors) {
  PlanCall call{name, "all", {name}, Problem::parse(line), {}};
  std::size_t next = 0;
  for (const TensorSpec& spec : call.problem.tensors()) {
    if (spec.role != Role::weight && spec.role != Role::bias) {
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
Plan small_plan(int batch = 1) {
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
std::vector<Floats> expected_tensors(const Plan& plan, const Floats& image) {
  std::vector<Floats> tensors(plan.tensors.size());
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
std::vector<Floats> expected_outputs(const Plan& plan, const Floats& batch) {
  std::vector<Floats> outputs(plan.outputs.size());
  const std::size_t image = batch.size() / static_cast<std::size_t>(plan.batch);
  for (auto at = batch.begin(); at != batch.end(); at += static_cast<long>(image)) {
    const auto tensors = expected_tensors(plan, {at, at + static_cast<long>(image)});
    for (std::size_t i = 0; i < outputs.size(); i++) {
      const Floats& values = tensors[plan.outputs[i]];
      outputs[i].insert(outputs[i].end(), values.begin(), values.end());
    }
  }
  return outputs;
}

NetworkInBundle with_sets(const Plan& plan) {
  NetworkInBundle network{.plan = plan, .sets = {}, .tolerance = 1e-5};
  for (const std::uint64_t seed : {1, 2}) {
    const Floats input = seeded_input(plan, seed);
    network.sets.push_back({input, expected_outputs(plan, input)});
  }
  return network;
}

/// A case for each distinct problem, as its recipe starts.
std::vector<BundleCase> compiled_cases(const Plan& plan, const Target& target, Compiler& compiler) {
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

Floats floats_in(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  Floats values(bytes.size() / sizeof(float));
  std::copy_n(bytes.data(), values.size() * sizeof(float), reinterpret_cast<char*>(values.data()));
  return values;
}

void expect_near(const Floats& found, const Floats& expected, const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (std::size_t i = 0; i < found.size(); i++)
    ASSERT_NEAR(found[i], expected[i], 1e-4) << what << " at " << i;
}

/// Few samples, all accepted: what is tested is not the machine.
Protocol quick() {
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
    if (const std::string why_not = make_meter(target_)->why_not(target_); !why_not.empty())
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
  bool is_clock() const { return make_meter(target_)->measures_time(); }
  std::string file(const std::string& name) { return folder_.path() + "/" + name; }

  static TemporaryFolder* cache_;
  static Compiler* compiler_;
  TemporaryFolder folder_;
  Target target_;
};
TemporaryFolder* NetworkMeters::cache_ = nullptr;
Compiler* NetworkMeters::compiler_ = nullptr;

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

  const Floats input = seeded_input(plan, 3);  // another than the bundle's
  std::ofstream(file("in"), std::ios::binary)
      .write(reinterpret_cast<const char*>(input.data()),
             static_cast<std::streamsize>(input.size() * sizeof(float)));
  std::filesystem::create_directory(file("calls"));
  const NetworkMeasured ran = meter.run(made, {file("in"), {file("out")}, file("calls")});
  EXPECT_EQ(to_text(ran.outcome), "ok") << ran.detail;
  const auto tensors = expected_tensors(plan, input);
  expect_near(floats_in(file("out")), tensors[7], "the output");
  for (std::size_t i = 0; i < plan.calls.size(); i++)
    expect_near(floats_in(call_file(file("calls"), i, "out")),
                tensors[plan.calls[i].arguments.back().index], plan.calls[i].name);
}

/// NHWC as NCHW; `s` is of one image.
Floats in_source_order(const Floats& values, const Shape& s) {
  Floats ordered;
  const int pixels = s.h * s.w;
  for (std::size_t image = 0; image < values.size();
       image += static_cast<std::size_t>(s.elements()))
    for (int c = 0; c < s.c; c++)
      for (int p = 0; p < pixels; p++)
        ordered.push_back(values[image + static_cast<std::size_t>(p * s.c + c)]);
  return ordered;
}

TEST_P(NetworkMeters, IsServedLineByLineInTheOrderOfItsSource) {
  if (target_.meter != "local") GTEST_SKIP() << "an emulator is nobody's peer";
  Plan plan = small_plan(2);
  plan.tensors[5].place = PlanTensor::output;  // a map beside the logits
  plan.outputs = {7, 5};
  Dialogue served({}, {bundle(plan).program, "--serve"}, "--result-fd=", {});
  const auto ask = [&](const std::string& line) { return served.ask(line, 60).text; };
  EXPECT_EQ(ask("threads 1"), "ok");
  EXPECT_EQ(ask("threads 2"), "error found 2 threads, allowed 1");
  EXPECT_EQ(ask("hello"), "ok halcyon - f32 isa=" + target_.isa + " layout=nhwc");
  EXPECT_EQ(ask("run 1"), "error 'run' before 'load'");
  EXPECT_EQ(ask("load model.onnx"), "ok");
  const Floats input = seeded_input(plan, 3);  // another than the bundle's
  const Floats ordered = in_source_order(input, plan.tensors[plan.input].shape);
  std::ofstream(file("in"), std::ios::binary)
      .write(reinterpret_cast<const char*>(ordered.data()),
             static_cast<std::streamsize>(ordered.size() * sizeof(float)));
  EXPECT_EQ(ask("input " + file("in")), "ok 1536");
  EXPECT_EQ(ask("run 3").substr(0, 3), "ok ");
  EXPECT_EQ(ask("output " + file("out")), "ok 1034");
  Floats expected;
  const auto outputs = expected_outputs(plan, input);
  for (std::size_t i = 0; i < outputs.size(); i++)
    for (const float v : in_source_order(outputs[i], plan.tensors[plan.outputs[i]].shape))
      expected.push_back(v);
  expect_near(floats_in(file("out")), expected, "the outputs");
  EXPECT_EQ(ask("input " + file("out")), "error " + file("out") + ": is no file of 1536 floats");
  EXPECT_EQ(ask("probe").substr(0, 3), "ok ");
}

TEST_P(NetworkMeters, IsServedOnAsManyThreadsAsItsKernelsAreMadeFor) {
  if (target_.meter != "local") GTEST_SKIP() << "an emulator is nobody's peer";
  const Plan plan = small_plan();
  target_.threads = 2;
  const Bundle made = bundle(plan);
  const std::vector<int> cpus = allowed_cpus();
  Dialogue one({}, {made.program, "--serve"}, "--result-fd=", {cpus.front()});
  EXPECT_EQ(one.ask("threads 2", 60).text, "error 2 threads, and 1 CPUs are allowed here");
  EXPECT_EQ(one.ask("threads 1", 60).text, "error found 1 threads, allowed 2");
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU";
  Dialogue served({}, {made.program, "--serve"}, "--result-fd=", cpus);
  const auto ask = [&](const std::string& line) { return served.ask(line, 60).text; };
  EXPECT_EQ(ask("threads 2"), "ok");
  EXPECT_EQ(ask("load model.onnx"), "ok");
  const Floats input = seeded_input(plan, 3);
  const Floats ordered = in_source_order(input, plan.tensors[plan.input].shape);
  std::ofstream(file("in"), std::ios::binary)
      .write(reinterpret_cast<const char*>(ordered.data()),
             static_cast<std::streamsize>(ordered.size() * sizeof(float)));
  EXPECT_EQ(ask("input " + file("in")), "ok 768");
  for (int turn = 0; turn < 3; turn++)  // its workers have slept in between
    EXPECT_EQ(ask("run 2").substr(0, 3), "ok ");
  EXPECT_EQ(ask("output " + file("out")), "ok 5");
  expect_near(floats_in(file("out")), expected_tensors(plan, input)[7], "the output");
}

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
  const Measured m = make_meter(target_)->check(made, "dw", kCheckLimits);
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
  if (!is_clock()) return;
  const auto both = meter.measure_together(made, {1, 0}, quick());
  ASSERT_EQ(both.size(), 2u);
  for (const NetworkMeasured& m : both) {
    EXPECT_EQ(to_text(m.outcome), "ok") << m.detail;
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

/// A network of one call to a kernel with a bug planted: runner/planted_bugs.cpp.
class PlantedNetwork : public testing::Test {
 protected:
  Bundle bundle(const std::string& bug) {
    plan_.network = "planted";
    plan_.tensors = {{"image", {1, 6, 7, 5}, PlanTensor::input},
                     {"result", {1, 6, 7, 5}, PlanTensor::output}};
    plan_.outputs = {1};
    add_call(plan_, "only", "1x6x7x5 | dw 3x3", {0, 1});
    BundleCase c;
    c.id = bug;
    c.candidate = {plan_.calls[0].problem, {}, any_host()};
    c.timed.outcome = Outcome::ok;
    c.timed.symbol = "bug_" + bug;
    c.timed.object = HALCYON_PLANTED_BUGS;
    return make_network_bundle(folder_.path() + "/made", any_host(), with_sets(plan_), {c}, "");
  }
  void expect(const NetworkMeasured& m, const char* outcome, const std::string& detail) {
    EXPECT_EQ(to_text(m.outcome), outcome) << m.detail;
    EXPECT_NE(m.detail.find(detail), m.detail.npos) << m.detail;
    EXPECT_TRUE(m.samples.empty());
    EXPECT_FALSE(m.calls);
  }
  TemporaryFolder folder_;
  Plan plan_;
  NetworkMeter meter_{any_host()};
};

TEST_F(PlantedNetwork, OutputsAreCheckedBeforeTiming) {
  expect(meter_.measure(bundle("dropped_column"), quick()), "wrong",
         "30 of 210 elements of result were never written, the first result at n0 h0 w6 c0");
}
TEST_F(PlantedNetwork, OutputsAreCheckedAfterTiming) {
  expect(meter_.measure(bundle("idle_when_timed"), quick()), "wrong",
         "after the timed loop: input set 0: 210 of 210 elements of result were never written");
}
TEST_F(PlantedNetwork, ACrashIsAnOutcome) {
  expect(meter_.check(bundle("sigsegv")), "run_crash", "call 'only': signal 11");
}
TEST_F(PlantedNetwork, ACrashWhileTimingIsAnOutcome) {
  expect(meter_.measure(bundle("crash_when_timed"), quick()), "run_crash", "call 'only': signal 4");
}
TEST_F(PlantedNetwork, AProcessThatIsKilledIsAnOutcome) {
  expect(meter_.measure(bundle("killed_when_timed"), quick()), "run_crash", "SIGKILL");
}
TEST_F(PlantedNetwork, AHangIsCut) {
  expect(meter_.check(bundle("hang"), {.wall_seconds = 1}), "run_timeout", "out of time after");
}
TEST_F(PlantedNetwork, AChangedInputIsFound) {
  expect(meter_.check(bundle("modified_input")), "input_modified", "the run changed its input");
}
TEST_F(PlantedNetwork, AResultThatDiffersTheSecondTimeIsFound) {
  expect(meter_.check(bundle("second_call_differs")), "nondeterministic",
         "gives other outputs the second time");
}
TEST_F(PlantedNetwork, AKernelThatGivesAnErrorIsNamed) {
  expect(meter_.check(bundle("returns_error")), "wrong", "call 'only': returned -27");
}
TEST_F(PlantedNetwork, NaNIsFound) {
  expect(meter_.check(bundle("one_nan")), "nonfinite", "result at n0 h5 w6 c4: found nan");
}

}  // namespace
}  // namespace halcyon
