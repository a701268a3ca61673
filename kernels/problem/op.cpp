#include "kernels/problem/op.h"

#include <limits>

#include "kernels/error.h"

namespace halcyon {

#define HALCYON_KERNEL(word) extern const OpKind word##_kind;
#include "kernels.inc"
#undef HALCYON_KERNEL

const std::vector<const OpKind*>& op_kinds() {
#define HALCYON_KERNEL(word) &word##_kind,
  static const std::vector<const OpKind*> kinds = {
#include "kernels.inc"
  };
#undef HALCYON_KERNEL
  return kinds;
}

const OpKind* find_op_kind(std::string_view word) {
  for (const OpKind* kind : op_kinds())
    if (kind->word == word) return kind;
  return nullptr;
}

bool is_map(const OpKind& kind) { return &kind == &map_kind; }

std::vector<TensorSpec> parameters_of(const Op& op) {
  return op.kind->parameters ? op.kind->parameters(op) : std::vector<TensorSpec>{};
}

std::string_view to_text(const Epilogue& item) {
  switch (item.kind) {
    case Epilogue::act:
      return to_text(item.function);
    case Epilogue::scale:
      return "scale";
    case Epilogue::add:
      return "add";
    case Epilogue::skip:
      return "skip";
    case Epilogue::sums:
      return "sums";
  }
  return "";
}

bool epilogue_from_text(std::string_view word, Epilogue* out) {
  *out = {};
  if (act_from_text(word, &out->function)) return true;
  for (Epilogue::Kind kind : {Epilogue::scale, Epilogue::add, Epilogue::skip, Epilogue::sums}) {
    out->kind = kind;
    if (to_text(*out) == word) return true;
  }
  return false;
}

const std::vector<std::string>& epilogue_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> all;
    for (Act act : kAllActs) all.emplace_back(to_text(act));
    all.insert(all.end(), {"scale", "add", "skip", "sums"});
    return all;
  }();
  return words;
}

TensorSpec tensor_spec(std::string name, Role role, const Shape& shape) {
  TensorSpec spec{std::move(name), role, 0, {"c", "x", "y"}, {shape.c, shape.w, shape.h}};
  if (shape.n > 1) {
    spec.axes.push_back("n");
    spec.extents.push_back(shape.n);
  }
  return spec;
}

Shape checked_shape(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c) {
  constexpr std::int64_t kMostExtent = std::numeric_limits<int>::max();
  constexpr std::int64_t kMostElements = std::int64_t{1} << 40;
  std::string text;
  std::int64_t elements = 1;
  bool extents = true, fits = true;
  for (std::int64_t extent : {n, h, w, c}) {
    text += (text.empty() ? "" : "x") + std::to_string(extent);
    extents = extents && extent >= 1 && extent <= kMostExtent;
    // Below 2^40 so far, times less than 2^31: no overflow before the test.
    if (extents && fits) fits = (elements *= extent) <= kMostElements;
  }
  if (!extents) throw usage_error("a tensor of " + text + "; allowed: each extent 1 to 2147483647");
  if (!fits) throw usage_error("a tensor of " + text + "; allowed: at most 2^40 elements");
  return {static_cast<int>(n), static_cast<int>(h), static_cast<int>(w), static_cast<int>(c)};
}

std::int64_t checked_product(std::initializer_list<std::int64_t> factors) {
  std::int64_t product = 1;
  for (std::int64_t factor : factors)
    if (__builtin_mul_overflow(product, factor, &product))
      throw usage_error("multiply-accumulates overflow; allowed: at most 2^63-1");
  return product;
}

}  // namespace halcyon
