// What an exporter left to be computed: the arithmetic of a Reshape's dims, scales of weights.
#include <onnx/onnx-ml.pb.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "kernels/error.h"
#include "suites/onnx/reading/folding_rule.h"

namespace halcyon {
namespace {

using Dims = std::vector<std::int64_t>;

OnnxConstant fold_cast(const Folding& f) {
  OnnxConstant c = f.input(0);
  const std::int64_t to = f.attributes.integer("to", onnx::TensorProto::FLOAT);
  f.attributes.ignore("saturate");
  if (to == onnx::TensorProto::FLOAT && c.is_integer) {
    c.values = floats_of({c.integers.begin(), c.integers.end()});
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
  out.values = floats_of(values);
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
  OnnxConstant value = {.dims = {}, .is_integer = false, .values = floats_of({0}), .integers = {}};
  if (const auto* tensor = f.attributes.tensor("value"))
    value = read_tensor(*tensor, f.model.folder);
  if (elements_of(value.dims) != 1) throw data_error("a value of several elements; allowed: one");
  return filled(integers_of(f.input(0)), value.is_integer,
                [&](std::size_t) { return at(value, 0); });
}

constexpr FoldingRule kRules[] = {
    {"Cast", fold_cast},
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

std::span<const FoldingRule> arithmetic_rules() { return kRules; }

}  // namespace halcyon
