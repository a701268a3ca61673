#pragma once
#include <string>

#include "kernels/strict_json.h"
#include "suites/graph/builder.h"

// HENet's building blocks: structure from Horizon's HAT and the article on three lightweight
// networks, in our own words. Where the article shows a module's name, nodes have it.
namespace halcyon {

/// y = extra_act(x + scale * pw2(act(pw1(bn(dw(x)))))).
struct HenetBlock {
  enum Kind { dwcb, group_dwcb, alt_dwcb } kind = dwcb;
  int hidden = 0;  // channels between the pointwise layers
  Act act = Act::relu;
  bool layer_scale = true, extra_act = false;
};
/// `index`: of the block in its stage; alt_dwcb's window is 1x5 where it is even, 5x1 where odd.
int add_henet_block(GraphBuilder&, const std::string& name, int x, const HenetBlock&, int index);

/// A DWCB, linear attention over the pixels, and a pointwise MLP, each with a residual.
struct AttentionBlock {
  int mlp_hidden = 0;
  Act act = Act::gelu;
  bool extra_act = false;  // inside the DWCB only
};
int add_attention_block(GraphBuilder&, const std::string& name, int x, const AttentionBlock&);

/// A convolution with bias, batch norm, and an activation if any: the article's ConvModule2d.
int add_conv_module(GraphBuilder&, const std::string& name, int x, const Convolution&,
                    const Act* act = nullptr);

constexpr double kHenetEps = 1e-5;  // PyTorch's default

/// Channels that a group of GroupDWCB reads, by the block's width; 0 where the source has none.
int group_width(int width);
std::string group_widths();  // those that it has, for messages
/// "nn.GELU" as an activation; Error at `key` for another word.
Act torch_act(const Reader&, const char* key, const std::string& word);

}  // namespace halcyon
