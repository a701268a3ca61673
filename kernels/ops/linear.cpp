#include "kernels/ops/dense.h"

namespace halcyon {
namespace {

void resolve(Op& op) {
  if (op.in.h != 1 || op.in.w != 1)
    throw usage_error("linear on a map of " + std::to_string(op.in.h) + "x" +
                      std::to_string(op.in.w) + "; allowed: 1x1, as after gap");
  op.out = checked_shape(op.in.n, 1, 1, op.channels);
}

std::vector<TensorSpec> parameters(const Op& op) {
  return dense_parameters("w", "b", op.channels, op.in.c);
}

std::int64_t macs(const Op& op, bool) { return checked_product({op.in.n, op.in.c, op.channels}); }

constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>& arg) -> std::vector<T> {
  const auto b = arg("b");
  std::vector<T> out;
  out.reserve(op.out.elements());
  for (int n = 0; n < op.in.n; ++n) {
    out.insert(out.end(), b.begin(), b.end());
    add_product<T>(std::span(out).last(b.size()), in.subspan(n * std::size_t(op.in.c), op.in.c),
                   arg("w"), 0, op.channels);
  }
  return out;
};

}  // namespace

extern const OpKind linear_kind{.word = "linear",
                                .arguments = "CO",
                                .attributes = "",
                                .help = "fully connected layer on a 1x1 map, with bias",
                                .resolve = resolve,
                                .parameters = parameters,
                                .macs = macs,
                                .reference = loops};

}  // namespace halcyon
