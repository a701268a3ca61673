#include "suites/graph/reference.h"

#include <cmath>
#include <span>

#include "kernels/error.h"
#include "kernels/reference.h"

namespace halcyon {
namespace {

using Doubles = std::vector<double>;

class Oracle {
 public:
  explicit Oracle(const Graph& graph) : graph_(graph), results_(graph.values.size()) {
    last_reader_.assign(graph.values.size(), -1);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
      for (const int v : graph.nodes[i].inputs) last_reader_[v] = static_cast<int>(i);
    for (const int v : graph.outputs) last_reader_[v] = static_cast<int>(graph.nodes.size());
  }

  std::vector<Doubles> run(const std::vector<float>& input,
                           const std::function<void(const Node&, const Doubles&)>& seen) {
    if (static_cast<std::int64_t>(input.size()) != graph_.input().shape.elements())
      throw data_error("input of " + std::to_string(input.size()) +
                       " elements; allowed: " + to_text(graph_.input().shape));
    results_[0].assign(input.begin(), input.end());
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const Node& node = graph_.nodes[i];
      results_[node.output] = result_of(node);
      if (seen) seen(node, results_[node.output]);
      for (const int v : node.inputs)
        if (last_reader_[v] == static_cast<int>(i)) Doubles().swap(results_[v]);
    }
    std::vector<Doubles> outputs;
    for (const int v : graph_.outputs) outputs.push_back(results_[v]);
    return outputs;
  }

 private:
  Doubles result_of(const Node& node) const {
    const Doubles& x = results_[node.inputs.front()];
    switch (node.kind) {
      case NodeKind::op:
        return run_op(node, x);
      case NodeKind::batchnorm:
        return run_batchnorm(node, x);
      case NodeKind::act:
        return map(x, [&](double v, std::size_t) { return activation(node.act, v); });
      case NodeKind::add: {
        const Doubles& y = results_[node.inputs[1]];
        return map(x, [&](double v, std::size_t i) { return v + y[i]; });
      }
      case NodeKind::scale: {
        const Doubles& gate = results_[node.inputs[1]];
        const std::size_t c = shape(node).c, image = shape(node).elements() / shape(node).n;
        return map(x, [&](double v, std::size_t i) { return v * gate[i / image * c + i % c]; });
      }
      case NodeKind::channel_scale: {
        const auto& factor = values_of(node, 0);
        return map(x, [&](double v, std::size_t i) { return v * factor[i % factor.size()]; });
      }
    }
    throw Error(Exit::internal, "node '" + node.name + "' of no kind");
  }

  template <class Function>
  static Doubles map(const Doubles& x, Function f) {
    Doubles out(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = f(x[i], i);
    return out;
  }

  const Shape& shape(const Node& node) const { return graph_.shape_of(node.output); }

  const std::vector<float>& values_of(const Node& node, std::size_t index) const {
    const Parameter& p = graph_.parameters[node.parameters[index]];
    if (static_cast<std::int64_t>(p.values.size()) != p.elements())
      throw data_error("parameter '" + p.name + "' has " + std::to_string(p.values.size()) +
                       " values; allowed: " + std::to_string(p.elements()));
    return p.values;
  }

  Doubles run_op(const Node& node, const Doubles& x) const {
    Doubles weight, bias(node.op.out.c);
    if (!node.parameters.empty()) {
      const auto& w = values_of(node, 0);
      weight.assign(w.begin(), w.end());
    }
    if (node.has_bias()) {
      const auto& b = values_of(node, 1);
      bias.assign(b.begin(), b.end());
    }
    return node.op.kind->reference(node.op, x, [&](const char* base) -> std::span<const double> {
      if (*base == 'x') return results_[node.inputs[1]];
      return *base == 'w' ? weight : bias;
    });
  }

  Doubles run_batchnorm(const Node& node, const Doubles& x) const {
    const auto &scale = values_of(node, 0), &shift = values_of(node, 1);
    const auto &mean = values_of(node, 2), &variance = values_of(node, 3);
    return map(x, [&](double v, std::size_t i) {
      const std::size_t c = i % scale.size();
      return (v - mean[c]) / std::sqrt(variance[c] + node.eps) * scale[c] + shift[c];
    });
  }

  const Graph& graph_;
  std::vector<Doubles> results_;  // by value; empty before it is computed and when nobody reads it
  std::vector<int> last_reader_;  // by value: node
};

}  // namespace

std::vector<Doubles> run_reference(const Graph& graph, const std::vector<float>& input,
                                   const std::function<void(const Node&, const Doubles&)>& seen) {
  return Oracle(graph).run(input, seen);
}

}  // namespace halcyon
