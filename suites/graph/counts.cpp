#include "suites/graph/counts.h"

#include <algorithm>
#include <set>

#include "kernels/problem/problem_builder.h"

namespace halcyon {
namespace {

constexpr int kBytes = 4;  // of an f32

bool is_layer(const Node& node) { return node.kind == NodeKind::op && !node.parameters.empty(); }

Problem problem_of(const Op& op) {
  ProblemBuilder builder(DType::f32, op.in);
  builder.add(op);
  return builder.finish();
}

/// What fold() leaves of each node's parameters, without their values.
class FoldedCount {
 public:
  explicit FoldedCount(const Graph& graph) : graph_(graph), writer_(graph.values.size(), -1) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
      writer_[graph.nodes[i].output] = static_cast<int>(i);
  }

  std::vector<std::int64_t> operator()() {
    for (const Node& node : graph_.nodes) {
      left_.push_back(is_layer(node) ? parameters(node) : 0);
      biased_.push_back(node.has_bias());
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
      if (is_affine(graph_.nodes[i])) fold(static_cast<int>(i));
    return std::move(left_);
  }

 private:
  std::int64_t parameters(const Node& node) const {
    std::int64_t sum = 0;
    for (const int p : node.parameters) sum += graph_.parameters[p].elements();
    return sum;
  }

  /// Into the layer before, which may have taken other affine nodes already; else into the layer
  /// behind; else it stays, as a factor and a shift per channel. A layer that takes one has a bias.
  void fold(int node) {
    int taker = before(node);
    if (taker < 0) taker = behind(graph_.nodes[node].output);
    if (taker < 0) {
      left_[node] = 2 * std::int64_t{graph_.shape_of(graph_.nodes[node].output).c};
      biased_[node] = true;
    } else if (!biased_[taker]) {
      left_[taker] += graph_.nodes[taker].op.out.c;
      biased_[taker] = true;
    }
  }

  int before(int node) const {
    const int value = graph_.nodes[node].inputs.front();
    const int writer = writer_[value];
    if (writer < 0 || !is_private(value)) return -1;
    if (is_layer(graph_.nodes[writer]) || left_[writer] > 0) return writer;
    return is_affine(graph_.nodes[writer]) ? before(writer) : -1;
  }

  int behind(int value) const {
    while (is_private(value)) {
      const int reader = graph_.readers(value).front();
      const Node& node = graph_.nodes[reader];
      if (is_layer(node)) {
        const Op& op = node.op;
        return op.h.pad_lo || op.h.pad_hi || op.w.pad_lo || op.w.pad_hi ? -1 : reader;
      }
      if (!is_word(node, "gap")) return -1;
      value = node.output;
    }
    return -1;
  }

  bool is_private(int value) const {
    return graph_.readers(value).size() == 1 &&
           std::count(graph_.outputs.begin(), graph_.outputs.end(), value) == 0;
  }

  const Graph& graph_;
  std::vector<int> writer_;         // by value: node
  std::vector<std::int64_t> left_;  // by node
  std::vector<bool> biased_;
};

/// The layers between an average and the scaling that it gates: squeeze and excite.
std::set<const Node*> gate_layers(const Graph& graph) {
  std::set<const Node*> layers;
  for (const Node& scaled : graph.nodes) {
    if (scaled.kind != NodeKind::scale) continue;
    int value = scaled.inputs[1];
    for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
      if (node->output != value) continue;
      if (node->kind == NodeKind::op && !is_layer(*node)) break;  // the average
      if (is_layer(*node)) layers.insert(&*node);
      value = node->inputs.front();
    }
  }
  return layers;
}

const char* kind_of(const Node& node) {
  const Op& op = node.op;
  if (op.word() == "dw") return "depthwise";
  if (op.word() == "linear") return "linear";
  if (op.groups > 1) return "grouped";
  return op.h.kernel == 1 && op.w.kernel == 1 ? "1x1" : "dense";
}

std::int64_t activation_bytes(const Graph& graph, const Node& node) {
  if (node.kind != NodeKind::op) return 0;
  std::int64_t elements = graph.shape_of(node.output).elements();
  for (const int input : node.inputs) elements += graph.shape_of(input).elements();
  return elements * kBytes;
}

Tally tally_of(const Graph& graph, const Node& node) {
  Tally t;
  for (const int p : node.parameters)
    if (is_counted(graph.parameters[p].role)) t.parameters += graph.parameters[p].elements();
  t.macs = macs_of(node);
  t.activation_bytes = activation_bytes(graph, node);
  t.layers = is_layer(node);
  return t;
}

void add_to(std::vector<NamedTally>& groups, const std::string& name, const Tally& tally) {
  auto group = std::find_if(groups.begin(), groups.end(),
                            [&](const NamedTally& g) { return g.name == name; });
  if (group == groups.end()) group = groups.insert(groups.end(), {name, {}});
  group->tally += tally;
}

void add_shape(std::vector<LayerShape>& shapes, const Graph& graph, const Node& node) {
  const std::string line = problem_of(node.op).text();
  auto shape = std::find_if(shapes.begin(), shapes.end(),
                            [&](const LayerShape& s) { return s.problem == line; });
  if (shape == shapes.end()) {
    const Tally t = tally_of(graph, node);
    shape = shapes.insert(shapes.end(), {line, 0, t.macs, t.parameters});
  }
  ++shape->count;
}

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
  parameters += other.parameters;
  folded_parameters += other.folded_parameters;
  macs += other.macs;
  activation_bytes += other.activation_bytes;
  layers += other.layers;
  return *this;
}

NetworkCounts count(const Graph& graph) {
  NetworkCounts counts;
  const std::vector<std::int64_t> folded = FoldedCount(graph)();
  const std::set<const Node*> gates = gate_layers(graph);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    Tally tally = tally_of(graph, node);
    tally.folded_parameters = folded[i];
    counts.nodes.push_back(tally);
    counts.whole += tally;
    add_to(counts.stages, node.stage, tally);
    if (is_layer(node)) {
      add_to(counts.kinds, gates.count(&node) ? "squeeze-and-excite" : kind_of(node), tally);
      add_shape(counts.shapes, graph, node);
    }
    const std::int64_t elements = graph.shape_of(node.output).elements();
    if (node.kind == NodeKind::act) counts.activations[node.act] += elements;
    if (node.kind == NodeKind::add) counts.residual_adds += elements;
  }
  return counts;
}

std::string description_of(const Node& node) {
  switch (node.kind) {
    case NodeKind::op: {
      const std::string line = problem_of(node.op).text();
      return line.substr(line.find('|') + 2);
    }
    case NodeKind::act:
      return std::string(to_text(node.act));
    case NodeKind::add:
      return "add";
    case NodeKind::scale:
      return "scale";
    case NodeKind::batchnorm:
      return "batch norm";
    case NodeKind::channel_scale:
      return "channel scale";
  }
  return "";
}

}  // namespace halcyon
