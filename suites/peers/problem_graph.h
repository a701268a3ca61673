#pragma once
#include "kernels/oracle/reference.h"
#include "suites/graph/graph.h"

namespace halcyon {

/// A problem as a small network of single steps, to be exported for systems that read models: what
/// it reads beside its input are further inputs of the graph, in their order, and `sums` are means,
/// as every model has them. `arguments`: weights and biases by name, as reference() takes them.
Graph graph_of(const Problem&, const Tensors& arguments);

}  // namespace halcyon
