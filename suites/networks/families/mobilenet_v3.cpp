#include "suites/networks/families/torchvision.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

struct MobileNetV3 {
  int stem = 0, features = 0, hidden = 0, classes = 0;
  Act act = Act::hardswish;  // of stem and head
  std::vector<InvertedResidual> blocks;
  double eps = 1e-3;
};

InvertedResidual read_block(Reader row, double eps) {
  InvertedResidual block;
  block.kernel = static_cast<int>(row.integer("kernel", 1, 15));
  block.expanded = read_channels(row, "expanded");
  block.channels = read_channels(row, "channels");
  block.se = {read_channels_or_none(row, "squeeze"), Act::relu, Act::hardsigmoid};
  block.act = read_act(row, "act");
  block.stride = static_cast<int>(row.integer("stride", 1, 8));
  block.eps = eps;
  row.finish();
  return block;
}

Graph build(const MobileNetV3& net, const std::string& name, const Shape& input) {
  GraphBuilder b(name, input);
  b.stage("stem");
  int x = add_conv_norm(b, "features.0", 0, square(net.stem, 3, 2), net.eps, net.act);
  for (std::size_t i = 0; i < net.blocks.size(); ++i) {
    b.stage("block" + std::to_string(i));
    x = add_inverted_residual(b, "features." + std::to_string(i + 1) + ".block", x, net.blocks[i]);
  }
  b.stage("head");
  const std::string last = "features." + std::to_string(net.blocks.size() + 1);
  x = add_conv_norm(b, last, x, square(net.features, 1), net.eps, net.act);
  x = b.linear("classifier.0", b.gap("avgpool", x), net.hidden);
  x = b.linear("classifier.3", b.act("classifier.1", x, net.act), net.classes);
  return b.finish({x});
}

GraphMaker read(Reader& reader) {
  MobileNetV3 net;
  net.eps = read_eps(reader);
  net.stem = read_channels(reader, "stem");
  net.act = read_act(reader, "act");
  for (std::size_t i = 0; i < reader.array("blocks").size(); ++i)
    net.blocks.push_back(read_block(reader.element("blocks", i), net.eps));
  net.features = read_channels(reader, "features");
  net.hidden = read_channels(reader, "hidden");
  net.classes = read_classes(reader);
  return [net](const std::string& name, const Shape& input) { return build(net, name, input); };
}

}  // namespace

extern const NetworkFamily mobilenet_v3_family{
    "mobilenet_v3", "inverted residuals with squeeze-and-excite, hard-swish", read};

}  // namespace halcyon
