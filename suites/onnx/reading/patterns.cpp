#include "suites/onnx/reading/patterns.h"

#include <unordered_set>

#include "kernels/error.h"
#include "suites/onnx/reading/activation_pattern.h"
#include "suites/onnx/reading/attributes.h"
#include "suites/onnx/reading/names.h"

namespace halcyon {
namespace {

/// Does a constant of these dims add one value to each of `channels`, where a tensor has them? The
/// channels of a map stand before H and W, those of a matrix product last.
bool is_bias(const std::vector<std::int64_t>& dims, std::int64_t channels, bool of_map) {
  const std::size_t behind = of_map ? 2 : 0;
  if (dims.size() <= behind || dims.size() > 4) return false;
  return dims[dims.size() - 1 - behind] == channels && elements_of(dims) == channels;
}

class PatternFinder {
 public:
  explicit PatternFinder(OnnxModel& model) : model_(model), links_(model) {}

  void run() {
    for (OnnxNode& node : model_.nodes)
      in_context("node '" + node.name + "' (" + safe_name(node.op) + ")", [&] {
        if (node.outputs.size() == 1) find_act(node) || find_bias(node);
      });
    drop_unread();
  }

 private:
  bool find_act(OnnxNode& node) const {
    const auto found = activation_of(links_, node);
    if (!found || model_.is_constant(found->x)) return false;
    node.act = found->act;
    node.inputs = {found->x};
    return true;
  }

  bool find_bias(OnnxNode& node) const {
    if (node.op != "Add" || node.inputs.size() != 2) return false;
    for (const std::size_t i : {0, 1}) {
      const std::string &x = node.inputs[i], &bias = node.inputs[1 - i];
      for (const char* op : {"Conv", "Gemm", "MatMul"}) {
        const OnnxNode* product = links_.maker(x, op);
        if (product && takes_bias(*product, bias) && links_.is_read_once(x)) {
          node.op = op;
          node.name = product->name;
          node.stage = product->stage;
          node.source = product->source;
          node.inputs = {product->inputs[0], product->inputs[1], bias};
          return true;
        }
      }
    }
    return false;
  }

  bool takes_bias(const OnnxNode& product, const std::string& bias) const {
    if (product.inputs.size() != 2 || !model_.is_constant(product.inputs[1]) ||
        !model_.is_constant(bias))
      return false;
    const auto weight = model_.constant_dims(product.inputs[1]);
    if (weight.empty()) return false;
    bool last = product.op == "MatMul";  // the output channel is the weight's last dim
    if (product.op == "Gemm") {
      const OnnxAttributes attributes(*product.source);
      if (attributes.real("beta", 1) != 1) return false;
      last = attributes.integer("transB", 0) == 0;
    }
    return is_bias(model_.constant_dims(bias), last ? weight.back() : weight.front(),
                   product.op == "Conv");
  }

  void drop_unread() {
    std::unordered_set<std::string> read(model_.outputs.begin(), model_.outputs.end());
    std::vector<OnnxNode> kept;
    for (auto node = model_.nodes.rbegin(); node != model_.nodes.rend(); ++node) {
      bool needed = false;
      for (const std::string& output : node->outputs) needed = needed || read.contains(output);
      if (!needed) continue;
      read.insert(node->inputs.begin(), node->inputs.end());
      kept.push_back(std::move(*node));
    }
    model_.nodes.assign(std::make_move_iterator(kept.rbegin()),
                        std::make_move_iterator(kept.rend()));
  }

  OnnxModel& model_;
  const OnnxLinks links_;
};

}  // namespace

void find_patterns(OnnxModel& model) { PatternFinder(model).run(); }

}  // namespace halcyon
