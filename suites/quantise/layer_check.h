#pragma once
#include <functional>
#include <optional>
#include <string>

#include "kernels/oracle/tensor.h"
#include "suites/graph/graph.h"

namespace halcyon {

/// How far a run's tensors are from what plain loops of the graph make of what each node was given
/// in that run.
struct LayerCheck {
  double most_steps = 0;   // of any element
  double share_off = 0;    // of elements that are off at all
  std::string where = {};  // the tensor that is off by most; empty when none is
};
/// Of a graph in less than f32: `found` has a value by its name as the run stored it; none where it
/// is inside of a kernel. Of 16 bits a step is that to the next number, near zero one of what f32
/// loses of a sum.
LayerCheck check_layers(const Graph&, TensorView input,
                        const std::function<std::optional<Tensor>(const std::string&)>& found);

}  // namespace halcyon
