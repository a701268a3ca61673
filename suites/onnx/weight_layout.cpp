#include "suites/onnx/weight_layout.h"

#include "kernels/problem/op.h"

namespace halcyon {
namespace {

/// Output channels, what each of them reads, and taps. One order serves every op: what an op does
/// not have is 1.
struct Extents {
  std::size_t c, k, taps;
};

Extents extents_of(const Op& op) {
  const bool depthwise = op.word() == "dw";
  const int c = depthwise ? op.in.c : op.channels;
  const int k = depthwise ? 1 : op.in.c / op.groups;
  return {std::size_t(c), std::size_t(k), std::size_t(op.h.kernel) * op.w.kernel};
}

/// Calls visit(index in ONNX's order, index in ours).
template <class Visit>
void each_weight(const Op& op, Visit&& visit) {
  const auto [cs, ks, taps] = extents_of(op);
  std::size_t onnx = 0;
  for (std::size_t c = 0; c < cs; ++c)
    for (std::size_t k = 0; k < ks; ++k)
      for (std::size_t tap = 0; tap < taps; ++tap) visit(onnx++, (tap * ks + k) * cs + c);
}

}  // namespace

std::vector<std::int64_t> onnx_weight_dims(const Op& op) {
  if (parameters_of(op).empty() || parameters_of(op).front().role != Role::weight) return {};
  const auto [c, k, taps] = extents_of(op);
  const std::vector<std::int64_t> dense = {std::int64_t(c), std::int64_t(k)};
  if (op.word() == "linear") return dense;
  return {dense[0], dense[1], op.h.kernel, op.w.kernel};
}

Tensor weight_from_onnx(const Op& op, TensorView v) {
  return rearranged(v, v.size(), [&](auto move) {
    each_weight(op, [&](std::size_t onnx, std::size_t ours) { move(ours, onnx); });
  });
}

Tensor weight_to_onnx(const Op& op, TensorView v) {
  return rearranged(v, v.size(), [&](auto move) {
    each_weight(op, [&](std::size_t onnx, std::size_t ours) { move(onnx, ours); });
  });
}

}  // namespace halcyon
