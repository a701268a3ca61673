#include "suites/onnx/reading/activation_pattern.h"

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "suites/onnx/reading/attributes.h"

namespace halcyon {
namespace {

constexpr int kMostLinks = 4;  // nodes of a chain that are looked through

/// What it is as a * x + b.
struct Affine {
  std::string x;
  double a = 1, b = 0;
};

/// The ways to see a tensor as a * x + b, itself first.
std::vector<Affine> affine_forms(const OnnxLinks& links, const std::string& tensor) {
  std::vector<Affine> forms = {{tensor}};
  for (int i = 0; i < kMostLinks; ++i) {
    Affine form = forms.back();
    const auto step = [&](const char* op, const std::function<bool(const WithScalar&)>& take) {
      const OnnxNode* node = links.maker(form.x, op);
      const auto parts = node ? with_scalar(links, *node) : std::nullopt;
      if (!parts || !take(*parts)) return false;
      form.x = parts->x;
      forms.push_back(form);
      return true;
    };
    const bool more =
        step("Add", [&](const WithScalar& p) { return form.b += form.a * p.scalar, true; }) ||
        step("Sub", [&](const WithScalar& p) { return form.b -= form.a * p.scalar, p.second; }) ||
        step("Mul", [&](const WithScalar& p) { return form.a *= p.scalar, true; }) ||
        step("Div", [&](const WithScalar& p) { return form.a /= p.scalar, p.second; });
    if (!more) break;
  }
  return forms;
}

/// A tensor as min(max(x, low), high).
struct Clamped {
  std::string x;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

std::optional<Clamped> clamped(const OnnxLinks& links, const std::string& tensor) {
  Clamped c;
  if (const OnnxNode* relu = links.maker(tensor, "Relu"); relu && relu->inputs.size() == 1) {
    c.x = relu->inputs[0];
    c.low = 0;
    return c;
  }
  if (const OnnxNode* clip = links.maker(tensor, "Clip"); clip && !clip->inputs.empty()) {
    c.x = clip->inputs[0];
    for (const std::size_t i : {1, 2}) {
      if (clip->inputs.size() <= i || clip->inputs[i].empty()) continue;
      const auto bound = links.scalar(clip->inputs[i]);
      if (!bound) return {};
      (i == 1 ? c.low : c.high) = *bound;
    }
    return c;
  }
  for (const char* op : {"Min", "Max"}) {
    const OnnxNode* node = links.maker(tensor, op);
    const auto parts = node ? with_scalar(links, *node) : std::nullopt;
    if (!parts) continue;
    c.x = parts->x;
    (op[1] == 'i' ? c.high : c.low) = parts->scalar;
    return c;
  }
  return {};
}

/// One way to see a tensor as a function of x.
struct Gate {
  enum Kind { clip, sigmoid, erf } kind;  // of a * x + b; erf: 1 + it; clip: to low .. high
  Affine of;
  double low = 0, high = 0;
};

std::vector<Gate> gates(const OnnxLinks& links, const std::string& tensor) {
  std::vector<Gate> found;
  if (const OnnxNode* n = links.maker(tensor, "Sigmoid"); n && n->inputs.size() == 1)
    found.push_back({Gate::sigmoid, {n->inputs[0]}});
  if (const OnnxNode* n = links.maker(tensor, "HardSigmoid"); n && n->inputs.size() == 1) {
    const OnnxAttributes attributes(*n->source);
    const double alpha = attributes.real("alpha", .2f), beta = attributes.real("beta", .5f);
    attributes.finish();
    found.push_back({Gate::clip, {n->inputs[0], alpha, beta}, 0, 1});
  }
  if (const OnnxNode* n = links.maker(tensor, "Add")) {
    const auto parts = with_scalar(links, *n);
    const OnnxNode* erf = parts && parts->scalar == 1 ? links.maker(parts->x, "Erf") : nullptr;
    if (erf && erf->inputs.size() == 1)
      for (const Affine& form : affine_forms(links, erf->inputs[0]))
        found.push_back({Gate::erf, form});
  }
  Clamped whole{tensor};
  for (int i = 0; i < kMostLinks; ++i) {
    const auto c = clamped(links, whole.x);
    if (!c) break;
    whole = {c->x, std::max(whole.low, c->low), std::min(whole.high, c->high)};
    for (const Affine& form : affine_forms(links, whole.x))
      found.push_back({Gate::clip, form, whole.low, whole.high});
  }
  return found;
}

/// A tensor as a factor times a product of tensors; not looked into: `stop`.
struct Product {
  double factor = 1;
  std::vector<std::string> tensors;
};

void expand(const OnnxLinks& links, const std::string& tensor, const std::string& stop, int depth,
            Product* out) {
  const OnnxNode* mul = links.maker(tensor, "Mul");
  const OnnxNode* div = links.maker(tensor, "Div");
  const OnnxNode* node = mul ? mul : div;
  const auto parts = node ? with_scalar(links, *node) : std::nullopt;
  const bool divides = div && parts && parts->second;
  if (tensor == stop || depth == 0 || (!mul && !divides) || node->inputs.size() != 2) {
    out->tensors.push_back(tensor);
  } else if (parts) {
    out->factor *= mul ? parts->scalar : 1 / parts->scalar;
    expand(links, parts->x, stop, depth - 1, out);
  } else {
    for (const std::string& input : node->inputs) expand(links, input, stop, depth - 1, out);
  }
}

/// Constants of exporters are rounded, some (0.16667) to five digits.
bool about(double found, double wanted) {
  return std::abs(found - wanted) <= 3e-5 * std::max(1e-3, std::abs(wanted));
}

/// What factor * gate is, or factor * x * gate.
std::optional<Act> act_of(const Gate& gate, double factor, bool times_x) {
  const double a = gate.of.a * (gate.kind == Gate::clip ? factor : 1);
  const double b = gate.of.b * (gate.kind == Gate::clip ? factor : 1);
  switch (gate.kind) {
    case Gate::sigmoid:
      if (factor != 1 || a != 1 || b != 0) return {};
      return times_x ? Act::silu : Act::sigmoid;
    case Gate::erf:
      if (!about(a, std::sqrt(.5)) || b != 0 || !about(factor, .5) || !times_x) return {};
      return Act::gelu;
    case Gate::clip:
      if (gate.low != 0) return {};
      if (about(a, 1. / 6) && about(b, .5) && about(gate.high * factor, 1))
        return times_x ? Act::hardswish : Act::hardsigmoid;
      if (a != 1 || b != 0 || factor != 1 || times_x) return {};
      if (gate.high == 6) return Act::relu6;
      if (gate.high >= largest_of(DType::f32)) return Act::relu;
      return {};
  }
  return {};
}

/// Nodes that are an activation by themselves.
std::optional<OnnxActivation> single_node(const OnnxNode& node) {
  if (node.inputs.size() != 1) return {};
  const bool is_gelu = node.op == "Gelu";
  if (!is_gelu && node.op != "HardSwish") return {};
  const OnnxAttributes attributes(*node.source);
  if (is_gelu && attributes.text("approximate", "none") != "none") return {};
  attributes.finish();
  return OnnxActivation{is_gelu ? Act::gelu : Act::hardswish, node.inputs[0]};
}

}  // namespace

std::optional<OnnxActivation> activation_of(const OnnxLinks& links, const OnnxNode& maker) {
  if (auto found = single_node(maker)) return found;
  const std::string& tensor = maker.outputs.front();
  Product leaves;
  expand(links, tensor, "", kMostLinks, &leaves);
  for (const std::string& leaf : leaves.tensors) {
    // A gate may have been rounded to steps on its way to the product.
    const std::optional<std::string> exact = links.unrounded(leaf);
    for (const Gate& gate : gates(links, exact.value_or(leaf))) {
      // Once more, since x itself may be a product.
      Product product;
      expand(links, tensor, gate.of.x, kMostLinks, &product);
      const std::vector<std::string>& t = product.tensors;
      const bool alone = t == std::vector{leaf};
      const bool times_x = t == std::vector{leaf, gate.of.x} || t == std::vector{gate.of.x, leaf};
      if (!times_x && (!alone || exact)) continue;
      if (const auto act = act_of(gate, product.factor, times_x))
        return OnnxActivation{*act, gate.of.x};
    }
  }
  return {};
}

}  // namespace halcyon
