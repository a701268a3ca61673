// QuantizeLinear and DequantizeLinear of constants: weights and biases of quantised models.
#include <algorithm>
#include <cmath>

#include "kernels/error.h"
#include "suites/onnx/reading/axes.h"
#include "suites/onnx/reading/folding_rule.h"

namespace halcyon {
namespace {

/// Scales and zero points, one for all or one for each place of an axis.
class Scaling {
 public:
  Scaling(const Folding& f, const std::vector<std::int64_t>& dims) {
    const OnnxConstant& scale = f.input(1);
    if (scale.is_integer || scale.dims.size() > 1)
      throw data_error("scale of " + dims_text(scale.dims) + ", allowed FLOAT of at most one dim");
    scales = numbers_of<double>(scale.values);
    zeros.assign(scales.size(), 0);
    const std::int64_t wanted = f.attributes.integer("axis", 1);
    f.attributes.only("block_size", 0);
    f.attributes.only("saturate", 1);
    if (f.inputs.size() > 2) read_zeros(f.input(2));
    if (scales.size() == 1) return;
    axis = static_cast<std::int64_t>(checked_axis(wanted, dims.size()));
    const auto at = static_cast<std::size_t>(axis);
    if (dims[at] != static_cast<std::int64_t>(scales.size()))
      throw data_error(std::to_string(scales.size()) + " scales; allowed: 1 or " +
                       std::to_string(dims[at]));
    for (std::size_t i = at + 1; i < dims.size(); ++i) inner_ *= static_cast<std::size_t>(dims[i]);
  }
  std::size_t place(std::size_t element) const { return element / inner_ % scales.size(); }

  std::vector<double> scales;
  std::vector<std::int64_t> zeros;
  std::optional<DType> byte;
  std::int64_t axis = 0;

 private:
  void read_zeros(const OnnxConstant& c) {
    zeros = integers_of(c);
    byte = c.byte;
    if (zeros.size() != scales.size())
      throw data_error(std::to_string(zeros.size()) +
                       " zero points; allowed: " + std::to_string(scales.size()));
  }
  std::size_t inner_ = 1;
};

OnnxConstant fold_quantise(const Folding& f) {
  const OnnxConstant& x = f.input(0);
  if (x.is_integer) throw data_error("found integers; allowed: FLOAT");
  const Scaling s(f, x.dims);
  OnnxConstant out{.dims = x.dims, .is_integer = true};
  out.byte = s.byte.value_or(DType::u8);
  const double least = *out.byte == DType::i8 ? -128 : 0;
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    const std::size_t p = s.place(i);
    const double step = std::nearbyint(x.values.at(i) / s.scales[p]) + double(s.zeros[p]);
    out.integers.push_back(std::int64_t(std::clamp(step, least, least + 255)));
  }
  return out;
}

OnnxConstant fold_dequantise(const Folding& f) {
  const OnnxConstant& x = f.input(0);
  const std::vector<std::int64_t>& integers = integers_of(x);
  const Scaling s(f, x.dims);
  std::vector<double> steps, values;
  for (std::size_t i = 0; i < integers.size(); ++i) {
    const std::size_t p = s.place(i);
    steps.push_back(static_cast<double>(integers[i] - s.zeros[p]));
    values.push_back(steps.back() * s.scales[p]);
  }
  OnnxConstant out{.dims = x.dims};
  out.values = floats_of(values);
  const auto fits = [](double step) { return step >= -128 && step <= 127; };
  if (x.byte && std::all_of(steps.begin(), steps.end(), fits))
    out.in_steps = {Tensor::rounded(DType::i8, steps), s.scales, s.axis};
  return out;
}

constexpr FoldingRule kRules[] = {{"QuantizeLinear", fold_quantise},
                                  {"DequantizeLinear", fold_dequantise}};

}  // namespace

std::span<const FoldingRule> quantised_rules() { return kRules; }

}  // namespace halcyon
