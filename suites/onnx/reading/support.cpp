#include "suites/onnx/reading/support.h"

#include <onnx/onnx-ml.pb.h>

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "kernels/error.h"
#include "suites/onnx/reading/call.h"
#include "suites/onnx/reading/folding.h"
#include "suites/onnx/reading/names.h"

namespace halcyon {
namespace {

constexpr std::size_t kMostKinds = 12;  // that a message names

/// Tensors that are computed while reading: constants, shapes, and what is computed from them.
class Known {
 public:
  explicit Known(const OnnxModel& model) : model_(model) {}
  bool has(const std::string& tensor) const {
    return tensor.empty() || model_.is_constant(tensor) || tensors_.contains(tensor);
  }
  bool all_of(const std::vector<std::string>& tensors) const {
    return !tensors.empty() &&
           std::all_of(tensors.begin(), tensors.end(), [&](const auto& t) { return has(t); });
  }
  void add(const std::vector<std::string>& tensors) {
    tensors_.insert(tensors.begin(), tensors.end());
  }

 private:
  const OnnxModel& model_;
  std::unordered_set<std::string> tensors_;
};

/// What is unsupported of the nodes, in the order of the file.
class Unsupported {
 public:
  explicit Unsupported(const OnnxModel& model) : model_(model), known_(model) {
    for (const OnnxNode& node : model.nodes)
      in_context("node '" + node.name + "' (" + safe_name(node.op) + ")", [&] { look_at(node); });
  }

  void report() const {
    if (kinds_.empty()) return;
    std::vector<std::pair<std::string, int>> kinds = kinds_;
    std::stable_sort(kinds.begin(), kinds.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::string text;
    for (std::size_t i = 0; i < std::min(kinds.size(), kMostKinds); ++i)
      text += (i ? ", " : "") + std::to_string(kinds[i].second) + " " + kinds[i].first;
    if (kinds.size() > kMostKinds)
      text += " and " + std::to_string(kinds.size() - kMostKinds) + " kinds more";
    throw data_error("unsupported: " + text + "; the first is node '" + first_ +
                     "'; allowed: " + onnx_op_words() + " in the forms of suites/onnx/README.md");
  }

 private:
  void look_at(const OnnxNode& node) {
    if (node.act) return;
    const bool folds = node.op == "Shape" || known_.all_of(node.inputs);
    if (folds) known_.add(node.outputs);
    if (folds && can_fold(node)) return;
    const OnnxOp* op = find_onnx_op(node.op);
    if (!op || folds)
      count(node, folds ? "of constants" : "");
    else if (op->unknown_form)
      if (const std::string form = op->unknown_form(node, model_); !form.empty()) count(node, form);
  }

  void count(const OnnxNode& node, const std::string& form) {
    const std::string kind = safe_name(node.op) + (form.empty() ? "" : " (" + form + ")");
    if (kinds_.empty()) first_ = node.name;
    const auto [place, is_new] = places_.try_emplace(kind, kinds_.size());
    if (is_new) kinds_.emplace_back(kind, 0);
    ++kinds_[place->second].second;
  }

  const OnnxModel& model_;
  Known known_;
  std::vector<std::pair<std::string, int>> kinds_;  // with the number of their nodes
  std::map<std::string, std::size_t> places_;       // in kinds_
  std::string first_;                               // node
};

bool has_perm(const OnnxNode& node, const std::vector<std::int64_t>& perm) {
  return node.op == "Transpose" && OnnxAttributes(*node.source).integers("perm") == perm;
}

/// Ops that leave the axes as they are, so that what is before them has the layout of what is
/// behind.
bool keeps_layout(const OnnxNode& node) {
  static const std::unordered_set<std::string> ops = {"Add", "Cast", "Div", "Identity",
                                                      "Mul", "Pad",  "Sub", "Clip"};
  return node.act || ops.contains(node.op);
}

}  // namespace

bool is_channels_last(const OnnxModel& model) {
  std::unordered_set<std::string> as_given = {input_of(model).name};
  for (const OnnxNode& node : model.nodes) {
    const bool reads = std::any_of(node.inputs.begin(), node.inputs.end(),
                                   [&](const auto& t) { return as_given.contains(t); });
    if (reads && has_perm(node, {0, 3, 1, 2})) return true;
    if (reads && keeps_layout(node)) as_given.insert(node.outputs.begin(), node.outputs.end());
  }
  return false;
}

void check_support(const OnnxModel& model) { Unsupported(model).report(); }

}  // namespace halcyon
