// Quantised models as they are read and written.
#include "kernels/error.h"
#include "suites/graph/plan.h"
#include "suites/graph/sample_graphs.h"
#include "suites/onnx/reading/read_model.h"
#include "suites/onnx/writing/export.h"
#include "suites/quantise/quantise.h"

namespace halcyon {
namespace {

class Quantised : public ReadModel {
 protected:
  std::string byte(ModelMaker& m, std::int64_t zero, onnx::TensorProto::DataType type) {
    onnx::TensorProto& t = *m.graph().add_initializer();
    t.set_name("zero" + std::to_string(m.graph().initializer_size()));
    t.set_data_type(type);
    t.add_int32_data(static_cast<int>(zero));
    return t.name();
  }
  std::string scale(ModelMaker& m, double value) {
    onnx::TensorProto& t = *m.graph().add_initializer();
    t.set_name("scale" + std::to_string(m.graph().initializer_size()));
    t.set_data_type(onnx::TensorProto::FLOAT);
    t.add_float_data(static_cast<float>(value));
    return t.name();
  }
  /// x behind a pair.
  std::string rounded(ModelMaker& m, const std::string& x, double step, std::int64_t zero,
                      onnx::TensorProto::DataType type = onnx::TensorProto::UINT8) {
    const std::string s = scale(m, step), z = byte(m, zero, type);
    return m.node("DequantizeLinear", {m.node("QuantizeLinear", {x, s, z}), s, z});
  }
  Stored stored(const Graph& graph, const std::string& node) {
    for (const Node& n : graph.nodes)
      if (n.name == node) return graph.values[n.output].stored;
    ADD_FAILURE() << "no node " << node;
    return {};
  }
};

TEST_F(Quantised, WhatIsWrittenIsReadAsTheSamePlan) {
  Graph graph = sample_network();
  seed_parameters(graph, 1);
  const Graph low = in_i8(graph, {RangeMethod::minmax, calibration_inputs(graph, 1)});
  write_onnx(low, folder_.path() + "/low.onnx");
  const Graph back = read_onnx(folder_.path() + "/low.onnx");
  EXPECT_EQ(back.name, "sample-i8");
  const Plan wanted = plan_of(low, Cut::ops), found = plan_of(back, Cut::ops);
  ASSERT_EQ(found.calls.size(), wanted.calls.size());
  for (std::size_t i = 0; i < wanted.calls.size(); ++i)
    EXPECT_EQ(found.calls[i].problem.text(), wanted.calls[i].problem.text());
  ASSERT_EQ(found.constants.size(), wanted.constants.size());
  for (std::size_t i = 0; i < wanted.constants.size(); ++i)
    EXPECT_EQ(found.constants[i].values, wanted.constants[i].values) << wanted.constants[i].name;
}

TEST_F(Quantised, APairRoundsWhatItStandsOn) {
  ModelMaker m;
  const std::string y = m.node("Relu", {rounded(m, "x", 0.5, 100)});
  const Graph graph = read(m, rounded(m, y, 0.25, 0));
  EXPECT_EQ(graph.input().stored, (Stored{DType::u8, {0.5, 100}}));
  EXPECT_EQ(graph.values[graph.outputs[0]].stored, (Stored{DType::u8, {0.25, 0}}));
}

TEST_F(Quantised, SignedStepsAreTheSame128Lower) {
  ModelMaker m;
  const Graph graph = read(m, m.node("Relu", {rounded(m, "x", 0.5, -28, onnx::TensorProto::INT8)}));
  EXPECT_EQ(graph.input().stored, (Stored{DType::u8, {0.5, 100}}));
}

TEST_F(Quantised, AProductWithARoundedGateIsTheActivation) {
  ModelMaker m;
  const std::string x = rounded(m, "x", 0.5, 100);
  const std::string gate = rounded(m, m.node("Sigmoid", {x}), 1. / 255, 0);
  EXPECT_EQ(words(m, rounded(m, m.node("Mul", {x, gate}), 0.25, 3)), "act:silu");
}

TEST_F(Quantised, AGateThatIsRoundedByItselfIsNoProduct) {
  ModelMaker m;
  const Graph graph = read(m, rounded(m, m.node("Sigmoid", {"x"}), 1. / 255, 0));
  EXPECT_EQ(graph.nodes.size(), 1u);
  EXPECT_TRUE(graph.values[graph.outputs[0]].stored.is_rounded());
}

TEST_F(Quantised, RoundedTwiceIsAValueOfItsOwn) {
  ModelMaker m;
  const Graph graph = read(m, m.node("Relu", {rounded(m, rounded(m, "x", 0.5, 100), 0.25, 9)}));
  EXPECT_EQ(graph.nodes.size(), 2u);
  EXPECT_EQ(graph.values[graph.nodes[0].output].stored, (Stored{DType::u8, {0.25, 9}}));
}

TEST_F(Quantised, WhatCannotBeIsRefused) {
  {
    ModelMaker m;
    const std::string r = m.node("Relu", {"x"});
    expect_refused(m, m.node("Add", {rounded(m, r, 0.5, 0), r}), "quantised and as it is");
  }
  {
    ModelMaker m;
    const std::string s = scale(m, 1), z = byte(m, 0, onnx::TensorProto::UINT8);
    expect_refused(m, m.node("Relu", {m.node("QuantizeLinear", {"x", s, z})}),
                   "right before DequantizeLinear");
  }
  {
    ModelMaker m;
    expect_refused(m, rounded(m, "x", -1, 0), "allowed a positive one");
  }
  {
    ModelMaker m;
    const std::string z = byte(m, 0, onnx::TensorProto::UINT8);
    const std::string q = m.node("QuantizeLinear", {"x", scale(m, 1), z});
    expect_refused(m, m.node("DequantizeLinear", {q, scale(m, 2), z}), "another scale");
  }
}

}  // namespace
}  // namespace halcyon
