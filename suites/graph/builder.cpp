#include "suites/graph/builder.h"

#include "kernels/error.h"
#include "kernels/problem/op_field.h"

namespace halcyon {
namespace {

Op op_of(const char* word) {
  Op op;
  op.kind = find_op_kind(word);
  return op;
}

bool is_unit(const Window& w) { return w == Window{}; }

/// Dense, depthwise or pointwise: the op that says a convolution in the grammar's words.
Op op_of(const Convolution& c, const Shape& in) {
  const bool depthwise = c.groups > 1 && c.groups == in.c && c.channels == in.c;
  const bool pointwise = is_unit(c.h) && is_unit(c.w);
  Op op = op_of(depthwise ? "dw" : pointwise ? "pw" : "conv");
  op.h = c.h;
  op.w = c.w;
  op.groups = depthwise ? 1 : c.groups;
  op.channels = depthwise ? 0 : c.channels;
  return op;
}

}  // namespace

Convolution square(int channels, int kernel, int stride, int groups, bool bias) {
  Window w{.kernel = kernel, .stride = stride};
  w.pad_lo = w.pad_hi = w.default_pad();
  return {channels, w, w, groups, bias};
}

GraphBuilder::GraphBuilder(std::string name, const Shape& input, std::string input_name) {
  graph_.name = std::move(name);
  graph_.values.push_back(
      {std::move(input_name), checked_shape(input.n, input.h, input.w, input.c)});
}

int GraphBuilder::node(const std::string& name, NodeKind kind, Op op, std::vector<int> inputs,
                       const Shape& out) {
  const int value = static_cast<int>(graph_.values.size());
  // What computes each element alone leaves the form as it is.
  graph_.values.push_back({name, out, kind != NodeKind::op && graph_.values[inputs.front()].flat});
  Node n;
  n.name = name;
  n.stage = stage_;
  n.kind = kind;
  n.op = std::move(op);
  n.inputs = std::move(inputs);
  n.output = value;
  graph_.nodes.push_back(std::move(n));
  return value;
}

int GraphBuilder::parameter(const std::string& name, ParameterRole role, std::vector<int> extents) {
  graph_.parameters.push_back({name, role, std::move(extents), {}});
  return static_cast<int>(graph_.parameters.size()) - 1;
}

int GraphBuilder::op_node(const std::string& name, Op op, std::vector<int> inputs, bool bias) {
  op.in = shape(inputs.front());
  in_context(name, [&] {
    check_fields(op);
    op.kind->resolve(op);
  });
  const Shape out = op.out;
  const std::vector<TensorSpec> specs = parameters_of(op);
  const int value = node(name, NodeKind::op, std::move(op), std::move(inputs), out);
  for (const TensorSpec& spec : specs) {
    if (spec.role == Role::weight)
      last().parameters.push_back(parameter(name + ".weight", ParameterRole::weight, spec.extents));
    if (spec.role == Role::bias && bias)
      last().parameters.push_back(parameter(name + ".bias", ParameterRole::bias, spec.extents));
  }
  return value;
}

int GraphBuilder::conv(const std::string& name, int x, const Convolution& c) {
  return op_node(name, op_of(c, shape(x)), {x}, c.bias);
}

int GraphBuilder::linear(const std::string& name, int x, int channels, bool bias) {
  Op op = op_of("linear");
  op.channels = channels;
  const int value = op_node(name, std::move(op), {x}, bias);
  graph_.values[value].flat = true;
  return value;
}

int GraphBuilder::batchnorm(const std::string& name, int x, double eps) {
  const int value = node(name, NodeKind::batchnorm, {}, {x}, shape(x));
  last().eps = eps;
  const std::vector<int> c = {shape(x).c};
  last().parameters = {parameter(name + ".weight", ParameterRole::norm_scale, c),
                       parameter(name + ".bias", ParameterRole::norm_shift, c),
                       parameter(name + ".running_mean", ParameterRole::mean, c),
                       parameter(name + ".running_var", ParameterRole::variance, c)};
  return value;
}

int GraphBuilder::channel_scale(const std::string& name, int x) {
  const int value = node(name, NodeKind::channel_scale, {}, {x}, shape(x));
  last().parameters = {parameter(name, ParameterRole::channel_scale, {shape(x).c})};
  return value;
}

int GraphBuilder::act(const std::string& name, int x, Act act) {
  const int value = node(name, NodeKind::act, {}, {x}, shape(x));
  last().act = act;
  return value;
}

int GraphBuilder::add(const std::string& name, int x, int y) {
  if (shape(x) != shape(y))
    throw usage_error(name + ": cannot add " + to_text(shape(x)) + " and " + to_text(shape(y)) +
                      "; allowed: one shape");
  return node(name, NodeKind::add, {}, {x, y}, shape(x));
}

int GraphBuilder::scale(const std::string& name, int x, int gate) {
  const Shape wanted{shape(x).n, 1, 1, shape(x).c};
  if (shape(gate) != wanted)
    throw usage_error(name + ": cannot scale " + to_text(shape(x)) + " by " + to_text(shape(gate)) +
                      "; allowed: " + to_text(wanted));
  return node(name, NodeKind::scale, {}, {x, gate}, shape(x));
}

int GraphBuilder::gap(const std::string& name, int x) {
  return op_node(name, op_of("gap"), {x}, false);
}

int GraphBuilder::maxpool(const std::string& name, int x, const Window& h, const Window& w) {
  Op op = op_of("maxpool");
  op.h = h;
  op.w = w;
  return op_node(name, std::move(op), {x}, false);
}

int GraphBuilder::s2d(const std::string& name, int x, int block) {
  Op op = op_of("s2d");
  op.block = block;
  return op_node(name, std::move(op), {x}, false);
}

int GraphBuilder::upsample2x(const std::string& name, int x) {
  return op_node(name, op_of("upsample2x"), {x}, false);
}

int GraphBuilder::tokensum(const std::string& name, int x, int weights) {
  const Shape wanted{shape(x).n, shape(x).h, shape(x).w, 1};
  if (shape(weights) != wanted)
    throw usage_error(name + ": weights of " + to_text(shape(weights)) +
                      "; allowed: " + to_text(wanted));
  return op_node(name, op_of("tokensum"), {x, weights}, false);
}

int GraphBuilder::further_input(const std::string& name, const Shape& s) {
  const int value = static_cast<int>(graph_.values.size());
  graph_.values.push_back({name, checked_shape(s.n, s.h, s.w, s.c)});
  graph_.further_inputs.push_back(value);
  return value;
}

Graph GraphBuilder::finish(std::vector<int> outputs) {
  graph_.outputs = std::move(outputs);
  return std::move(graph_);
}

}  // namespace halcyon
