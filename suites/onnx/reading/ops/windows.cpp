#include "suites/onnx/reading/ops/windows.h"

#include <algorithm>

#include "kernels/error.h"
#include "suites/onnx/reading/names.h"

namespace halcyon {
namespace {

using Dims = std::vector<std::int64_t>;

/// Paddings before and after, of one axis.
struct Pads {
  std::int64_t lo = 0, hi = 0;
};

/// SAME_UPPER and SAME_LOWER: as much as makes the output ceil(in / stride) long.
Pads same_pads(std::int64_t in, const Window& w, bool upper) {
  const std::int64_t outputs = (in + w.stride - 1) / w.stride;
  const std::int64_t span = std::int64_t{w.dilation} * (w.kernel - 1) + 1;
  const std::int64_t total = std::max<std::int64_t>((outputs - 1) * w.stride + span - in, 0);
  const std::int64_t less = total / 2;
  return upper ? Pads{less, total - less} : Pads{total - less, less};
}

}  // namespace

std::vector<std::int64_t> pair_of(const OnnxCall& call, const char* name, std::int64_t otherwise) {
  Dims values = call.attributes.integers(name);
  if (values.empty()) values = {otherwise, otherwise};
  for (const std::int64_t v : values)
    if (values.size() != 2 || v < 1 || v > kMostWindow)
      throw data_error("attribute '" + std::string(name) + "': found " + dims_text(values) +
                       ", allowed 2 numbers of 1 to " + std::to_string(kMostWindow));
  return values;
}

Windows windows_of(const OnnxCall& call, const Dims& kernel, const OnnxValue& x) {
  const Dims strides = pair_of(call, "strides", 1);
  Dims dilations = pair_of(call, "dilations", 1);
  // Of a kernel of 1 it says nothing, and a problem has one for both axes.
  for (const std::size_t axis : {0, 1})
    if (kernel[axis] == 1) dilations[axis] = kernel[1 - axis] == 1 ? 1 : dilations[1 - axis];
  Dims pads = call.attributes.integers("pads");
  if (pads.empty()) pads = {0, 0, 0, 0};
  for (const std::int64_t p : pads)
    if (pads.size() != 4 || p < 0 || p > kMostWindow)
      throw data_error("attribute 'pads': found " + dims_text(pads) +
                       ", allowed 4 numbers of 0 to " + std::to_string(kMostWindow));
  const std::string mode = call.attributes.text("auto_pad", "NOTSET");
  if (mode != "NOTSET" && mode != "VALID" && mode != "SAME_UPPER" && mode != "SAME_LOWER")
    throw data_error("attribute 'auto_pad': found '" + safe_name(mode) +
                     "', allowed NOTSET, VALID, SAME_UPPER, SAME_LOWER");
  const Shape& in = call.shape(x.value);
  const auto window = [&](int axis, int before, int after, int extent) {
    Window w{.kernel = static_cast<int>(kernel[axis]),
             .stride = static_cast<int>(strides[axis]),
             .dilation = static_cast<int>(dilations[axis])};
    Pads own{pads[axis], pads[axis + 2]};
    if (mode == "VALID") own = {};
    if (mode.starts_with("SAME"))
      own = same_pads(std::int64_t{extent} + before + after, w, mode == "SAME_UPPER");
    w.pad_lo = static_cast<int>(before + own.lo);
    w.pad_hi = static_cast<int>(after + own.hi);
    return w;
  };
  return {window(0, x.top, x.bottom, in.h), window(1, x.left, x.right, in.w)};
}

}  // namespace halcyon
