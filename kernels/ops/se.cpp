#include "kernels/ops/dense.h"
#include "kernels/oracle/reference.h"

namespace halcyon {
namespace {

/// wr, br: C to R squeezed channels; we, be: back to C.
std::vector<TensorSpec> parameters(const Op& op) {
  std::vector<TensorSpec> out = dense_parameters("wr", "br", op.squeeze, op.in.c);
  const std::vector<TensorSpec> expand = dense_parameters("we", "be", op.in.c, op.squeeze);
  out.insert(out.end(), expand.begin(), expand.end());
  return out;
}

std::int64_t macs(const Op& op, bool) { return checked_product({2, op.in.n, op.in.c, op.squeeze}); }

/// act(b + w * in): one dense layer on one image.
template <class T>
std::vector<T> layer(std::span<const T> in, std::span<const T> w, std::span<const T> b, Act act) {
  std::vector<T> out(b.begin(), b.end());
  add_product<T>(out, in, w, 0, static_cast<int>(out.size()));
  for (T& value : out) value = static_cast<T>(activation(act, value));
  return out;
}

constexpr auto loops = []<class T>(const Op& op, std::span<const T> in,
                                   const Arguments<T>& arg) -> std::vector<T> {
  const std::size_t channels = op.in.c, image = op.in.elements() / op.in.n;
  std::vector<T> out(in.begin(), in.end());
  for (std::size_t first = 0; first < in.size(); first += image) {
    std::vector<T> mean(channels);
    for (std::size_t i = 0; i < image; ++i) mean[i % channels] += in[first + i];
    for (T& sum : mean) sum /= static_cast<T>(image / channels);
    const auto squeezed = layer<T>(mean, arg("wr"), arg("br"), op.squeeze_act);
    const auto gate = layer<T>(squeezed, arg("we"), arg("be"), op.gate);
    for (std::size_t i = 0; i < image; ++i) out[first + i] *= gate[i % channels];
  }
  return out;
};

}  // namespace

extern const OpKind se_kind{
    .word = "se",
    .arguments = "R ACT GATE",
    .attributes = "",
    .help = "squeeze and excite: scales channels by a gate of two dense layers on their means",
    .not_in_i8 = "what stands between its layers would need scales of its own",
    .resolve = [](Op& op) { op.out = op.in; },
    .parameters = parameters,
    .macs = macs,
    .reference = loops};

}  // namespace halcyon
