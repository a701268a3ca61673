#include "suites/graph/graph.h"

namespace halcyon {

std::int64_t Parameter::elements() const {
  std::int64_t product = 1;
  for (const int extent : extents) product *= extent;
  return product;
}

void Parameter::assign(double value) {
  values = Tensor(values.dtype(), static_cast<std::size_t>(elements()));
  transform(values, [&](double, std::size_t) { return value; });
}

std::vector<int> Graph::readers(int value) const {
  std::vector<int> found;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const int input : nodes[i].inputs)
      if (input == value) {
        found.push_back(static_cast<int>(i));
        break;
      }
  return found;
}

bool is_word(const Node& node, std::string_view word) {
  return node.kind == NodeKind::op && node.op.word() == word;
}

bool is_affine(const Node& node) {
  return node.kind == NodeKind::batchnorm || node.kind == NodeKind::channel_scale;
}

std::int64_t macs_of(const Node& node) {
  const bool counts = node.kind == NodeKind::op && node.op.kind->macs;
  return counts ? node.op.kind->macs(node.op, false) : 0;
}

std::int64_t macs_of(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Node& node : graph.nodes) sum += macs_of(node);
  return sum;
}

std::int64_t parameters_of(const Graph& graph) {
  std::int64_t sum = 0;
  for (const Parameter& p : graph.parameters)
    if (is_counted(p.role)) sum += p.elements();
  return sum;
}

}  // namespace halcyon
