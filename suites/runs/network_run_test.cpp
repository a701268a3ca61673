// From a network's file to its record, on this machine: a network of a few small layers.
#include "suites/runs/network_run.h"

#include <gtest/gtest.h>

#include <fstream>

#include "kernels/error.h"
#include "kernels/oracle/nchw.h"
#include "results/figures/network_alone.h"
#include "results/files/temporary_folder.h"
#include "suites/bundle/network_bundle.h"
#include "suites/graph/reference.h"
#include "suites/graph/sample_graphs.h"
#include "suites/networks/planned_network.h"
#include "suites/onnx/npy.h"
#include "suites/onnx/reading/import.h"
#include "suites/onnx/sample_models.h"
#include "suites/onnx/writing/export.h"
#include "suites/runs/run.h"
#include "suites/trials/named_case.h"

namespace halcyon {
namespace {

class NetworkRunTest : public testing::Test {
 protected:
  NetworkRunTest() {
    Graph graph = sample_network();
    seed_parameters(graph, 1);
    write_onnx(graph, model_);
    const std::string root = HALCYON_SOURCE_DIR;
    request_.folders = {
        root, root + "/schedules/targets", root + "/suites/micro", folder_.path() + "/cache",
        "",   root + "/suites/networks"};
    request_.quick = true;
    request_.what = {model_};
  }

  Document run(Verb verb) { return halcyon::run(verb, run_plan(request_), silent_); }

  const TemporaryFolder folder_;
  const std::string model_ = folder_.path() + "/sample.onnx";
  Request request_;
  Progress silent_{Progress::Style::silent};
};

TEST_F(NetworkRunTest, IsCheckedAgainstTheUnfoldedGraph) {
  for (const Cut cut : {Cut::ops, Cut::blocks}) {
    request_.cut = cut;
    const NetworkRecord r = run(Verb::check).networks.at(0);
    EXPECT_EQ(r.outcome, Outcome::ok) << r.detail;
    EXPECT_TRUE(r.check.passed);
    EXPECT_EQ(r.check.inputs, 2);
    EXPECT_GT(r.check.max_error_of_range, 0);  // of another arithmetic: never the very same bits
    EXPECT_LT(r.check.max_error_of_range, 1e-5);
    EXPECT_TRUE(r.samples.empty());
  }
}

TEST_F(NetworkRunTest, ABatchIsCheckedImageByImage) {
  request_.network.batch = 3;
  Graph graph = sample_network(3);
  seed_parameters(graph, 1);
  write_onnx(graph, model_);
  const NetworkRecord r = run(Verb::check).networks.at(0);
  EXPECT_EQ(r.outcome, Outcome::ok) << r.detail;
  EXPECT_EQ(r.batch, 3);
}

TEST_F(NetworkRunTest, TimesTheWholeAndEveryCall) {
  const Document d = run(Verb::bench);
  const NetworkRecord& r = d.networks.at(0);
  if (r.outcome == Outcome::noisy) GTEST_SKIP() << "a busy machine: " << r.detail;
  ASSERT_EQ(r.outcome, Outcome::ok) << r.detail;
  EXPECT_GT(r.statistics->median_ns, 0);
  EXPECT_GT(r.overhead_ns_per_call, 0);  // of a call to nothing: never a difference of two figures
  double shares = 0;
  for (const NetworkCall& call : r.calls) {
    ASSERT_TRUE(call.time) << call.name;
    EXPECT_GE(call.time->median_ns, 0) << call.name;
    shares += call.share;
    ASSERT_TRUE(call.losses) << call.name;
    EXPECT_EQ(call.losses->size(), std::size(kLossCauses));
  }
  EXPECT_NEAR(shares, 1, 1e-9);
  EXPECT_EQ(document_from_text(canonical_text(d), "text").networks, d.networks);
}

TEST_F(NetworkRunTest, ItsProblemsByThemselvesStandBesideTheirCalls) {
  request_.layers = true;
  request_.states = {CacheState::cold_weights};
  const Document d = run(Verb::bench);
  const NetworkRecord& r = d.networks.at(0);
  for (const Record& record : d.records)
    if (record.outcome == Outcome::noisy) GTEST_SKIP() << "a busy machine: " << record.detail;
  ASSERT_EQ(d.records.size(), 14u);
  for (const NetworkCall& call : r.calls) {
    ASSERT_TRUE(call.alone) << call.name;
    EXPECT_EQ(call.alone->state, CacheState::cold_weights);
    for (const Record& record : d.records)
      if (record.problem == call.problem) {
        EXPECT_EQ(call.alone->median_ns, record.statistics->median_ns) << call.name;
      }
  }
  EXPECT_TRUE(r.outcome != Outcome::ok || alone_sum(r));
  EXPECT_EQ(document_from_text(canonical_text(d), "text").networks, d.networks);
}

TEST_F(NetworkRunTest, NumbersThatF32CannotHoldAreSaidAndBreakNoDocument) {
  Graph graph = sample_network();
  seed_parameters(graph, 1);
  for (Parameter& p : graph.parameters)
    if (p.role == ParameterRole::weight) p.assign(3e38);
  write_onnx(graph, model_);
  const Document d = run(Verb::check);
  const NetworkRecord& r = d.networks.at(0);
  EXPECT_EQ(r.outcome, Outcome::mistrusted) << r.detail;
  EXPECT_NE(r.detail.find("which f32 cannot hold"), std::string::npos) << r.detail;
  EXPECT_EQ(exit_of(d), Exit::partial);
  EXPECT_EQ(document_from_text(canonical_text(d), "text").networks, d.networks);
}

TEST_F(NetworkRunTest, ItsDistinctProblemsAreCasesWithTheirMultiplicity) {
  const Suite suite = suite_of(planned_network(model_, run_plan(request_)).plan);
  int calls = 0;
  for (const Case& c : suite.cases) calls += c.count;
  EXPECT_EQ(calls, 14);
  EXPECT_EQ(suite.cases.size(), 14u);  // the sample repeats no shape
  EXPECT_EQ(cases_of(run_plan(request_)).size(), 14u);
}

}  // namespace
}  // namespace halcyon
