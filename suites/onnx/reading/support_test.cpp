#include "suites/onnx/reading/support.h"

#include "suites/onnx/reading/read_model.h"

namespace halcyon {
namespace {

using Support = ReadModel;

TEST_F(Support, WhatThereIsNotIsNamedWithItsNode) {
  const auto refused = [&](const std::string& why, const Write& write, int opset = 13) {
    ModelMaker m({1, 4, 6, 6}, opset);
    const std::string y = write(m, "x");
    expect_refused(m, y, why);
  };
  using M = ModelMaker;
  using S = std::string;
  refused("unsupported: 1 Softmax; the first is node 'Softmax_1'; allowed: Add, AveragePool,",
          [](M& m, const S& x) { return m.node("Softmax", {x}); });
  refused("unsupported: 1 com.microsoft.Gelu;", [](M& m, const S& x) {
    const S y = m.node("Gelu", {x});
    m.last().set_domain("com.microsoft");
    return y;
  });
  refused("unsupported: 1 Gelu (approximate tanh);", [](M& m, const S& x) {
    const S y = m.node("Gelu", {x});
    m.with("approximate", "tanh");
    return y;
  });
  refused("unsupported: 1 Clip (min -1, max 1);", [](M& m, const S& x) {
    return m.node("Clip", {x, m.scalar(-1), m.scalar(1)});
  });
  refused("groups 3 do not divide the 4 input channels", [](M& m, const S& x) {
    const S y = m.node("Conv", {x, m.random({8, 4, 1, 1})});
    m.with("group", std::int64_t{3});
    return y;
  });
  refused("attribute 'sparkle': found where none of that name is known", [](M& m, const S& x) {
    const S y = m.node("GlobalAveragePool", {x});
    m.with("sparkle", std::int64_t{3});
    return y;
  });
  refused("found (8, 3, 1, 1), allowed (8, 4, 1, 1)", [](M& m, const S& x) {
    return m.node("Conv", {x, m.random({8, 3, 1, 1})});
  });
  refused("found values of FLOAT16; allowed: FLOAT", [](M& m, const S& x) {
    onnx::TensorProto half = M::tensor({8, 4, 1, 1}, {});
    half.set_data_type(onnx::TensorProto::FLOAT16);
    half.set_raw_data(S(64, '\0'));
    return m.node("Conv", {x, m.initializer(half)});
  });
  refused("found axes (1, c*h*w), allowed (n, c)", [](M& m, const S& x) {
    return m.node("Gemm", {m.node("Flatten", {x}), m.random({144, 5})});
  });
  refused("allowed the whole map", [](M& m, const S& x) {
    const S y = m.node("AveragePool", {x});
    m.with("kernel_shape", M::Dims{2, 2});
    return y;
  });
  refused("found a Pad of 0.000000 before it, allowed of 0 after relu", [](M& m, const S& x) {
    const S y = m.node("MaxPool", {m.node("Pad", {x, m.integers({0, 0, 1, 1, 0, 0, 1, 1})})});
    m.with("kernel_shape", M::Dims{3, 3});
    return y;
  });
  refused(
      "found opset 21; allowed: 11 to 20", [](M& m, const S& x) { return m.node("Relu", {x}); },
      21);
}

}  // namespace
}  // namespace halcyon
