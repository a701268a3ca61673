#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "suites/graph/graph.h"

namespace halcyon {

/// What is added up over nodes, stages and the whole; for the graph's batch. Layers are
/// convolutions (of every kind) and linear layers.
struct Tally {
  std::int64_t parameters = 0;         // of the source, as frameworks count
  std::int64_t folded_parameters = 0;  // weights and biases that are left for inference
  std::int64_t macs = 0;               // padded taps counted, bias not
  std::int64_t activation_bytes = 0;   // that ops read and write in f32, weights aside; what fold()
                                       // and fuse() take into an op has none of its own
  int layers = 0;
  std::int64_t weight_bytes() const { return folded_parameters * 4; }
  Tally& operator+=(const Tally&);
};

struct NamedTally {
  std::string name;
  Tally tally;
};

/// One shape of layer, and how often the network has it.
struct LayerShape {
  std::string problem;          // "1x56x56x64 | dw 3x3"
  int count = 0;                // layers
  std::int64_t macs = 0;        // of each
  std::int64_t parameters = 0;  // of each: weight and bias; without batch norm and scale
};

struct NetworkCounts {
  std::vector<Tally> nodes;        // by node of the graph
  std::vector<NamedTally> stages;  // in order of appearance
  std::vector<NamedTally> kinds;   // of layers: "1x1", "depthwise", ...; those that there are
  std::vector<LayerShape> shapes;  // distinct, in order of appearance
  std::map<Act, std::int64_t> activations;  // elements
  std::int64_t residual_adds = 0;           // elements
  Tally whole;
};

/// From shapes alone: parameters need no values.
NetworkCounts count(const Graph&);

/// "conv 3x3 32 s2", "batch norm", "gelu", "add".
std::string description_of(const Node&);

/// Everything, with the graph's input and outputs.
nlohmann::json to_json(const Graph&, const NetworkCounts&);

}  // namespace halcyon
