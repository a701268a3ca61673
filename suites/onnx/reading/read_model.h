#pragma once
#include <functional>

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "results/files/temporary_folder.h"
#include "suites/onnx/reading/import.h"
#include "suites/onnx/sample_models.h"

namespace halcyon {

/// For tests: what models become, in the ways that exporters write them. What a model means is
/// checked against ONNX Runtime elsewhere; here it is that a chain of nodes becomes the one node of
/// ours that it is.
class ReadModel : public testing::Test {
 protected:
  Graph read(ModelMaker& m, const std::string& output, int batch = 1) {
    return read_onnx(m.save(folder_.path() + "/m.onnx", output), batch);
  }
  /// The words of the graph's nodes: "conv act:gelu linear".
  std::string words(ModelMaker& m, const std::string& output) {
    const Graph graph = read(m, output);
    std::string text;
    for (const Node& n : graph.nodes) {
      text += text.empty() ? "" : " ";
      text += n.kind == NodeKind::op          ? std::string(n.op.word())
              : n.kind == NodeKind::act       ? "act:" + std::string(to_text(n.act))
              : n.kind == NodeKind::add       ? "add"
              : n.kind == NodeKind::scale     ? "scale"
              : n.kind == NodeKind::batchnorm ? "batchnorm"
                                              : "channel_scale";
    }
    return text;
  }
  /// The words of what `write` makes of the tensor "x".
  using Write = std::function<std::string(ModelMaker&, const std::string&)>;
  std::string words(const Write& write, int opset = 13) {
    ModelMaker m({1, 4, 6, 6}, opset);
    return words(m, write(m, "x"));
  }
  void expect_refused(ModelMaker& m, const std::string& output, const std::string& why) {
    try {
      const Graph graph = read(m, output);
      ADD_FAILURE() << "accepted; wanted: " << why;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::data);
      EXPECT_NE(std::string(e.what()).find(why), std::string::npos) << e.what();
      EXPECT_EQ(std::string(e.what()).find(folder_.path()), 0u) << e.what();
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
    }
  }
  std::vector<double> run(ModelMaker& m, const std::string& output) {
    const Graph graph = read(m, output);
    return run_reference(graph, sample_input(graph)).front();
  }
  TemporaryFolder folder_;
};

}  // namespace halcyon
