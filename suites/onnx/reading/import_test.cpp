// Models in the ways that exporters write them. What a model means is checked against ONNX Runtime
// elsewhere; here it is that a chain of nodes becomes the one node of ours that it is.
#include "suites/onnx/reading/import.h"

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "results/files/temporary_folder.h"
#include "suites/onnx/sample_models.h"

namespace halcyon {
namespace {

class Import : public testing::Test {
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

TEST_F(Import, GeluIsFoundInEveryOrderOfItsFactors) {
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

TEST_F(Import, HardSwishAndHardSigmoidAreFoundAsNodesAndChains) {
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

TEST_F(Import, ClampsAndSigmoidsAreActivations) {
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

TEST_F(Import, AProductWithAGateOfItselfIsAnActivationEvenWhenItIsAProduct) {
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

TEST_F(Import, SqueezeAndExciteIsReadAsConvolutionsAndAsMatrices) {
  ModelMaker m;
  std::string gate = m.node("ReduceMean", {"x"});
  m.with("axes", ModelMaker::Dims{2, 3}).with("keepdims", std::int64_t{0});
  gate = m.node("Relu", {m.node("Gemm", {gate, m.random({4, 2}), m.random({2})})});
  gate = m.node("Add", {m.node("MatMul", {gate, m.random({2, 4})}), m.random({4})});
  gate = m.node("Sigmoid", {gate});
  gate = m.node("Reshape", {gate, m.integers({1, 4, 1, 1})});
  EXPECT_EQ(words(m, m.node("Mul", {gate, "x"})), "gap linear act:relu linear act:sigmoid scale");
}

TEST_F(Import, AHeadIsReadInEveryForm) {
  using M = ModelMaker;
  const std::vector<Write> pools = {
      [](M& m, const std::string& x) { return m.node("GlobalAveragePool", {x}); },
      [](M& m, const std::string& x) {
        const std::string y = m.node("AveragePool", {x});
        m.with("kernel_shape", M::Dims{6, 6});
        return y;
      },
      [](M& m, const std::string& x) {
        const std::string y = m.node("ReduceMean", {x});
        m.with("axes", M::Dims{-1, -2});
        return y;
      },
      [](M& m, const std::string& x) {
        const std::string tokens = m.node("Reshape", {x, m.integers({0, 4, -1})});
        const std::string y = m.node("ReduceMean", {tokens});
        m.with("axes", M::Dims{2});
        return y;
      }};
  const std::vector<Write> flats = {
      [](M& m, const std::string& x) { return m.node("Flatten", {x}); },
      [](M& m, const std::string& x) {
        return m.node("Reshape", {x, m.integers({-1, 4})});
      },
      [](M& m, const std::string& x) {  // x.view(x.size(0), -1)
        const std::string n = m.node("Gather", {m.node("Shape", {x}), m.integers({0})});
        const std::string dims = m.node("Concat", {n, m.integers({-1})});
        m.with("axis", std::int64_t{0});
        return m.node("Reshape", {x, dims});
      }};
  for (std::size_t i = 0; i < pools.size(); ++i)
    for (std::size_t k = 0; k < flats.size(); ++k)
      EXPECT_EQ(words([&](M& m, const std::string& x) {
                  const std::string flat = flats[k](m, pools[i](m, x));
                  const std::string y = m.node("Gemm", {flat, m.random({5, 4}), m.random({5})});
                  m.with("transB", std::int64_t{1});
                  return y;
                }),
                "gap linear")
          << i << " " << k;
  EXPECT_EQ(words([&](M& m, const std::string& x) {
              return m.node("Squeeze", {pools[0](m, x), m.integers({2, 3})});
            }),
            "gap");
}

TEST_F(Import, WeightsThatAreTransposedOrScaledInTheModelGiveTheSame) {
  const std::vector<double> weight = sample_values(20, -1, 1, 3), bias = sample_values(5, -1, 1, 4);
  const auto head = [&](const std::function<std::string(ModelMaker&, const std::string&)>& fc) {
    ModelMaker m;
    const std::string flat = m.node("Flatten", {m.node("GlobalAveragePool", {"x"})});
    return run(m, fc(m, flat));
  };
  const auto wanted = head([&](ModelMaker& m, const std::string& x) {
    const std::string y = m.node("Gemm", {x, m.floats({5, 4}, weight), m.floats({5}, bias)});
    m.with("transB", std::int64_t{1});
    return y;
  });
  EXPECT_EQ(wanted, head([&](ModelMaker& m, const std::string& x) {
              const std::string turned = m.node("Transpose", {m.floats({5, 4}, weight)});
              m.with("perm", ModelMaker::Dims{1, 0});
              return m.node("Add", {m.floats({5}, bias), m.node("MatMul", {x, turned})});
            }));
  std::vector<double> halves = weight, doubles = bias;
  for (double& v : halves) v *= 2;
  for (double& v : doubles) v /= 2;
  EXPECT_EQ(wanted, head([&](ModelMaker& m, const std::string& x) {
              const std::string y =
                  m.node("Gemm", {x, m.floats({5, 4}, halves), m.floats({1, 5}, doubles)});
              m.with("transB", std::int64_t{1}).with("alpha", 0.5).with("beta", 2.0);
              return y;
            }));
}

TEST_F(Import, PaddingIsTakenFromWhereverItIsSaid) {
  const auto windows = [&](const Write& write, int extent) {
    ModelMaker m({1, 4, extent, extent});
    const Node node = read(m, write(m, "x")).nodes.back();
    EXPECT_EQ(node.op.h, node.op.w);
    return node.op.h;
  };
  const auto conv = [](ModelMaker& m, const std::string& x, int stride) {
    const std::string y = m.node("Conv", {x, m.random({8, 4, 3, 3})});
    m.with("strides", ModelMaker::Dims{stride, stride});
    return y;
  };
  const auto same = [&](const char* mode, int stride, int extent) {
    return windows(
        [&](ModelMaker& m, const std::string& x) {
          const std::string y = conv(m, x, stride);
          m.with("auto_pad", mode);
          return y;
        },
        extent);
  };
  EXPECT_EQ(same("SAME_UPPER", 2, 6), (Window{3, 2, 1, 0, 1}));
  EXPECT_EQ(same("SAME_LOWER", 2, 6), (Window{3, 2, 1, 1, 0}));
  EXPECT_EQ(same("SAME_UPPER", 2, 7), (Window{3, 2, 1, 1, 1}));
  EXPECT_EQ(same("SAME_UPPER", 1, 6), (Window{3, 1, 1, 1, 1}));
  EXPECT_EQ(same("VALID", 2, 6), (Window{3, 2, 1, 0, 0}));
  EXPECT_EQ(windows(
                [&](ModelMaker& m, const std::string& x) {
                  const auto pads = m.integers({0, 0, 0, 0, 0, 0, 1, 1});
                  return conv(m, m.node("Pad", {x, pads, m.scalar(0)}), 2);
                },
                6),
            (Window{3, 2, 1, 0, 1}));
  EXPECT_EQ(windows(
                [&](ModelMaker& m, const std::string& x) {
                  const std::string relu = m.node("Relu", {x});
                  const auto pads = m.integers({0, 0, 1, 1, 0, 0, 1, 1});
                  const std::string y = m.node("MaxPool", {m.node("Pad", {relu, pads})});
                  m.with("kernel_shape", ModelMaker::Dims{3, 3});
                  return y;
                },
                6),
            (Window{3, 1, 1, 1, 1}));
  EXPECT_EQ(windows(
                [&](ModelMaker& m, const std::string& x) {
                  const std::string y = m.node("MaxPool", {x});
                  m.with("kernel_shape", ModelMaker::Dims{3, 3})
                      .with("strides", ModelMaker::Dims{2, 2})
                      .with("ceil_mode", std::int64_t{1});
                  return y;
                },
                6),
            (Window{3, 2, 1, 0, 1}));
}

TEST_F(Import, ConstantsPerChannelAreScalesAndShifts) {
  const std::vector<double> k = {2, 3, 4, 5};
  ModelMaker m({1, 4, 2, 2});
  std::string y = m.node("Sub", {"x", m.floats({1, 4, 1, 1}, k)});
  y = m.node("Div", {y, m.floats({4, 1, 1}, {2, 4, 8, 16})});
  y = m.node("Sub", {m.scalar(1), m.node("Add", {m.floats({1, 4, 1, 1}, k), y})});
  const Graph graph = read(m, y);
  const std::vector<double> input = numbers_of<double>(sample_input(graph));
  const auto out = run_reference(graph, sample_input(graph)).front();
  for (std::size_t i = 0; i < input.size(); ++i) {
    const std::size_t c = i % 4;
    const double divisor[] = {2, 4, 8, 16};
    EXPECT_NEAR(out[i], 1 - (k[c] + (input[i] - k[c]) / divisor[c]), 1e-12);
  }
}

TEST_F(Import, TokensAreMapsOfAnotherShape) {
  // Attention's linear layers, as PyTorch has them: NCHW to N(HW)C, a product, and back.
  ModelMaker m;
  std::string t = m.node("Reshape", {"x", m.integers({1, 4, 36})});
  t = m.node("Transpose", {t});
  m.with("perm", ModelMaker::Dims{0, 2, 1});
  t = m.node("Add", {m.node("MatMul", {t, m.random({4, 8})}), m.random({8})});
  t = m.node("Transpose", {t});
  m.with("perm", ModelMaker::Dims{0, 2, 1});
  EXPECT_EQ(words(m, m.node("Reshape", {t, m.integers({1, 8, 6, 6})})), "pw");
}

TEST_F(Import, ResizeIsBilinearByTwoWhetherByScalesOrSizes) {
  const auto resize = [](const std::string& mode, const std::string& place, bool sizes) {
    return [=](ModelMaker& m, const std::string& x) {
      const std::string y = sizes ? m.node("Resize", {x, "", "", m.integers({1, 4, 12, 12})})
                                  : m.node("Resize", {x, "", m.floats({4}, {1, 1, 2, 2})});
      m.with("mode", mode.c_str()).with("coordinate_transformation_mode", place.c_str());
      return y;
    };
  };
  EXPECT_EQ(words(resize("linear", "half_pixel", false)), "upsample2x");
  EXPECT_EQ(words(resize("linear", "pytorch_half_pixel", true)), "upsample2x");
  for (const auto& [mode, place] : {std::pair{"nearest", "half_pixel"},
                                    {"linear", "align_corners"},
                                    {"linear", "asymmetric"},
                                    {"cubic", "half_pixel"}}) {
    ModelMaker m;
    const std::string y = resize(mode, place, false)(m, "x");
    expect_refused(
        m, y,
        std::string("unsupported: 1 Resize (") +
            (mode == std::string("linear") ? "coordinate_transformation_mode " : "mode ") +
            (mode == std::string("linear") ? place : mode));
  }
}

TEST_F(Import, AnOpenBatchIsOneOrWhatIsAskedFor) {
  ModelMaker m({0, 4, 6, 6});
  m.output(m.node("Relu", {"x"}));
  const std::string path = m.save(folder_.path() + "/m.onnx");
  EXPECT_EQ(read_onnx(path).input().shape.n, 1);
  EXPECT_EQ(read_onnx(path, 3).input().shape, (Shape{3, 6, 6, 4}));
  ModelMaker fixed;
  fixed.output(fixed.node("Relu", {"x"}));
  EXPECT_THROW(read_onnx(fixed.save(folder_.path() + "/f.onnx"), 3), Error);
}

TEST_F(Import, NodesThatNothingReadsAreDropped) {
  ModelMaker m;
  const std::string y = m.node("Relu", {m.node("Identity", {m.node("Dropout", {"x"}, 2)})});
  m.node("NonMaxSuppression", {y});
  EXPECT_EQ(words(m, y), "act:relu");
}

TEST_F(Import, WhatIsNotSupportedIsNamedWithItsNode) {
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
