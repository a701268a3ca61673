#include "suites/onnx/reading/folding.h"

#include <onnx/onnx-ml.pb.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "kernels/error.h"
#include "suites/onnx/reading/attributes.h"
#include "suites/onnx/reading/axes.h"

namespace halcyon {
namespace {

using Dims = std::vector<std::int64_t>;
using Inputs = std::vector<OnnxConstant>;

/// What a folding function sees.
struct Folding {
  const OnnxModel& model;
  const OnnxAttributes& attributes;
  const Inputs& inputs;  // those that are there
  const OnnxConstant& input(std::size_t i) const {
    if (i >= inputs.size())
      throw data_error("found " + std::to_string(inputs.size()) + " inputs; allowed: more");
    return inputs[i];
  }
};

constexpr std::int64_t kMostElements = std::int64_t{1} << 28;  // a gigabyte: of one, and of all

std::size_t checked_size(const Dims& dims) {
  const std::int64_t elements = elements_of(dims);
  if (elements > kMostElements)
    throw data_error("a constant of " + dims_text(dims) + "; allowed: at most 2^28 elements");
  return static_cast<std::size_t>(elements);
}

const std::vector<std::int64_t>& integers_of(const OnnxConstant& c) {
  if (!c.is_integer) throw data_error("found FLOAT where shapes are computed; allowed: INT64");
  return c.integers;
}

OnnxConstant vector_of(Dims values) {
  OnnxConstant c;
  c.dims = {static_cast<std::int64_t>(values.size())};
  c.is_integer = true;
  c.integers = std::move(values);
  return c;
}

/// The elements of `c` at these places, as a constant of these dims.
OnnxConstant picked(const OnnxConstant& c, Dims dims, const std::vector<std::size_t>& places) {
  OnnxConstant out;
  out.dims = std::move(dims);
  out.is_integer = c.is_integer;
  if (c.is_integer)
    for (const std::size_t at : places) out.integers.push_back(c.integers[at]);
  else
    out.values = rearranged(c.values, places.size(), [&](auto move) {
      for (std::size_t i = 0; i < places.size(); ++i) move(i, places[i]);
    });
  return out;
}

OnnxConstant with_dims(OnnxConstant c, Dims dims) {
  if (elements_of(dims) != elements_of(c.dims))
    throw data_error("dims " + dims_text(dims) + " of a constant of " + dims_text(c.dims));
  c.dims = std::move(dims);
  return c;
}

/// What ONNX calls FLOAT.
Tensor numbers(const std::vector<double>& values) { return Tensor::rounded(DType::f32, values); }

OnnxConstant fold_constant(const Folding& f) {
  const OnnxAttributes& a = f.attributes;
  OnnxConstant c;
  if (const auto* tensor = a.tensor("value")) return read_tensor(*tensor, f.model.folder);
  if (a.has("value_float")) {
    c.values = numbers({a.real("value_float", 0)});
  } else if (a.has("value_floats")) {
    c.values = numbers(a.reals("value_floats"));
    c.dims = {static_cast<std::int64_t>(c.values.size())};
  } else if (a.has("value_int")) {
    c.is_integer = true;
    c.integers = {a.integer("value_int", 0)};
  } else {
    return vector_of(a.integers("value_ints"));
  }
  return c;
}

OnnxConstant fold_cast(const Folding& f) {
  OnnxConstant c = f.input(0);
  const std::int64_t to = f.attributes.integer("to", onnx::TensorProto::FLOAT);
  f.attributes.ignore("saturate");
  if (to == onnx::TensorProto::FLOAT && c.is_integer) {
    c.values = numbers({c.integers.begin(), c.integers.end()});
    c.integers.clear();
    c.is_integer = false;
  } else if ((to == onnx::TensorProto::INT64 || to == onnx::TensorProto::INT32) && !c.is_integer) {
    for (const double v : numbers_of<double>(c.values)) {
      if (!(std::abs(v) < 1e9)) throw data_error("a cast of values beyond 1e9 to integers");
      c.integers.push_back(static_cast<std::int64_t>(v));
    }
    c.values = {};
    c.is_integer = true;
  } else if (to == onnx::TensorProto::BOOL) {
    for (std::int64_t& v : c.integers) v = v != 0;
    for (const double v : numbers_of<double>(c.values)) c.integers.push_back(v != 0);
    c.values = {};
    c.is_integer = true;
  } else if (to != onnx::TensorProto::FLOAT && to != onnx::TensorProto::INT64 &&
             to != onnx::TensorProto::INT32 && to != onnx::TensorProto::BOOL) {
    throw data_error("found a cast to dtype " + std::to_string(to) +
                     "; allowed: FLOAT, INT64, INT32, BOOL");
  }
  return c;
}

OnnxConstant fold_shape(const Folding& f) { return shape_constant(f.input(0).dims, f.attributes); }

/// Axes by attribute or, since opset 13, by input.
Dims axes_of(const Folding& f) {
  return f.inputs.size() > 1 ? integers_of(f.inputs[1]) : f.attributes.integers("axes");
}

OnnxConstant fold_squeeze(const Folding& f) {
  const OnnxConstant& c = f.input(0);
  std::vector<bool> drop(c.dims.size());
  const Dims axes = axes_of(f);
  for (std::size_t i = 0; i < drop.size(); ++i) drop[i] = axes.empty() && c.dims[i] == 1;
  for (const std::int64_t axis : axes) drop[checked_axis(axis, drop.size())] = true;
  Dims dims;
  for (std::size_t i = 0; i < drop.size(); ++i)
    if (!drop[i]) dims.push_back(c.dims[i]);
  return with_dims(c, dims);
}

OnnxConstant fold_unsqueeze(const Folding& f) {
  const OnnxConstant& c = f.input(0);
  const Dims axes = axes_of(f);
  if (axes.size() > 8) throw data_error("more than 8 axes");
  std::vector<bool> added(c.dims.size() + axes.size());
  for (const std::int64_t axis : axes) added[checked_axis(axis, added.size())] = true;
  Dims dims;
  std::size_t from = 0;
  for (const bool one : added)
    if (one || from < c.dims.size()) dims.push_back(one ? 1 : c.dims[from++]);
  return with_dims(c, dims);
}

OnnxConstant fold_reshape(const Folding& f) {
  const bool zero_is_zero = f.attributes.integer("allowzero", 0) != 0;
  Dims dims = integers_of(f.input(1));
  const Dims& from = f.input(0).dims;
  std::int64_t known = 1, *free = nullptr;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 0 && !zero_is_zero && i < from.size()) dims[i] = from[i];
    if (dims[i] == -1 && !free)
      free = &dims[i];
    else
      known = elements_of({known, dims[i]});
  }
  if (free) *free = known > 0 ? elements_of(from) / known : 0;
  return with_dims(f.input(0), dims);
}

