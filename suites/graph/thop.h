#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "suites/graph/graph.h"

namespace halcyon {

/// Modules that thop gives the same number of operations.
struct ThopTerm {
  std::string what;       // "1x300x200x64 | dw 3x3", "batch norm of 3840000"
  std::int64_t each = 0;  // operations
  int count = 0;          // modules
  std::int64_t total() const { return each * count; }
};

/// What thop 0.1.1 makes of a network: neither MACs nor FLOPs, so it is kept apart from both. It
/// counts a convolution's and a linear layer's multiply-adds; 2 for each element of a batch norm,
/// doubled because it is affine, although inference folds it away; window + 1 for each output of
/// AdaptiveAvgPool2d; and nothing for what it has no rule for: activations other than ReLU's (which
/// count 0), additions, layer scales (whose parameters it does not see either), and functions that
/// are no modules.
struct ThopCount {
  std::vector<ThopTerm> terms;      // in order of appearance
  std::int64_t operations = 0;      // what it calls FLOPs
  std::int64_t parameters = 0;      // that it sees
  std::int64_t macs = 0;            // of the network, for comparison
  std::int64_t all_parameters = 0;  // likewise
};
ThopCount thop_count(const Graph&);

/// "FLOPs: 1382.40M\nParams: 0.02M\n": as the article on three lightweight networks prints it.
std::string thop_printout(const ThopCount&);
nlohmann::json to_json(const ThopCount&);

}  // namespace halcyon
