// Weights that an exporter left to be transposed, the dims that a Reshape wants: elements of
// constants in another order, with other dims, some of them.
#include <algorithm>

#include "kernels/error.h"
#include "suites/onnx/reading/axes.h"
#include "suites/onnx/reading/folding_rule.h"

namespace halcyon {
namespace {

using Dims = std::vector<std::int64_t>;

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
  out.values = floats_of(values);
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

constexpr FoldingRule kRules[] = {
    {"Identity", [](const Folding& f) { return f.input(0); }},
    {"Squeeze", fold_squeeze},
    {"Unsqueeze", fold_unsqueeze},
    {"Reshape", fold_reshape},
    {"Transpose", fold_transpose},
    {"Concat", fold_concat},
    {"Gather", fold_gather},
    {"Slice", fold_slice},
};

}  // namespace

std::span<const FoldingRule> rearranging_rules() { return kRules; }

}  // namespace halcyon
