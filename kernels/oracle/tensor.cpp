#include "kernels/oracle/tensor.h"

#include <algorithm>

#include "kernels/error.h"

namespace halcyon {

void no_values_of(DType dtype) {
  throw Error(Exit::internal, "values of " + std::string(to_text(dtype)) + " where none can be");
}

Tensor Tensor::rounded(DType dtype, std::span<const double> values) {
  Tensor tensor(dtype, values.size());
  transform(tensor, [&](double, std::size_t i) { return values[i]; });
  return tensor;
}

std::pair<double, double> range_of(TensorView v) {
  return with_values(v, [](auto values) -> std::pair<double, double> {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    return {*least, *most};
  });
}

std::string place_of(const TensorSpec& spec, std::int64_t index) {
  // Spatial axes of tensors are known by their extents in a shape: x runs over w, y over h.
  const auto letter = [](const std::string& axis) {
    return axis == "x" ? "w" : axis == "y" ? "h" : axis;
  };
  std::string place;
  for (std::size_t i = 0; i < spec.axes.size(); ++i) {
    const std::string at = letter(spec.axes[i]) + std::to_string(index % spec.extents[i]);
    place = place.empty() ? at : at + " " + place;
    index /= spec.extents[i];
  }
  const bool image = spec.axes.size() == 3 && spec.axes[2] == "y";  // its batch axis is left out
  return image ? "n0 " + place : place;
}

}  // namespace halcyon
