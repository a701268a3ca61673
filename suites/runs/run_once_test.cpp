// A network of a few small layers, from files to files.
#include "suites/runs/run_once.h"

#include <gtest/gtest.h>

#include <fstream>

#include "kernels/error.h"
#include "kernels/oracle/nchw.h"
#include "results/files/temporary_folder.h"
#include "suites/bundle/network_bundle.h"
#include "suites/graph/reference.h"
#include "suites/graph/sample_graphs.h"
#include "suites/networks/planned_network.h"
#include "suites/onnx/npy.h"
#include "suites/onnx/reading/import.h"
#include "suites/onnx/sample_models.h"
#include "suites/onnx/writing/export.h"

namespace halcyon {
namespace {

class RunOnce : public testing::Test {
 protected:
  RunOnce() {
    Graph graph = sample_network();
    seed_parameters(graph, 1);
    write_onnx(graph, model_);
    const std::string root = HALCYON_SOURCE_DIR;
    request_.folders = {
        root, root + "/schedules/targets", root + "/suites/micro", folder_.path() + "/cache",
        "",   root + "/suites/networks"};
    request_.what = {model_};
  }

  const TemporaryFolder folder_;
  const std::string model_ = folder_.path() + "/sample.onnx";
  Request request_;
  Progress silent_{Progress::Style::silent};
};

TEST_F(RunOnce, GoesFromAFileToAFileInTheModelsOrder) {
  const PlannedNetwork network = planned_network(model_, run_plan(request_));
  const Shape& shape = network.graph.input().shape;
  const Tensor input = seeded_input(network.plan, 5);
  const std::string in = folder_.path() + "/in.npy", out = folder_.path() + "/out.npy";
  write_npy(in, {{shape.n, shape.c, shape.h, shape.w}, nhwc_to_nchw(input, shape)});
  run_once(run_plan(request_), {in, {out}}, silent_);
  const auto expected = run_reference(network.graph, input).at(0);
  const auto found = numbers_of<double>(read_npy(out, {1, 5}));
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-4);
}

TEST_F(RunOnce, WhatAModelHasAsNhwcIsReadAndWrittenSo) {
  ModelMaker m({1, 6, 7, 4});
  std::string y = m.node("Transpose", {"x"});
  m.with("perm", ModelMaker::Dims{0, 3, 1, 2});
  y = m.node("Conv", {y, m.random({5, 4, 3, 3})});
  m.output(y);
  m.output(m.node("Transpose", {y}));
  m.with("perm", ModelMaker::Dims{0, 2, 3, 1});
  m.save(model_);
  const Graph graph = read_onnx(model_);
  const Tensor input = sample_input(graph);
  const std::string in = folder_.path() + "/in.npy";
  const std::vector<std::string> out = {folder_.path() + "/nchw.npy", folder_.path() + "/nhwc.npy"};
  write_npy(in, {{1, 6, 7, 4}, input});
  run_once(run_plan(request_), {in, out, ""}, silent_);
  const std::vector<double> wanted = run_reference(graph, input).front();
  const auto expect_equal = [&](const Tensor& found) {
    EXPECT_LE(error_over_range(wanted, numbers_of<double>(found)), 1e-6);
  };
  expect_equal(read_npy(out[1], {1, 4, 5, 5}));
  expect_equal(nchw_to_nhwc(read_npy(out[0], {1, 5, 4, 5}), {1, 4, 5, 5}));
}

TEST_F(RunOnce, RefusesAnInputOfAnotherShapeAndAWrongNumberOfOutputs) {
  const std::string in = folder_.path() + "/in.npy", out = folder_.path() + "/out.npy";
  write_npy(in, {{1, 3, 2, 2}, std::vector<float>(12)});
  EXPECT_THROW(run_once(run_plan(request_), {in, {out}}, silent_), Error);
  EXPECT_THROW(run_once(run_plan(request_), {in, {out, out}}, silent_), Error);
  EXPECT_FALSE(std::ifstream(out).good());
}

}  // namespace
}  // namespace halcyon
