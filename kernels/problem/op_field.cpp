#include "kernels/problem/op_field.h"

#include <algorithm>
#include <limits>
#include <sstream>

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "kernels/strict_json.h"

namespace halcyon {
namespace {

constexpr int kMost = std::numeric_limits<int>::max();
constexpr int kMostKernel = 15;
// A bound that no network comes near, so that lengths of a window stay far inside 32 bits.
constexpr int kMostStride = 1024;
constexpr int kMostPad = kMostStride * (kMostKernel - 1);

constexpr Act kGates[] = {Act::hardsigmoid, Act::sigmoid};

const std::vector<OpField>& argument_fields() {
  static const std::vector<OpField> fields = {
      {.symbol = "KHxKW",
       .key = "kernel",
       .what = "kernel size",
       .count = 2,
       .separator = 'x',
       .spread = false,
       .low = 1,
       .high = kMostKernel,
       .get = [](const Op& o) -> std::vector<int> {
         return {o.h.kernel, o.w.kernel};
       },
       .set = [](Op& o, std::span<const int> v) { o.h.kernel = v[0], o.w.kernel = v[1]; }},
      {.symbol = "CO",
       .key = "channels",
       .what = "output channels",
       .count = 1,
       .separator = 0,
       .spread = false,
       .low = 1,
       .high = kMost,
       .get = [](const Op& o) -> std::vector<int> { return {o.channels}; },
       .set = [](Op& o, std::span<const int> v) { o.channels = v[0]; }},
      {.symbol = "B",
       .key = "block",
       .what = "block",
       .count = 1,
       .separator = 0,
       .spread = false,
       .low = 1,
       .high = kMost,
       .get = [](const Op& o) -> std::vector<int> { return {o.block}; },
       .set = [](Op& o, std::span<const int> v) { o.block = v[0]; }},
      {.symbol = "R",
       .key = "squeeze",
       .what = "squeezed channels",
       .count = 1,
       .separator = 0,
       .spread = false,
       .low = 1,
       .high = kMost,
       .get = [](const Op& o) -> std::vector<int> { return {o.squeeze}; },
       .set = [](Op& o, std::span<const int> v) { o.squeeze = v[0]; }},
      {.symbol = "ACT",
       .key = "act",
       .what = "activation",
       .count = 1,
       .separator = 0,
       .spread = false,
       .low = 0,
       .high = 0,
       .get = [](const Op& o) -> std::vector<int> { return {static_cast<int>(o.squeeze_act)}; },
       .set = [](Op& o, std::span<const int> v) { o.squeeze_act = static_cast<Act>(v[0]); },
       .acts = kAllActs},
      {.symbol = "GATE",
       .key = "gate",
       .what = "gate",
       .count = 1,
       .separator = 0,
       .spread = false,
       .low = 0,
       .high = 0,
       .get = [](const Op& o) -> std::vector<int> { return {static_cast<int>(o.gate)}; },
       .set = [](Op& o, std::span<const int> v) { o.gate = static_cast<Act>(v[0]); },
       .acts = kGates},
      {.symbol = "DTYPE",
       .key = "dtype",
       .what = "dtype",
       .count = 1,
       .separator = 0,
       .spread = false,
       .low = 0,
       .high = 0,
       .get = [](const Op& o) -> std::vector<int> { return {static_cast<int>(o.to)}; },
       .set = [](Op& o, std::span<const int> v) { o.to = static_cast<DType>(v[0]); },
       .dtypes = problem_dtypes()},
  };
  return fields;
}

}  // namespace

const std::vector<OpField>& attribute_fields() {
  static const std::vector<OpField> fields = {
      {.symbol = "s",
       .key = "stride",
       .what = "stride",
       .count = 2,
       .separator = 'x',
       .spread = true,
       .low = 1,
       .high = kMostStride,
       .get = [](const Op& o) -> std::vector<int> {
         return {o.h.stride, o.w.stride};
       },
       .set = [](Op& o, std::span<const int> v) { o.h.stride = v[0], o.w.stride = v[1]; },
       .otherwise = [](const Op&) -> std::vector<int> {
         return {1, 1};
       }},
      {.symbol = "p",
       .key = "pad",
       .what = "padding",
       .count = 4,
       .separator = ',',
       .spread = true,
       .low = 0,
       .high = kMostPad,
       .get = [](const Op& o) -> std::vector<int> {
         return {o.h.pad_lo, o.h.pad_hi, o.w.pad_lo, o.w.pad_hi};
       },
       .set =
           [](Op& o, std::span<const int> v) {
             o.h.pad_lo = v[0], o.h.pad_hi = v[1], o.w.pad_lo = v[2], o.w.pad_hi = v[3];
           },
       .otherwise = [](const Op& o) -> std::vector<int> {
         const int h = o.h.default_pad(), w = o.w.default_pad();
         return {h, h, w, w};
       }},
      {.symbol = "d",
       .key = "dilation",
       .what = "dilation",
       .count = 1,
       .separator = 0,
       .spread = false,
       .low = 1,
       .high = kMostStride,
       .get = [](const Op& o) -> std::vector<int> { return {o.h.dilation}; },
       .set = [](Op& o, std::span<const int> v) { o.h.dilation = o.w.dilation = v[0]; },
       .otherwise = [](const Op&) -> std::vector<int> { return {1}; }},
      {.symbol = "g",
       .key = "groups",
       .what = "groups",
       .count = 1,
       .separator = 0,
       .spread = false,
       .low = 1,
       .high = kMost,
       .get = [](const Op& o) -> std::vector<int> { return {o.groups}; },
       .set = [](Op& o, std::span<const int> v) { o.groups = v[0]; },
       .otherwise = [](const Op&) -> std::vector<int> { return {1}; }},
  };
  return fields;
}

std::vector<const OpField*> arguments_of(const OpKind& kind) {
  std::vector<const OpField*> out;
  std::istringstream symbols(kind.arguments);
  for (std::string symbol; symbols >> symbol;)
    for (const OpField& field : argument_fields())
      if (field.symbol == symbol) out.push_back(&field);
  return out;
}

std::vector<const OpField*> attributes_of(const OpKind& kind) {
  std::vector<const OpField*> out;
  for (const OpField& field : attribute_fields())
    if (std::string_view(kind.attributes).find(field.symbol) != std::string_view::npos)
      out.push_back(&field);
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::vector<std::string> words_of(const OpField& field) {
  std::vector<std::string> words;
  for (Act act : field.acts) words.emplace_back(to_text(act));
  for (DType dtype : field.dtypes) words.emplace_back(to_text(dtype));
  return words;
}

bool set_word(const OpField& field, std::string_view word, Op& op) {
  const auto is_one_of = [&](const auto& all) {
    for (const auto one : all) {
      const int value = static_cast<int>(one);
      if (to_text(one) == word) return field.set(op, {&value, 1}), true;
    }
    return false;
  };
  return is_one_of(field.acts) || is_one_of(field.dtypes);
}

std::string allowed(const OpField& field) {
  if (field.is_word()) return joined(words_of(field));
  return std::to_string(field.low) + " to " + std::to_string(field.high);
}

void check_fields(const Op& op) {
  Op said = op;
  std::vector<const OpField*> fields = arguments_of(*op.kind);
  for (const OpField* field : attributes_of(*op.kind)) fields.push_back(field);
  for (const OpField* field : fields) {
    const std::vector<int> values = field->get(op);
    for (const int value : values)
      if (!field->is_word() && (value < field->low || value > field->high))
        throw usage_error(std::string(field->what) + " " + value_text(*field, op) +
                          "; allowed: " + allowed(*field));
    field->set(said, values);
  }
  if (said.h.dilation != op.h.dilation || said.w.dilation != op.w.dilation)
    throw usage_error("dilation " + std::to_string(op.h.dilation) + "x" +
                      std::to_string(op.w.dilation) + "; allowed: one for both axes");
}

std::string value_text(const OpField& field, const Op& op) {
  const std::vector<int> values = field.get(op);
  if (!field.acts.empty()) return std::string(to_text(static_cast<Act>(values[0])));
  if (!field.dtypes.empty()) return std::string(to_text(static_cast<DType>(values[0])));
  const bool same =
      std::all_of(values.begin(), values.end(), [&](int value) { return value == values[0]; });
  std::string out = std::to_string(values[0]);
  if (field.spread && same) return out;
  for (std::size_t i = 1; i < values.size(); ++i)
    out += field.separator + std::to_string(values[i]);
  return out;
}

}  // namespace halcyon
