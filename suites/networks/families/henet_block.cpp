#include "suites/networks/families/henet_block.h"

#include <algorithm>
#include <cmath>

#include "kernels/problem/op_field.h"

namespace halcyon {
namespace {

struct GroupWidth {
  int width, group;
};
constexpr GroupWidth kGroupWidths[] = {{48, 48},  {64, 64},   {96, 48}, {128, 64},
                                       {192, 64}, {256, 128}, {384, 64}};

struct TorchAct {
  const char* word;
  Act act;
};
constexpr TorchAct kTorchActs[] = {
    {"nn.ReLU", Act::relu}, {"nn.ReLU6", Act::relu6},         {"nn.GELU", Act::gelu},
    {"nn.SiLU", Act::silu}, {"nn.Hardswish", Act::hardswish}, {"nn.Sigmoid", Act::sigmoid},
};

/// Depthwise: 3x3, or five along one axis.
Convolution spatial(HenetBlock::Kind kind, int channels, int index) {
  Convolution c = square(channels, 3, 1, channels);
  if (kind != HenetBlock::alt_dwcb) return c;
  const Window one, five{.kernel = 5, .pad_lo = 2, .pad_hi = 2};
  c.h = index % 2 == 0 ? one : five;
  c.w = index % 2 == 0 ? five : one;
  return c;
}

/// A factor per channel, named as a module that holds it.
int add_layer_scale(GraphBuilder& b, const std::string& name, int x) {
  const int y = b.channel_scale(name, x);
  b.graph().parameters.back().name = name + ".weight";
  return y;
}

/// For each token k: final(proj(g * k) + q), where g is the sum over tokens of q, weighted by
/// a = (q w) / sqrt(C). No softmax: the work is linear in the number of tokens.
int add_linear_attention(GraphBuilder& b, const std::string& name, int x) {
  const int c = b.shape(x).c;
  const int q = b.conv(name + ".query", x, square(c, 1));
  const int k = b.conv(name + ".key", x, square(c, 1));
  int a = b.conv(name + ".w", q, square(1, 1, 1, 1, false));
  b.last().functional = true;  // a product with a bare parameter
  a = b.channel_scale(name + ".root", a);
  Parameter& root = b.graph().parameters.back();
  root.role = ParameterRole::constant;
  root.assign(1 / std::sqrt(c));
  const int g = b.tokensum(name + ".global", q, a);
  const int y = b.conv(name + ".proj", b.scale(name + ".mul", k, g), square(c, 1));
  return b.conv(name + ".final", b.add(name + ".add", y, q), square(c, 1));
}

}  // namespace

int add_henet_block(GraphBuilder& b, const std::string& name, int x, const HenetBlock& block,
                    int index) {
  const int c = b.shape(x).c;
  const int groups = block.kind == HenetBlock::group_dwcb ? c / group_width(c) : 1;
  int y = add_conv_module(b, name + ".dwconv", x, spatial(block.kind, c, index));
  y = b.conv(name + ".pwconv1", y, square(block.hidden, 1, 1, groups));
  y = b.conv(name + ".pwconv2", b.act(name + ".act", y, block.act), square(c, 1));
  if (block.layer_scale) y = add_layer_scale(b, name + ".layer_scale", y);
  y = b.add(name + ".add", x, y);
  return block.extra_act ? b.act(name + ".extra_act", y, block.act) : y;
}

int add_attention_block(GraphBuilder& b, const std::string& name, int x,
                        const AttentionBlock& block) {
  const int c = b.shape(x).c;
  const HenetBlock local{HenetBlock::dwcb, c, block.act, true, block.extra_act};
  x = add_henet_block(b, name + ".local", x, local, 0);
  int y = add_linear_attention(b, name + ".attn", x);
  x = b.add(name + ".attn_add", x, add_layer_scale(b, name + ".attn_scale", y));
  y = b.batchnorm(name + ".mlp.norm", x, kHenetEps);
  y = b.conv(name + ".mlp.fc1", y, square(block.mlp_hidden, 1));
  y = b.conv(name + ".mlp.fc2", b.act(name + ".mlp.act", y, block.act), square(c, 1));
  return b.add(name + ".mlp_add", x, add_layer_scale(b, name + ".mlp_scale", y));
}

int add_conv_module(GraphBuilder& b, const std::string& name, int x, const Convolution& c,
                    const Act* act) {
  const int y = b.batchnorm(name + ".block.1", b.conv(name + ".block.0", x, c), kHenetEps);
  return act ? b.act(name + ".block.2", y, *act) : y;
}

int group_width(int width) {
  const auto row = std::find_if(std::begin(kGroupWidths), std::end(kGroupWidths),
                                [&](const GroupWidth& r) { return r.width == width; });
  return row == std::end(kGroupWidths) ? 0 : row->group;
}

std::string group_widths() {
  std::vector<std::string> widths;
  for (const GroupWidth& row : kGroupWidths) widths.push_back(std::to_string(row.width));
  return joined(widths);
}

Act torch_act(const Reader& reader, const char* key, const std::string& word) {
  std::vector<std::string> known;
  for (const TorchAct& row : kTorchActs) {
    if (word == row.word) return row.act;
    known.push_back(row.word);
  }
  reader.fail(key, "found " + with_guess(word, known) + ", allowed: " + joined(known));
}

}  // namespace halcyon