OnnxConstant fold_transpose(const Folding& f) {
  const OnnxConstant& c = f.input(0);
  const std::size_t rank = c.dims.size();
  Dims order = f.attributes.integers("perm");
  if (order.empty())
    for (std::size_t i = rank; i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  Dims sorted = order, dims;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (sorted.size() != rank || sorted[i] != static_cast<std::int64_t>(i))
      throw data_error("perm " + dims_text(order) + "; allowed: an order of " +
                       std::to_string(rank) + " dims");
  Dims strides(rank, 1), at(rank);
  for (std::size_t i = rank; i-- > 1;) strides[i - 1] = strides[i] * c.dims[i];
  for (const std::int64_t axis : order) dims.push_back(c.dims[axis]);
  std::vector<std::size_t> places(checked_size(dims));
  for (std::size_t& place : places) {
    for (std::size_t i = 0; i < rank; ++i) place += at[i] * strides[order[i]];
    for (std::size_t i = rank; i-- > 0 && ++at[i] == dims[i];) at[i] = 0;
  }
  return picked(c, dims, places);
}

OnnxConstant fold_concat(const Folding& f) {
  OnnxConstant out = f.input(0);
  const auto axis = f.attributes.integer("axis", 0);
  if (out.dims.size() != 1 || checked_axis(axis, 1) != 0)
    throw data_error("a Concat of constants of " + std::to_string(out.dims.size()) +
                     " dims; allowed: 1");
  std::vector<double> values = numbers_of<double>(out.values);
  for (std::size_t i = 1; i < f.inputs.size(); ++i) {
    const OnnxConstant& c = f.inputs[i];
    if (c.dims.size() != 1 || c.is_integer != out.is_integer)
      throw data_error("a Concat of constants of different kinds");
    out.dims[0] += c.dims[0];
    checked_size(out.dims);
    out.integers.insert(out.integers.end(), c.integers.begin(), c.integers.end());
    const std::vector<double> more = numbers_of<double>(c.values);
    values.insert(values.end(), more.begin(), more.end());
  }
  out.values = numbers(values);
  return out;
}

OnnxConstant fold_gather(const Folding& f) {
  const OnnxConstant &c = f.input(0), &which = f.input(1);
  if (c.dims.size() != 1 || checked_axis(f.attributes.integer("axis", 0), 1) != 0)
    throw data_error("a Gather from constants of " + std::to_string(c.dims.size()) +
                     " dims; allowed: 1");
  std::vector<std::size_t> places;
  for (const std::int64_t i : integers_of(which))
    places.push_back(checked_axis(i, static_cast<std::size_t>(c.dims[0])));
  return picked(c, which.dims, places);
}

/// A slice of one dim.
OnnxConstant fold_slice(const Folding& f) {
  const OnnxConstant& c = f.input(0);
  const auto one = [&](std::size_t i, std::int64_t otherwise) {
    if (i >= f.inputs.size()) return otherwise;
    if (integers_of(f.inputs[i]).size() != 1)
      throw data_error("a Slice of constants along several dims; allowed: one");
    return f.inputs[i].integers[0];
  };
  if (c.dims.size() != 1 || checked_axis(one(3, 0), 1) != 0 || one(4, 1) != 1)
    throw data_error("a Slice of constants; allowed: of 1 dim, with step 1");
  const std::int64_t size = c.dims[0];
  const auto clamp = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size);
  };
  std::vector<std::size_t> places;
  const std::int64_t start = clamp(one(1, 0)), end = clamp(one(2, size));
  for (std::int64_t i = start; i < end; ++i) places.push_back(static_cast<std::size_t>(i));
  return picked(c, {static_cast<std::int64_t>(places.size())}, places);
}

