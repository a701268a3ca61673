// Ops that move axes or make shapes: none of them becomes a node of the graph.
#include <onnx/onnx-ml.pb.h>

#include <algorithm>

#include "kernels/error.h"
#include "suites/onnx/reading/call.h"
#include "suites/onnx/reading/folding.h"

namespace halcyon {
namespace {

using Dims = std::vector<std::int64_t>;

Dims dims_of(const OnnxCall& call, const OnnxValue& v) {
  return dims_of(v.axes, call.shape(v.value));
}

/// The value under these dims. Error when data would have to move.
void yield_reshaped(OnnxCall& call, const OnnxValue& v, const Dims& dims) {
  const auto axes = reshaped(v.axes, call.shape(v.value), dims);
  if (!axes)
    throw data_error("found " + dims_text(dims) + " of " + dims_text(dims_of(call, v)) + " = " +
                     axes_text(v.axes) + ", allowed dims that keep n, c, h and w whole");
  call.yield(v.value, *axes);
}

void import_identity(OnnxCall& call) { call.yield(call.value(0, TakesOver::all)); }

void import_dropout(OnnxCall& call) {
  call.attributes.ignore("seed");
  call.attributes.ignore("ratio");
  if (call.has(2) && call.integers(2) != Dims{0})
    throw data_error("found training mode, allowed inference");
  import_identity(call);
}

void import_cast(OnnxCall& call) {
  call.attributes.only("to", std::int64_t{onnx::TensorProto::FLOAT});
  call.attributes.ignore("saturate");
  import_identity(call);
}

void import_shape(OnnxCall& call) {
  call.yield(shape_constant(dims_of(call, call.value(0)), call.attributes));
}

void import_flatten(OnnxCall& call) {
  const OnnxValue v = call.value(0);
  const Dims dims = dims_of(call, v);
  const auto axis = static_cast<std::int64_t>(call.attributes.integer("axis", 1));
  const std::size_t cut = axis == static_cast<std::int64_t>(dims.size())
                              ? dims.size()
                              : checked_axis(axis, dims.size());
  Dims flat = {1, 1};
  for (std::size_t i = 0; i < dims.size(); ++i) flat[i >= cut] *= dims[i];
  yield_reshaped(call, v, flat);
}

void import_reshape(OnnxCall& call) {
  const OnnxValue v = call.value(0);
  const Dims from = dims_of(call, v);
  Dims to = call.integers(1);
  const bool zero_is_zero = call.attributes.integer("allowzero", 0) != 0;
  std::int64_t known = 1, *free = nullptr;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] == 0 && !zero_is_zero && i < from.size()) to[i] = from[i];
    if (to[i] == -1 && !free)
      free = &to[i];
    else if (to[i] < 1)
      throw data_error("found dims " + dims_text(call.integers(1)) +
                       ", allowed 1 or more, 0 to keep one, -1 once");
    else
      known = elements_of({known, to[i]});
  }
  if (free) *free = elements_of(from) / known;
  yield_reshaped(call, v, to);
}

void import_squeeze(OnnxCall& call) {
  const OnnxValue v = call.value(0);
  const Dims dims = dims_of(call, v);
  std::vector<bool> drop(dims.size());
  const Dims axes = call.integers("axes", 1);
  for (std::size_t i = 0; i < dims.size(); ++i) drop[i] = axes.empty() && dims[i] == 1;
  for (const std::int64_t axis : axes) drop[checked_axis(axis, dims.size())] = true;
  OnnxAxes left;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (drop[i] && dims[i] != 1)
      throw data_error("found dim " + std::to_string(i) + " of " + std::to_string(dims[i]) +
                       " to squeeze, allowed of 1");
    if (!drop[i]) left.push_back(v.axes[i]);
  }
  call.yield(v.value, left);
}

void import_unsqueeze(OnnxCall& call) {
  const OnnxValue v = call.value(0);
  const Dims axes = call.integers("axes", 1);
  if (axes.size() > 8) throw data_error("found over 8 axes, allowed up to 8");
  std::vector<bool> added(v.axes.size() + axes.size());
  for (const std::int64_t axis : axes) added[checked_axis(axis, added.size())] = true;
  if (std::count(added.begin(), added.end(), true) != static_cast<std::ptrdiff_t>(axes.size()))
    throw data_error("found an axis twice, allowed once");
  OnnxAxes out;
  std::size_t from = 0;
  for (const bool one : added) out.push_back(one ? "" : v.axes[from++]);
  call.yield(v.value, out);
}

void import_transpose(OnnxCall& call) {
  OnnxValue v = call.value(0, TakesOver::all);
  Dims order = call.attributes.integers("perm");
  if (order.empty())
    for (std::size_t i = v.axes.size(); i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  Dims sorted = order;
  std::sort(sorted.begin(), sorted.end());
  OnnxAxes out;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (order.size() != v.axes.size() || sorted[i] != static_cast<std::int64_t>(i))
      throw data_error("found perm " + dims_text(order) + ", allowed an order of " +
                       std::to_string(v.axes.size()) + " dims");
    out.push_back(v.axes[order[i]]);
  }
  v.axes = std::move(out);
  call.yield(v);
}

}  // namespace

const std::vector<OnnxOp>& onnx_shape_ops() {
  static const std::vector<OnnxOp> ops = {
      {"Cast", import_cast},          {"Dropout", import_dropout},
      {"Flatten", import_flatten},    {"Identity", import_identity},
      {"Reshape", import_reshape},    {"Shape", import_shape},
      {"Squeeze", import_squeeze},    {"Transpose", import_transpose},
      {"Unsqueeze", import_unsqueeze}};
  return ops;
}

}  // namespace halcyon
