#include "suites/networks/families/torchvision.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

/// A row of the paper's table: `repeats` blocks, of which the first has the stride.
struct BottleneckStage {
  int expand = 1, channels = 0, repeats = 1, stride = 1;
};

struct MobileNetV2 {
  int stem = 0, features = 0, classes = 0;
  Act act = Act::relu6;
  std::vector<BottleneckStage> stages;
  double eps = 1e-5;
};

BottleneckStage read_stage(Reader row) {
  BottleneckStage stage;
  stage.expand = static_cast<int>(row.integer("expand", 1, 64));
  stage.channels = read_channels(row, "channels");
  stage.repeats = static_cast<int>(row.integer("repeats", 1, 1000));
  stage.stride = static_cast<int>(row.integer("stride", 1, 8));
  row.finish();
  return stage;
}

/// torchvision keeps the project convolution outside a Conv2dNormActivation, so its names differ
/// from those of the later families.
int add_block(GraphBuilder& b, const std::string& name, int x, const MobileNetV2& net,
              const BottleneckStage& stage, int stride) {
  const int in = b.shape(x).c, expanded = in * stage.expand;
  int child = 0, y = x;
  const auto next = [&] { return name + "." + std::to_string(child++); };
  if (stage.expand != 1) y = add_conv_norm(b, next(), y, square(expanded, 1), net.eps, net.act);
  y = add_conv_norm(b, next(), y, square(expanded, 3, stride, expanded), net.eps, net.act);
  y = b.conv(next(), y, square(stage.channels, 1, 1, 1, false));
  y = b.batchnorm(next(), y, net.eps);
  return stride == 1 && in == stage.channels ? b.add(name + ".add", x, y) : y;
}

Graph build(const MobileNetV2& net, const std::string& name, const Shape& input) {
  GraphBuilder b(name, input);
  b.stage("stem");
  int feature = 0;
  const auto next = [&] { return "features." + std::to_string(feature++); };
  int x = add_conv_norm(b, next(), 0, square(net.stem, 3, 2), net.eps, net.act);
  for (std::size_t i = 0; i < net.stages.size(); ++i) {
    b.stage("stage" + std::to_string(i));
    for (int block = 0; block < net.stages[i].repeats; ++block)
      x = add_block(b, next() + ".conv", x, net, net.stages[i], block ? 1 : net.stages[i].stride);
  }
  b.stage("head");
  x = add_conv_norm(b, next(), x, square(net.features, 1), net.eps, net.act);
  return b.finish({b.linear("classifier.1", b.gap("avgpool", x), net.classes)});
}

GraphMaker read(Reader& reader) {
  MobileNetV2 net;
  net.eps = read_eps(reader);
  net.stem = read_channels(reader, "stem");
  net.act = read_act(reader, "act");
  for (std::size_t i = 0; i < reader.array("stages").size(); ++i)
    net.stages.push_back(read_stage(reader.element("stages", i)));
  net.features = read_channels(reader, "features");
  net.classes = read_classes(reader);
  return [net](const std::string& name, const Shape& input) { return build(net, name, input); };
}

}  // namespace

extern const NetworkFamily mobilenet_v2_family{"mobilenet_v2",
                                               "inverted residuals with linear bottlenecks", read};

}  // namespace halcyon
