#include "suites/networks/families/torchvision.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

/// `blocks` basic blocks, of which the first has the stride.
struct ResidualLayer {
  int channels = 0, blocks = 1, stride = 1;
};

struct ResNet {
  int stem = 0, classes = 0;
  std::vector<ResidualLayer> layers;
  double eps = 1e-5;
};

ResidualLayer read_layer(Reader row) {
  ResidualLayer layer;
  layer.channels = read_channels(row, "channels");
  layer.blocks = static_cast<int>(row.integer("blocks", 1, 1000));
  layer.stride = static_cast<int>(row.integer("stride", 1, 8));
  row.finish();
  return layer;
}

/// Two 3x3 convolutions around a residual, which a 1x1 convolution fits where the shape changes.
int add_basic_block(GraphBuilder& b, const std::string& name, int x, int channels, int stride,
                    double eps) {
  const auto normed = [&](const char* conv, const char* norm, int v, Convolution c) {
    c.bias = false;
    return b.batchnorm(name + norm, b.conv(name + conv, v, c), eps);
  };
  int y = normed(".conv1", ".bn1", x, square(channels, 3, stride));
  y = normed(".conv2", ".bn2", b.act(name + ".relu1", y, Act::relu), square(channels, 3));
  if (stride != 1 || b.shape(x).c != channels)
    x = normed(".downsample.0", ".downsample.1", x, square(channels, 1, stride));
  return b.act(name + ".relu2", b.add(name + ".add", y, x), Act::relu);
}

Graph build(const ResNet& net, const std::string& name, const Shape& input) {
  GraphBuilder b(name, input);
  b.stage("stem");
  int x = b.batchnorm("bn1", b.conv("conv1", 0, square(net.stem, 7, 2, 1, false)), net.eps);
  const Window window{.kernel = 3, .stride = 2, .pad_lo = 1, .pad_hi = 1};
  x = b.maxpool("maxpool", b.act("relu", x, Act::relu), window, window);
  for (std::size_t i = 0; i < net.layers.size(); ++i) {
    const ResidualLayer& layer = net.layers[i];
    const std::string stage = "layer" + std::to_string(i + 1);
    b.stage(stage);
    for (int block = 0; block < layer.blocks; ++block)
      x = add_basic_block(b, stage + "." + std::to_string(block), x, layer.channels,
                          block ? 1 : layer.stride, net.eps);
  }
  b.stage("head");
  return b.finish({b.linear("fc", b.gap("avgpool", x), net.classes)});
}

GraphMaker read(Reader& reader) {
  ResNet net;
  net.eps = read_eps(reader);
  net.stem = read_channels(reader, "stem");
  for (std::size_t i = 0; i < reader.array("layers").size(); ++i)
    net.layers.push_back(read_layer(reader.element("layers", i)));
  net.classes = read_classes(reader);
  return [net](const std::string& name, const Shape& input) { return build(net, name, input); };
}

}  // namespace

extern const NetworkFamily resnet_family{"resnet", "basic residual blocks", read};

}  // namespace halcyon
