#include "suites/graph/graph.h"

#include <algorithm>

namespace halcyon {

double Stored::rounded(double value) const {
  if (only_clamps) return std::clamp(value, quantisation.value(0), quantisation.value(255));
  if (dtype == DType::u8) return quantisation.value(quantisation.of(value));
  return rounded_to(dtype, value);
}

std::vector<std::int64_t> source_dims(const Value& v) {
  if (!v.dims.empty()) return v.dims;
  if (v.flat) return {v.shape.n, v.shape.c};
  return {v.shape.n, v.shape.c, v.shape.h, v.shape.w};
}

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

bool is_rounded(const Graph& graph) {
  return std::any_of(graph.values.begin(), graph.values.end(),
                     [](const Value& v) { return v.stored.is_rounded(); });
}

DType dtype_of(const Graph& graph) {
  const auto found = std::find_if(graph.values.begin(), graph.values.end(),
                                  [](const Value& v) { return v.stored.is_rounded(); });
  return found == graph.values.end() ? DType::f32 : found->stored.problem_dtype();
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
