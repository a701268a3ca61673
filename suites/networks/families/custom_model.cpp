#include "suites/networks/families/henet_block.h"
#include "suites/networks/network.h"

// The model that the article on three lightweight networks builds of HENet's block and counts with
// thop: two GroupDWCB with ReLU and hidden = width, then an output layer.
namespace halcyon {
namespace {

Graph build(int width, int outputs, const std::string& name, Shape input) {
  input.c = width;
  GraphBuilder b(name, input);
  b.stage("encoder_layer");
  const HenetBlock block{HenetBlock::group_dwcb, width, Act::relu, true, false};
  int x = 0;
  for (int i = 0; i < 2; ++i)
    x = add_henet_block(b, "encoder_layer." + std::to_string(i), x, block, i);
  b.stage("out_layer");
  x = b.conv("out_layer.0.block.0", x, square(width, 1));
  x = b.act("out_layer.2", b.batchnorm("out_layer.1", x, kHenetEps), Act::relu);
  return b.finish({b.conv("out_layer.3.block.0", x, square(outputs, 1))});
}

GraphMaker read(Reader& reader) {
  const int width = static_cast<int>(reader.integer("d_model", 1, 65536));
  if (group_width(width) == 0)
    reader.fail("d_model", "found " + std::to_string(width) +
                               ", which no group width is known for; allowed: " + group_widths());
  const int outputs = static_cast<int>(reader.integer("output_channels", 1, 65536));
  return [=](const std::string& name, const Shape& input) {
    return build(width, outputs, name, input);
  };
}

}  // namespace

extern const NetworkFamily custom_model_family{
    "custom_model", "two GroupDWCB and an output layer, at the input's resolution", read};

}  // namespace halcyon
