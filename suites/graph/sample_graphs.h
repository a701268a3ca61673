#pragma once
#include <random>

#include "suites/graph/builder.h"

namespace halcyon {

/// Values for every parameter: variances positive, the rest in [-1, 1].
inline void fill_parameters(Graph& graph, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> any(-1, 1), positive(0.5f, 1.5f);
  for (Parameter& p : graph.parameters) {
    p.assign(0);
    transform(p.values, [&](double, std::size_t) {
      return p.role == ParameterRole::variance ? positive(random) : any(random);
    });
  }
}

/// x + scale * (pw . gelu . pw . bn . dw)(x): HENet's block.
inline int add_dwcb(GraphBuilder& b, const std::string& name, int x, int hidden, int groups) {
  const int c = b.shape(x).c;
  int y = b.batchnorm(name + ".bn", b.conv(name + ".dw", x, square(c, 3, 1, c)), 1e-5);
  y = b.act(name + ".act", b.conv(name + ".pw1", y, square(hidden, 1, 1, groups)), Act::gelu);
  y = b.channel_scale(name + ".scale", b.conv(name + ".pw2", y, square(c, 1)));
  return b.add(name + ".add", x, y);
}

/// MobileNetV3's block: expand, depthwise, squeeze-and-excite, project.
inline int add_inverted_residual(GraphBuilder& b, const std::string& name, int x, int expanded,
                                 int out, int stride) {
  const auto normed = [&](const std::string& n, int v, const Convolution& c) {
    return b.batchnorm(name + n + ".bn", b.conv(name + n, v, c), 1e-3);
  };
  int y =
      b.act(name + ".a1", normed(".expand", x, square(expanded, 1, 1, 1, false)), Act::hardswish);
  y = b.act(name + ".a2", normed(".dw", y, square(expanded, 5, stride, expanded, false)),
            Act::hardswish);
  int gate =
      b.act(name + ".r", b.conv(name + ".fc1", b.gap(name + ".pool", y), square(3, 1)), Act::relu);
  gate = b.act(name + ".s", b.conv(name + ".fc2", gate, square(expanded, 1)), Act::hardsigmoid);
  y = normed(".project", b.scale(name + ".gated", y, gate), square(out, 1, 1, 1, false));
  return out == b.shape(x).c && stride == 1 ? b.add(name + ".add", y, x) : y;
}

/// A small network with everything that the passes know: stem, HENet block, two inverted residuals
/// with squeeze-and-excite, a batch norm that folds forward through the average, a head.
inline Graph sample_network(int batch = 1) {
  GraphBuilder b("sample", {batch, 13, 11, 3});
  b.stage("stem");
  int x = b.conv("stem", 0, square(8, 3, 2));
  x = b.act("stem.relu", b.batchnorm("stem.bn", x, 1e-5), Act::relu);
  b.stage("stage 0");
  x = add_dwcb(b, "block0", x, 16, 2);
  b.stage("stage 1");
  x = add_inverted_residual(b, "block1", x, 12, 8, 1);
  x = add_inverted_residual(b, "block2", x, 20, 10, 2);
  b.stage("head");
  x = b.gap("pool", b.batchnorm("norm", x, 1e-5));
  x = b.act("mix.act", b.batchnorm("mix.bn", b.conv("mix", x, square(14, 1, 1, 1, false)), 1e-5),
            Act::gelu);
  Graph graph = b.finish({b.linear("head", x, 5)});
  return graph;
}

}  // namespace halcyon