/// A value of the type that Add and its like work on; integers go by as doubles of 53 bits.
double at(const OnnxConstant& c, std::size_t i) {
  return c.is_integer ? static_cast<double>(c.integers[i]) : c.values.at(i);
}

OnnxConstant filled(const Dims& dims, bool is_integer,
                    const std::function<double(std::size_t)>& value) {
  OnnxConstant out;
  out.dims = dims;
  out.is_integer = is_integer;
  const std::size_t size = checked_size(dims);
  std::vector<double> values;
  for (std::size_t i = 0; i < size; ++i) {
    const double v = value(i);
    if (is_integer && !(std::abs(v) < 9e15)) throw data_error("integers beyond 2^53");
    if (is_integer)
      out.integers.push_back(static_cast<std::int64_t>(v));
    else
      values.push_back(v);
  }
  out.values = numbers(values);
  return out;
}

/// Element by element, with NumPy's broadcasting.
OnnxConstant combined(const Folding& f, double (*op)(double, double)) {
  const OnnxConstant &a = f.input(0), &b = f.input(1);
  if (a.is_integer != b.is_integer) throw data_error("constants of two dtypes; allowed: one");
  const std::size_t rank = std::max(a.dims.size(), b.dims.size());
  const auto extent = [rank](const OnnxConstant& c, std::size_t axis) {
    const std::size_t missing = rank - c.dims.size();
    return axis < missing ? 1 : c.dims[axis - missing];
  };
  Dims dims(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    dims[i] = extent(a, i) == 1 ? extent(b, i) : extent(a, i);
    if (extent(b, i) != 1 && extent(b, i) != dims[i])
      throw data_error("constants of " + dims_text(a.dims) + " and " + dims_text(b.dims));
  }
  const auto place = [&](const OnnxConstant& c, std::size_t i) {
    std::size_t at = 0, stride = 1;
    for (std::size_t axis = rank; axis-- > 0;) {
      const auto n = static_cast<std::size_t>(extent(c, axis));
      const std::size_t index = i % dims[axis];
      i /= dims[axis];
      at += (n == 1 ? 0 : index) * stride;
      stride *= n;
    }
    return at;
  };
  return filled(dims, a.is_integer,
                [&](std::size_t i) { return op(at(a, place(a, i)), at(b, place(b, i))); });
}

