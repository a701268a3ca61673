#include "suites/onnx/writing/export.h"

#include "kernels/error.h"
#include "kernels/oracle/nchw.h"
#include "results/files/temporary_folder.h"
#include "schedules/fence/child.h"
#include "suites/onnx/npy.h"
#include "suites/onnx/reading/import.h"
#include "suites/onnx/sample_models.h"

namespace halcyon {
namespace {

void expect_equal(const Graph& wanted, const Graph& found) {
  EXPECT_EQ(found.name, wanted.name);
  EXPECT_EQ(found.source, wanted.source);
  ASSERT_EQ(found.nodes.size(), wanted.nodes.size());
  for (std::size_t i = 0; i < wanted.nodes.size(); ++i) {
    const Node &w = wanted.nodes[i], &f = found.nodes[i];
    SCOPED_TRACE(w.name);
    EXPECT_EQ(f.name, w.name);
    EXPECT_EQ(f.stage, w.stage);
    EXPECT_EQ(f.kind, w.kind);
    EXPECT_EQ(f.op, w.op);
    EXPECT_EQ(f.act, w.act);
    EXPECT_EQ(f.eps, w.eps);
    EXPECT_EQ(f.inputs, w.inputs);
    EXPECT_EQ(f.output, w.output);
    ASSERT_EQ(f.parameters.size(), w.parameters.size());
    for (std::size_t k = 0; k < w.parameters.size(); ++k) {
      const Parameter &p = wanted.parameters[w.parameters[k]],
                      &q = found.parameters[f.parameters[k]];
      EXPECT_EQ(q.name, p.name);
      EXPECT_EQ(q.role, p.role);
      EXPECT_EQ(q.extents, p.extents);
      EXPECT_EQ(q.values, p.values);
    }
  }
  ASSERT_EQ(found.values.size(), wanted.values.size());
  for (std::size_t i = 0; i < wanted.values.size(); ++i) {
    EXPECT_EQ(found.values[i].shape, wanted.values[i].shape) << wanted.values[i].name;
    EXPECT_EQ(found.values[i].flat, wanted.values[i].flat) << wanted.values[i].name;
  }
  EXPECT_EQ(found.outputs, wanted.outputs);
}

class Export : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

  /// Writes the graph, its input and what the reference computes; what the check of them says.
  Ended check(const Graph& graph, double added_error) {
    const Shape& in = graph.input().shape;
    const Tensor input = sample_input(graph);
    write_onnx(graph, path("x.onnx"));
    write_npy(path("in.npy"), {{in.n, in.c, in.h, in.w}, nhwc_to_nchw(input, in)});
    std::vector<std::string> command = {HALCYON_PYTHON,
                                        HALCYON_SOURCE_DIR "/suites/onnx/check_onnx.py",
                                        path("x.onnx"), path("in.npy")};
    const auto outputs = run_reference(graph, input);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const Value& value = graph.values[graph.outputs[i]];
      std::vector<float> values(outputs[i].begin(), outputs[i].end());
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      values.back() += static_cast<float>(added_error) * (*high - *low);
      const Shape& s = value.shape;
      const std::vector<std::int64_t> dims = value.flat
                                                 ? std::vector<std::int64_t>{s.n, s.c}
                                                 : std::vector<std::int64_t>{s.n, s.c, s.h, s.w};
      command.push_back(path("out" + std::to_string(i) + ".npy"));
      write_npy(command.back(), {dims, nhwc_to_nchw(values, s)});
    }
    return run_program({.wall_seconds = 120, .processes = 0}, command);
  }
  TemporaryFolder folder_;
};

TEST_F(Export, WhatIsWrittenIsReadAsTheSameGraph) {
  const Graph graph = sample_graph();
  write_onnx(graph, path("sample.onnx"));
  const Graph found = read_onnx(path("sample.onnx"));
  expect_equal(graph, found);
  const Tensor input = sample_input(graph);
  const auto wanted = run_reference(graph, input), again = run_reference(found, input);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_LE(error_over_range(wanted[i], again[i]), 1e-12) << "output " << i;
}

TEST_F(Export, OnnxRuntimeComputesWhatTheReferenceDoes) {
  const Ended right = check(sample_graph(), 0);
  EXPECT_EQ(right.how, Ended::exited);
  EXPECT_EQ(right.code, 0) << right.output;
  const Ended wrong = check(sample_graph(), 2e-4);
  EXPECT_EQ(wrong.code, 1) << wrong.output;
}

TEST_F(Export, BatchesAreWrittenAsTheyAre) {
  GraphBuilder b("two", {.n = 2, .h = 5, .w = 7, .c = 4});
  const int gate = b.act("gate", b.conv("fc", b.gap("pool", 0), square(4, 1)), Act::sigmoid);
  Graph graph = b.finish({b.linear("head", b.gap("gap", b.scale("se", 0, gate)), 3)});
  fill_sample(graph);
  const Ended right = check(graph, 0);
  EXPECT_EQ(right.code, 0) << right.output;
  expect_equal(graph, read_onnx(path("x.onnx")));
}

TEST_F(Export, NamesThatMeetAreKeptApart) {
  GraphBuilder b("names", {.n = 1, .h = 3, .w = 3, .c = 2}, "x");
  const int first = b.conv("x", 0, square(2, 1));         // as the input
  const int second = b.channel_scale("x.weight", first);  // node, parameter and tensor of one name
  Graph graph = b.finish({b.add("y", second, second), second, 0});
  fill_sample(graph);
  const Ended right = check(graph, 0);
  EXPECT_EQ(right.code, 0) << right.output;
}

TEST_F(Export, WithoutValuesOrPlaceNothingIsWritten) {
  Graph graph = sample_graph();
  EXPECT_THROW(write_onnx(graph, path("missing/x.onnx")), Error);
  graph.parameters[3].values = {};
  try {
    write_onnx(graph, path("x.onnx"));
    FAIL() << "written without values";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::data);
    EXPECT_NE(std::string(e.what()).find(graph.parameters[3].name), std::string::npos) << e.what();
  }
  EXPECT_FALSE(std::ifstream(path("x.onnx")).good());
}

TEST_F(Export, WhatNoProtobufCanHoldIsRefusedByItsSize) {
  GraphBuilder b("large", {.n = 1, .h = 1, .w = 1, .c = 32768});
  try {
    write_onnx(b.finish({b.linear("fc", 0, 32768)}), path("x.onnx"));
    FAIL() << "4 GiB in one protobuf";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("allowed in one ONNX file"), std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace halcyon
