#pragma once
#include <string>
#include <vector>

#include "suites/graph/graph.h"

namespace halcyon {

/// An op with what is done to its result before it is stored, or a chain of such.
struct Unit {
  DType dtype = DType::f32;     // of its problem: convert.h
  std::vector<Op> ops;          // with their epilogues; never empty
  std::vector<int> inputs;      // values: the input, then further inputs in the order of the line
  std::vector<int> parameters;  // per op: weight, bias; -1 where it has none
  std::vector<int> results;     // values: per op; the last is the output
  int output = -1;              // value
  int sums = -1;                // value that holds the sums of the last op; -1: none
  std::string name, stage;      // of the last node
  std::vector<std::string> nodes;
};

/// Groups the nodes of a folded graph into units, in an order in which they can run: activation,
/// residual and scaling go into the op before them; a pointwise layer on one pixel is a linear one;
/// a global average beside a scaling (squeeze-and-excite) becomes sums of the op before it, and the
/// division by the number of pixels goes into the weights behind. What is held in less than f32 is
/// where a unit ends, as a sum is not; without `with_sums` every average is a unit of its own.
std::vector<Unit> fuse(Graph&, bool with_sums = true);

}  // namespace halcyon
