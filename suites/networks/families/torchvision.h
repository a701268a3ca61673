#pragma once
#include <optional>

#include "kernels/strict_json.h"
#include "suites/graph/builder.h"

// What torchvision's networks share; nodes are named so that parameters have the names of its state
// dictionaries.
namespace halcyon {

/// A convolution without bias, batch norm, and an activation if any: <name>.0, <name>.1, <name>.2.
int add_conv_norm(GraphBuilder&, const std::string& name, int x, Convolution, double eps,
                  std::optional<Act> = {});

/// x times the gate that two biased 1x1 layers make of its average:
/// gate(fc2(act(fc1(avgpool(x))))).
struct SqueezeExcite {
  int squeeze = 0;  // channels between the two; 0: there is none
  Act act = Act::relu, gate = Act::hardsigmoid;
};
int add_squeeze_excite(GraphBuilder&, const std::string& name, int x, const SqueezeExcite&);

/// MobileNetV2's block, of V3 and EfficientNet too: expand (absent where it would not), depthwise,
/// squeeze and excite if any, project; residual when the shape stays.
struct InvertedResidual {
  int kernel = 3, stride = 1, expanded = 0, channels = 0;
  Act act = Act::relu6;
  SqueezeExcite se;
  double eps = 1e-5;
};
/// Children are <name>.0, <name>.1, ...: torchvision's `block`; the sum is <name>.add.
int add_inverted_residual(GraphBuilder&, const std::string& name, int x, const InvertedResidual&);

/// The multiple of 8 nearest to v, at least 8 and not under 0.9 v: how these families round widths.
int make_divisible(double v);

// Keys that these families share.
Act read_act(Reader&, const char* key);
int read_channels(Reader&, const char* key);          // 1 .. 65536
int read_channels_or_none(Reader&, const char* key);  // 0 .. 65536
int read_classes(Reader&);                            // "num_classes"
double read_eps(Reader&);                             // "batch_norm_eps"

}  // namespace halcyon
