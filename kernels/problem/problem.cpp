#include "kernels/problem/problem.h"

#include <algorithm>
#include <array>

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "kernels/problem/op_field.h"

namespace halcyon {
namespace {

// In the order of the enums.
constexpr std::array<std::string_view, 7> kActs = {"relu", "relu6",   "hardswish", "hardsigmoid",
                                                   "silu", "sigmoid", "gelu"};
constexpr std::array<std::string_view, 6> kRoles = {"input", "weight", "bias",
                                                    "scale", "extra",  "output"};

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

std::string op_text(const Op& op) {
  std::string out;
  const auto word = [&](std::string_view text) {
    if (!out.empty()) out += ' ';
    out += text;
  };
  if (!is_map(*op.kind)) word(op.word());
  for (const OpField* field : arguments_of(*op.kind)) word(value_text(*field, op));
  for (const OpField* field : attributes_of(*op.kind))
    if (field->get(op) != field->otherwise(op))
      word(std::string(field->symbol) + value_text(*field, op));
  for (const Epilogue& item : op.epilogue) word(to_text(item));
  return out;
}

}  // namespace

std::string_view to_text(Act act) { return kActs[static_cast<std::size_t>(act)]; }
std::string_view to_text(Role role) { return kRoles[static_cast<std::size_t>(role)]; }

bool act_from_text(std::string_view word, Act* out) {
  for (Act act : kAllActs)
    if (to_text(act) == word) return *out = act, true;
  return false;
}

std::string to_text(const Shape& s) {
  return std::to_string(s.n) + "x" + std::to_string(s.h) + "x" + std::to_string(s.w) + "x" +
         std::to_string(s.c);
}

int Window::out(int in) const {
  const std::int64_t padded = std::int64_t{in} + pad_lo + pad_hi;
  const std::int64_t span = std::int64_t{dilation} * (kernel - 1) + 1;
  if (stride < 1) throw usage_error("stride " + std::to_string(stride) + "; allowed: 1 or more");
  if (span > padded)
    throw usage_error(
        "a kernel of " + std::to_string(kernel) +
        (dilation > 1
             ? " with dilation " + std::to_string(dilation) + " spans " + std::to_string(span)
             : "") +
        " on a padded input of " + std::to_string(padded) + "; allowed: at most the padded input");
  return static_cast<int>((padded - span) / stride + 1);
}

std::int64_t Window::taps_inside(int in) const {
  std::int64_t taps = 0;
  const std::int64_t outputs = out(in);
  for (int tap = 0; tap < kernel; ++tap) {
    const std::int64_t offset = at(0, tap);  // outputs o with 0 <= o * stride + offset < in
    const std::int64_t first = std::max<std::int64_t>(0, -floor_div(offset, stride));
    const std::int64_t last = std::min(outputs - 1, floor_div(in - 1 - offset, stride));
    taps += std::max<std::int64_t>(0, last - first + 1);
  }
  return taps;
}

std::string_view Op::word() const { return kind->word; }

bool Op::has(Epilogue::Kind which) const {
  return std::any_of(epilogue.begin(), epilogue.end(),
                     [&](const Epilogue& item) { return item.kind == which; });
}

std::int64_t TensorSpec::elements() const {
  std::int64_t product = 1;
  for (int extent : extents) product *= extent;
  return product;
}

std::string Problem::text() const {
  std::string out = dtype_ == DType::f32 ? "" : std::string(to_text(dtype_)) + " ";
  out += to_text(input_);
  for (const Op& op : ops_) out += " | " + op_text(op);
  return out;
}

std::string Problem::name(std::string_view base, int op) const {
  return std::string(base) + (ops_.size() == 1 ? "" : std::to_string(op + 1));
}

std::string Problem::result_name(int op) const {
  return op + 1 == static_cast<int>(ops_.size()) ? "out" : "t" + std::to_string(op + 1);
}

std::int64_t Problem::macs() const {
  std::int64_t total = 0;
  for (const Op& op : ops_) total += op.kind->macs ? op.kind->macs(op, false) : 0;
  return total;
}

std::int64_t Problem::macs_inside() const {
  std::int64_t total = 0;
  for (const Op& op : ops_) total += op.kind->macs ? op.kind->macs(op, true) : 0;
  return total;
}

std::int64_t Problem::parameters() const {
  std::int64_t total = 0;
  for (const TensorSpec& t : tensors_)
    if (t.role == Role::weight || t.role == Role::bias) total += t.elements();
  return total;
}

std::int64_t Problem::weight_bytes() const {
  std::int64_t total = 0;
  for (const TensorSpec& t : tensors_)
    if (t.is_parameter()) total += t.bytes();
  return total;
}

std::int64_t Problem::activation_bytes() const {
  std::int64_t total = 0;
  for (const TensorSpec& t : tensors_)
    if (!t.is_parameter()) total += t.bytes();
  return total;
}

}  // namespace halcyon
