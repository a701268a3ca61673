#include "suites/onnx/reading/import.h"

#include "suites/onnx/reading/read_model.h"

namespace halcyon {
namespace {

using Import = ReadModel;

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

}  // namespace
}  // namespace halcyon