OnnxConstant fold_divide(const Folding& f) {
  const OnnxConstant& b = f.input(1);
  if (b.is_integer && std::count(b.integers.begin(), b.integers.end(), 0) > 0)
    throw data_error("a division by zero");
  // filled() cuts off what is behind the point, as ONNX divides integers.
  return combined(f, [](double x, double y) { return x / y; });
}

OnnxConstant mapped(const Folding& f, double (*op)(double)) {
  const OnnxConstant& c = f.input(0);
  return filled(c.dims, c.is_integer, [&](std::size_t i) { return op(at(c, i)); });
}

OnnxConstant fold_fill(const Folding& f) {
  OnnxConstant value = {.dims = {}, .is_integer = false, .values = numbers({0}), .integers = {}};
  if (const auto* tensor = f.attributes.tensor("value"))
    value = read_tensor(*tensor, f.model.folder);
  if (elements_of(value.dims) != 1) throw data_error("a value of several elements; allowed: one");
  return filled(integers_of(f.input(0)), value.is_integer,
                [&](std::size_t) { return at(value, 0); });
}

struct FoldingRule {
  const char* op;
  OnnxConstant (*fold)(const Folding&);
};

constexpr FoldingRule kRules[] = {
    {"Constant", fold_constant},
    {"Identity", [](const Folding& f) { return f.input(0); }},
    {"Cast", fold_cast},
    {"Shape", fold_shape},
    {"Squeeze", fold_squeeze},
    {"Unsqueeze", fold_unsqueeze},
    {"Reshape", fold_reshape},
    {"Transpose", fold_transpose},
    {"Concat", fold_concat},
    {"Gather", fold_gather},
    {"Slice", fold_slice},
    {"Add", [](const Folding& f) { return combined(f, [](double x, double y) { return x + y; }); }},
    {"Sub", [](const Folding& f) { return combined(f, [](double x, double y) { return x - y; }); }},
    {"Mul", [](const Folding& f) { return combined(f, [](double x, double y) { return x * y; }); }},
    {"Div", fold_divide},
    {"Sqrt", [](const Folding& f) { return mapped(f, std::sqrt); }},
    {"Ceil", [](const Folding& f) { return mapped(f, std::ceil); }},
    {"Floor", [](const Folding& f) { return mapped(f, std::floor); }},
    {"ConstantOfShape", fold_fill},
};

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

namespace {

const FoldingRule* rule_of(const OnnxNode& node) {
  if (node.outputs.size() != 1) return nullptr;
  for (const FoldingRule& rule : kRules)
    if (node.op == rule.op) return &rule;
  return nullptr;
}

}  // namespace

bool can_fold(const OnnxNode& node) { return rule_of(node) != nullptr; }

std::optional<OnnxConstant> fold(const OnnxNode& node, const OnnxModel& model) {
  const FoldingRule* rule = rule_of(node);
  if (!rule) return {};
  Inputs inputs;
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
    if (folded && (elements += elements_of(folded->dims)) > kMostElements)
      throw data_error("constants to compute of over 2^28 elements; allowed: up to that");
    if (folded)
      model.add_constant(node.outputs.front(), std::move(*folded));
    else
      kept.push_back(std::move(node));
  }
  model.nodes = std::move(kept);
}

}  // namespace halcyon
