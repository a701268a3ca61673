#pragma once
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "kernels/problem/problem.h"
#include "suites/graph/graph.h"

namespace halcyon {

/// A tensor between calls. All but the input and the outputs lie in one arena, placed by liveness.
struct PlanTensor {
  enum Place { arena, input, output };
  std::string name;
  Shape shape;  // NHWC, of one image; the input and the outputs hold `batch` of them
  Place place = arena;
  std::size_t offset = 0;  // bytes from the start of the arena, a multiple of 64
  DType dtype = DType::f32;
  std::size_t bytes() const {  // of one image
    return static_cast<std::size_t>(shape.elements() * bytes_of(dtype));
  }
};

/// Weights or biases of a call, batch norm and scales folded in; logical layout, as the argument's
/// TensorSpec says.
struct PlanConstant {
  std::string name;
  Tensor values;
};

/// Where an argument of a call comes from.
struct PlanArgument {
  enum From { tensor, constant };
  From from = tensor;
  int index = 0;  // in Plan::tensors or Plan::constants
};

/// One problem of the network, in its place.
struct PlanCall {
  std::string name;                     // unique; of the last node that it covers
  std::string stage;                    // of that node
  std::vector<std::string> nodes;       // of the source graph, that it computes
  Problem problem;                      // of one image
  std::vector<PlanArgument> arguments;  // in the order of problem.tensors()
};

/// How a network runs: a flat list of calls on placed tensors. Calls are of one image; a batch is
/// one pass of the list for each.
struct Plan {
  std::string network, cut;  // cut: which ops share a problem: "ops", "blocks",
                             // "ops+2": ops, and two chains
  int batch = 1;
  std::vector<PlanTensor> tensors;
  int input = 0;                        // tensor
  std::vector<int> outputs;             // tensors, in the graph's order
  std::vector<PlanConstant> constants;  // in the order in which calls read them
  std::vector<PlanCall> calls;
  std::size_t arena_bytes = 0;         // of all tensors placed in it
  std::size_t largest_live_bytes = 0;  // the most that lives at once in it: no placement needs less
};

/// Which ops of a network share a problem. `ops`: each op with the activation, scaling and residual
/// around it; `blocks`: a whole block where the grammar says it in one line.
enum class Cut { ops, blocks };
const char* to_text(Cut);  // "ops"
/// The cut called `word`; false when there is none.
bool cut_from_text(std::string_view word, Cut* out);

/// A cut and exceptions from it: where `blocks` would make one of the `fused` (canonical lines of
/// problems, sorted, each once), it is one call; everything else is as in `base`.
struct CutChoice {
  Cut base = Cut::ops;
  std::vector<std::string> fused;
  CutChoice(Cut cut = Cut::ops, std::vector<std::string> chains = {})
      : base(cut), fused(std::move(chains)) {}
};
std::string to_text(const CutChoice&);  // "ops+2"

/// Folds, fuses, cuts and places a graph whose parameters have their values. Exact up to rounding.
/// `threads`: that will share out each call's work.
Plan plan_of(const Graph&, const CutChoice&, int threads = 1);

/// Whether a call computes the problem of this canonical line.
bool has_problem(const Plan&, const std::string& line);

/// Calls, problems, tensors and offsets; no values.
nlohmann::json to_json(const Plan&);

}  // namespace halcyon
