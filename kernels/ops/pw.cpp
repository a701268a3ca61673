#include <algorithm>

#include "kernels/ops/dense.h"

namespace halcyon {
namespace {

void resolve(Op& op) {
  check_groups(op);
  op.out = checked_shape(op.in.n, op.in.h, op.in.w, op.channels);
}

std::vector<TensorSpec> parameters(const Op& op) {
  return dense_parameters("w", "b", op.channels, op.in.c / op.groups);
}

std::int64_t macs(const Op& op, bool) {
  return checked_product({op.in.elements(), op.channels / op.groups});
}

/// A pointwise op sees no neighbours: pixels are rows of one matrix.
constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>& arg) -> std::vector<T> {
  const auto w = arg("w"), b = arg("b");
  const int k = op.in.c / op.groups, c = op.channels / op.groups;
  const std::size_t inputs = op.in.c, outputs = op.channels;
  std::vector<T> out;
  out.reserve(op.out.elements());
  const std::size_t pixels = op.in.elements() / inputs;
  for (std::size_t p = 0; p < pixels; ++p) out.insert(out.end(), b.begin(), b.end());
  for (int g = 0; g < op.groups; ++g) {
    std::size_t p = 0;
    for (; p + 4 <= pixels; p += 4)
      add_four_products(out.data() + p * outputs, outputs, in.data() + p * inputs + g * k, inputs,
                        k, w.data(), g * c, (g + 1) * c);
    for (; p < pixels; ++p)
      add_product<T>(std::span(out).subspan(p * outputs, outputs),
                     in.subspan(p * inputs + g * k, k), w, g * c, (g + 1) * c);
  }
  return out;
};

}  // namespace

extern const OpKind pw_kind{.word = "pw",
                            .arguments = "CO",
                            .attributes = "g",
                            .help = "pointwise (1x1) convolution, with bias",
                            .resolve = resolve,
                            .parameters = parameters,
                            .macs = macs,
                            .reference = loops};

}  // namespace halcyon
