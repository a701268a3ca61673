#include "suites/onnx/reading/folding.h"

#include <algorithm>

#include "kernels/error.h"
#include "suites/onnx/reading/folding_rule.h"

namespace halcyon {
namespace {

using Dims = std::vector<std::int64_t>;

OnnxConstant vector_of(Dims values) {
  OnnxConstant c;
  c.dims = {static_cast<std::int64_t>(values.size())};
  c.is_integer = true;
  c.integers = std::move(values);
  return c;
}

OnnxConstant fold_constant(const Folding& f) {
  const OnnxAttributes& a = f.attributes;
  OnnxConstant c;
  if (const auto* tensor = a.tensor("value")) return read_tensor(*tensor, f.model.folder);
  if (a.has("value_float")) {
    c.values = floats_of({a.real("value_float", 0)});
  } else if (a.has("value_floats")) {
    c.values = floats_of(a.reals("value_floats"));
    c.dims = {static_cast<std::int64_t>(c.values.size())};
  } else if (a.has("value_int")) {
    c.is_integer = true;
    c.integers = {a.integer("value_int", 0)};
  } else {
    return vector_of(a.integers("value_ints"));
  }
  return c;
}

constexpr FoldingRule kRules[] = {
    {"Constant", fold_constant},
    {"Shape", [](const Folding& f) { return shape_constant(f.input(0).dims, f.attributes); }},
};

const FoldingRule* rule_of(const OnnxNode& node) {
  if (node.outputs.size() != 1) return nullptr;
  for (const std::span<const FoldingRule> rules :
       {std::span<const FoldingRule>(kRules), rearranging_rules(), arithmetic_rules(),
        quantised_rules()})
    for (const FoldingRule& rule : rules)
      if (node.op == rule.op) return &rule;
  return nullptr;
}

}  // namespace

OnnxConstant shape_constant(const Dims& dims, const OnnxAttributes& attributes) {
  const auto rank = static_cast<std::int64_t>(dims.size());
  const auto place = [&](const char* name, std::int64_t otherwise) {
    const std::int64_t at = attributes.integer(name, otherwise);
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const std::int64_t start = place("start", 0), end = std::max(start, place("end", rank));
  return vector_of({dims.begin() + start, dims.begin() + end});
}

bool can_fold(const OnnxNode& node) { return rule_of(node) != nullptr; }

std::optional<OnnxConstant> fold(const OnnxNode& node, const OnnxModel& model) {
  const FoldingRule* rule = rule_of(node);
  if (!rule) return {};
  std::vector<OnnxConstant> inputs;
  for (const std::string& input : node.inputs) {
    if (!input.empty() && !model.is_constant(input)) return {};
    if (!input.empty()) inputs.push_back(model.constant(input));
  }
  const OnnxAttributes attributes(*node.source);
  OnnxConstant folded = rule->fold({model, attributes, inputs});
  checked_size(folded.dims);
  attributes.finish();
  return folded;
}

void fold_constants(OnnxModel& model) {
  std::vector<OnnxNode> kept;
  std::int64_t elements = 0;
  for (OnnxNode& node : model.nodes) {
    auto folded =
        in_context("node '" + node.name + "' (" + node.op + ")", [&] { return fold(node, model); });
    if (folded && (elements += elements_of(folded->dims)) > kMostFoldedElements)
      throw data_error("constants to compute of over 2^28 elements; allowed: up to that");
    if (folded)
      model.add_constant(node.outputs.front(), std::move(*folded));
    else
      kept.push_back(std::move(node));
  }
  model.nodes = std::move(kept);
}

}  // namespace halcyon
