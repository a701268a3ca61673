#include "suites/onnx/reading/activation_pattern.h"

#include "suites/onnx/reading/read_model.h"

namespace halcyon {
namespace {

using ActivationPattern = ReadModel;

TEST_F(ActivationPattern, GeluIsFoundInEveryOrderOfItsFactors) {
  const auto erf = [](ModelMaker& m, const std::string& scaled, bool swap) {
    const std::string one = m.constant(1), e = m.node("Erf", {scaled});
    return swap ? m.node("Add", {one, e}) : m.node("Add", {e, one});
  };
  const std::vector<Write> ways = {
      // PyTorch
      [&](ModelMaker& m, const std::string& x) {
        const std::string sum = erf(m, m.node("Div", {x, m.constant(1.4142135f)}), false);
        return m.node("Mul", {m.node("Mul", {x, sum}), m.constant(0.5f)});
      },
      // tf2onnx
      [&](ModelMaker& m, const std::string& x) {
        const std::string sum = erf(m, m.node("Mul", {x, m.scalar(0.70710677f)}), true);
        return m.node("Mul", {m.node("Mul", {m.scalar(0.5f), x}), sum});
      },
      [&](ModelMaker& m, const std::string& x) {
        const std::string sum = erf(m, m.node("Div", {x, m.scalar(1.41421354f)}), true);
        return m.node("Mul", {x, m.node("Mul", {sum, m.scalar(0.5f)})});
      },
      [&](ModelMaker& m, const std::string& x) {
        const std::string sum = erf(m, m.node("Mul", {m.scalar(0.707107f), x}), false);
        return m.node("Div", {m.node("Mul", {sum, x}), m.scalar(2)});
      }};
  for (std::size_t i = 0; i < ways.size(); ++i) EXPECT_EQ(words(ways[i]), "act:gelu") << i;
  EXPECT_EQ(words([](ModelMaker& m, const std::string& x) { return m.node("Gelu", {x}); }, 20),
            "act:gelu");
}

TEST_F(ActivationPattern, HardSwishAndHardSigmoidAreFoundAsNodesAndChains) {
  const auto clip = [](ModelMaker& m, const std::string& x) {
    return m.node("Clip", {m.node("Add", {x, m.constant(3)}), m.constant(0), m.constant(6)});
  };
  const auto node = [](ModelMaker& m, const std::string& x) {
    const std::string y = m.node("HardSigmoid", {x});
    m.with("alpha", 1. / 6).with("beta", .5);
    return y;
  };
  const auto relu6 = [](ModelMaker& m, const std::string& x) {
    return m.node("Min", {m.node("Relu", {m.node("Add", {m.scalar(3), x})}), m.scalar(6)});
  };
  const auto unit = [](ModelMaker& m, const std::string& x) {
    const std::string sixth = m.node("Mul", {x, m.scalar(1.f / 6)});
    return m.node("Clip", {m.node("Add", {sixth, m.scalar(.5f)}), m.scalar(0), m.scalar(1)});
  };
  const std::vector<Write> gates = {node, unit,
                                    [&](ModelMaker& m, const std::string& x) {
                                      return m.node("Div", {clip(m, x), m.constant(6)});
                                    },
                                    [&](ModelMaker& m, const std::string& x) {
                                      return m.node("Mul", {m.scalar(0.16667f), relu6(m, x)});
                                    }};
  for (std::size_t i = 0; i < gates.size(); ++i) {
    EXPECT_EQ(words(gates[i]), "act:hardsigmoid") << i;
    EXPECT_EQ(words([&](ModelMaker& m, const std::string& x) {
                return m.node("Mul", {gates[i](m, x), x});
              }),
              "act:hardswish")
        << i;
  }
  EXPECT_EQ(words([&](ModelMaker& m, const std::string& x) {
              return m.node("Div", {m.node("Mul", {x, clip(m, x)}), m.scalar(6)});
            }),
            "act:hardswish");
  EXPECT_EQ(words([](ModelMaker& m, const std::string& x) { return m.node("HardSwish", {x}); }, 14),
            "act:hardswish");
}

TEST_F(ActivationPattern, ClampsAndSigmoidsAreActivations) {
  using M = ModelMaker;
  using S = std::string;
  EXPECT_EQ(words([](M& m, const S& x) { return m.node("Relu", {x}); }), "act:relu");
  EXPECT_EQ(words([](M& m, const S& x) { return m.node("Clip", {x, m.scalar(0)}); }), "act:relu");
  EXPECT_EQ(words([](M& m, const S& x) { return m.node("Max", {x, m.scalar(0)}); }), "act:relu");
  EXPECT_EQ(words([](M& m, const S& x) {
              return m.node("Clip", {x, m.scalar(0), m.scalar(6)});
            }),
            "act:relu6");
  EXPECT_EQ(words([](M& m, const S& x) {
              return m.node("Min", {m.scalar(6), m.node("Max", {x, m.scalar(0)})});
            }),
            "act:relu6");
  EXPECT_EQ(words([](M& m, const S& x) { return m.node("Sigmoid", {x}); }), "act:sigmoid");
  EXPECT_EQ(words([](M& m, const S& x) {
              return m.node("Mul", {m.node("Sigmoid", {x}), x});
            }),
            "act:silu");
}

TEST_F(ActivationPattern, AProductWithAGateOfItselfIsAnActivationEvenWhenItIsAProduct) {
  // x * k is a value by itself, so that silu's x is a Mul too.
  EXPECT_EQ(words([](ModelMaker& m, const std::string& x) {
              const std::string scaled = m.node("Mul", {x, m.random({4, 1, 1})});
              return m.node("Mul", {scaled, m.node("Sigmoid", {scaled})});
            }),
            "channel_scale act:silu");
  // The gate of another tensor is a gate.
  EXPECT_EQ(words([](ModelMaker& m, const std::string& x) {
              const std::string pool = m.node("GlobalAveragePool", {x});
              return m.node("Mul", {x, m.node("Sigmoid", {pool})});
            }),
            "gap act:sigmoid scale");
}

}  // namespace
}  // namespace halcyon
