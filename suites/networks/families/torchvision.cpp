#include "suites/networks/families/torchvision.h"

#include <algorithm>
#include <cmath>

#include "kernels/problem/op_field.h"

namespace halcyon {
namespace {

constexpr int kMostChannels = 65536;
constexpr int kMostClasses = 1 << 20;

}  // namespace

int add_conv_norm(GraphBuilder& b, const std::string& name, int x, Convolution convolution,
                  double eps, std::optional<Act> act) {
  convolution.bias = false;
  const int y = b.batchnorm(name + ".1", b.conv(name + ".0", x, convolution), eps);
  return act ? b.act(name + ".2", y, *act) : y;
}

int add_squeeze_excite(GraphBuilder& b, const std::string& name, int x, const SqueezeExcite& se) {
  int gate = b.conv(name + ".fc1", b.gap(name + ".avgpool", x), square(se.squeeze, 1));
  gate = b.act(name + ".activation", gate, se.act);
  gate = b.conv(name + ".fc2", gate, square(b.shape(x).c, 1));
  return b.scale(name + ".mul", x, b.act(name + ".scale_activation", gate, se.gate));
}

int add_inverted_residual(GraphBuilder& b, const std::string& name, int x,
                          const InvertedResidual& block) {
  const int in = b.shape(x).c;
  int child = 0, y = x;
  const auto next = [&] { return name + "." + std::to_string(child++); };
  if (block.expanded != in)
    y = add_conv_norm(b, next(), y, square(block.expanded, 1), block.eps, block.act);
  const Convolution depthwise = square(block.expanded, block.kernel, block.stride, block.expanded);
  y = add_conv_norm(b, next(), y, depthwise, block.eps, block.act);
  if (block.se.squeeze > 0) y = add_squeeze_excite(b, next(), y, block.se);
  y = add_conv_norm(b, next(), y, square(block.channels, 1), block.eps);
  return block.stride == 1 && block.channels == in ? b.add(name + ".add", x, y) : y;
}

int make_divisible(double v) {
  constexpr int kDivisor = 8;
  const int nearest = static_cast<int>(std::floor((v + kDivisor / 2) / kDivisor)) * kDivisor;
  const int rounded = std::max(kDivisor, nearest);
  return rounded < 0.9 * v ? rounded + kDivisor : rounded;
}

Act read_act(Reader& reader, const char* key) {
  const std::string word = reader.string(key);
  Act act;
  if (act_from_text(word, &act)) return act;
  std::vector<std::string> known;
  for (const Act one : kAllActs) known.emplace_back(to_text(one));
  reader.fail(key, "found " + with_guess(word, known) + ", allowed: " + joined(known));
}

int read_channels(Reader& reader, const char* key) {
  return static_cast<int>(reader.integer(key, 1, kMostChannels));
}

int read_channels_or_none(Reader& reader, const char* key) {
  return static_cast<int>(reader.integer(key, 0, kMostChannels));
}

int read_classes(Reader& reader) {
  return static_cast<int>(reader.integer("num_classes", 1, kMostClasses));
}

double read_eps(Reader& reader) { return reader.number("batch_norm_eps", 1e-9, 1); }

}  // namespace halcyon
