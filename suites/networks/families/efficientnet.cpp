#include <cmath>

#include "suites/networks/families/torchvision.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

/// A row of the paper's table, before scaling.
struct MbConvStage {
  int expand = 1, kernel = 3, stride = 1, in = 0, out = 0, repeats = 1;
};

struct EfficientNet {
  double width = 1, depth = 1;
  int stem = 0, classes = 0;
  bool squeeze_excite = true;
  Act act = Act::silu;
  std::vector<MbConvStage> stages;
  double eps = 1e-5;
  int channels(int base) const { return make_divisible(base * width); }
};

MbConvStage read_stage(Reader row) {
  MbConvStage stage;
  stage.expand = static_cast<int>(row.integer("expand", 1, 64));
  stage.kernel = static_cast<int>(row.integer("kernel", 1, 15));
  stage.stride = static_cast<int>(row.integer("stride", 1, 8));
  stage.in = read_channels(row, "in");
  stage.out = read_channels(row, "out");
  stage.repeats = static_cast<int>(row.integer("repeats", 1, 1000));
  row.finish();
  return stage;
}

/// The squeeze is a quarter of the block's input, not of its expanded width.
InvertedResidual block_of(const EfficientNet& net, const MbConvStage& stage, int in, int stride) {
  InvertedResidual block;
  block.kernel = stage.kernel;
  block.stride = stride;
  block.expanded = make_divisible(in * stage.expand);
  block.channels = net.channels(stage.out);
  block.act = net.act;
  if (net.squeeze_excite) block.se = {std::max(1, in / 4), net.act, Act::sigmoid};
  block.eps = net.eps;
  return block;
}

int add_stage(GraphBuilder& b, const std::string& name, int x, const EfficientNet& net,
              const MbConvStage& stage) {
  if (b.shape(x).c != net.channels(stage.in))
    throw usage_error(name + ": reads " + std::to_string(b.shape(x).c) +
                      " channels, but its row says " + std::to_string(net.channels(stage.in)) +
                      "; allowed: those that the row before gives");
  const int repeats = static_cast<int>(std::ceil(stage.repeats * net.depth));
  for (int i = 0; i < repeats; ++i) {
    const std::string block = name + "." + std::to_string(i) + ".block";
    x = add_inverted_residual(b, block, x,
                              block_of(net, stage, b.shape(x).c, i ? 1 : stage.stride));
  }
  return x;
}

Graph build(const EfficientNet& net, const std::string& name, const Shape& input) {
  GraphBuilder b(name, input);
  b.stage("stem");
  int feature = 0;
  const auto next = [&] { return "features." + std::to_string(feature++); };
  int x = add_conv_norm(b, next(), 0, square(net.channels(net.stem), 3, 2), net.eps, net.act);
  for (std::size_t i = 0; i < net.stages.size(); ++i) {
    b.stage("stage" + std::to_string(i));
    x = add_stage(b, next(), x, net, net.stages[i]);
  }
  b.stage("head");
  x = add_conv_norm(b, next(), x, square(4 * b.shape(x).c, 1), net.eps, net.act);
  return b.finish({b.linear("classifier.1", b.gap("avgpool", x), net.classes)});
}

GraphMaker read(Reader& reader) {
  EfficientNet net;
  net.width = reader.number("width", 0.1, 10);
  net.depth = reader.number("depth", 0.1, 10);
  net.eps = read_eps(reader);
  net.stem = read_channels(reader, "stem");
  net.act = read_act(reader, "act");
  net.squeeze_excite = reader.boolean("squeeze_excite");
  for (std::size_t i = 0; i < reader.array("stages").size(); ++i)
    net.stages.push_back(read_stage(reader.element("stages", i)));
  if (net.stages.empty()) reader.fail("stages", "expected at least one stage");
  net.classes = read_classes(reader);
  return [net](const std::string& name, const Shape& input) { return build(net, name, input); };
}

}  // namespace

extern const NetworkFamily efficientnet_family{
    "efficientnet", "inverted residuals with squeeze-and-excite, scaled in width and depth", read};

}  // namespace halcyon
