#include "suites/onnx/reading/axes.h"

#include "kernels/error.h"

namespace halcyon {
namespace {

std::int64_t extent_of(char letter, const Shape& s) {
  return letter == 'n' ? s.n : letter == 'c' ? s.c : letter == 'h' ? s.h : s.w;
}

}  // namespace

std::size_t checked_axis(std::int64_t axis, std::size_t rank) {
  const auto r = static_cast<std::int64_t>(rank);
  if (axis < -r || axis >= r)
    throw data_error("found axis " + std::to_string(axis) + ", allowed one of " +
                     std::to_string(rank) + " dims");
  return static_cast<std::size_t>(axis < 0 ? axis + r : axis);
}

std::string axes_text(const OnnxAxes& axes) {
  std::string text;
  for (const std::string& axis : axes) {
    text += text.empty() ? "" : ", ";
    for (std::size_t i = 0; i < axis.size(); ++i) text += (i ? "*" : "") + std::string(1, axis[i]);
    if (axis.empty()) text += "1";
  }
  return "(" + text + ")";
}

std::vector<std::int64_t> dims_of(const OnnxAxes& axes, const Shape& shape) {
  std::vector<std::int64_t> dims;
  for (const std::string& axis : axes) {
    dims.push_back(1);
    for (const char letter : axis) dims.back() *= extent_of(letter, shape);
  }
  return dims;
}

OnnxAxes without_ones(const OnnxAxes& axes, const Shape& shape) {
  OnnxAxes out = axes;
  for (std::string& axis : out)
    std::erase_if(axis, [&](char letter) { return extent_of(letter, shape) == 1; });
  return out;
}

bool same_axes(const OnnxAxes& a, const OnnxAxes& b, const Shape& shape) {
  return without_ones(a, shape) == without_ones(b, shape);
}

bool broadcasts(const OnnxAxes& a, const Shape& of_a, const OnnxAxes& b, const Shape& of_b) {
  if (b.size() > a.size()) return false;
  const OnnxAxes to = without_ones(a, of_a), from = without_ones(b, of_b);
  for (std::size_t i = 1; i <= from.size(); ++i)
    if (!from[from.size() - i].empty() && from[from.size() - i] != to[to.size() - i]) return false;
  return true;
}

std::optional<OnnxAxes> reshaped(const OnnxAxes& axes, const Shape& shape,
                                 const std::vector<std::int64_t>& dims) {
  std::string letters;
  for (const std::string& axis : without_ones(axes, shape)) letters += axis;
  OnnxAxes out;
  std::size_t next = 0;
  for (const std::int64_t dim : dims) {
    std::int64_t product = 1;
    out.emplace_back();
    while (product < dim && next < letters.size()) {
      product *= extent_of(letters[next], shape);
      out.back() += letters[next++];
    }
    if (product != dim) return {};
  }
  if (next != letters.size()) return {};
  return out;
}

}  // namespace halcyon
