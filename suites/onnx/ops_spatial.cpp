// Pooling, sums over pixels, padding, resizing.
#include <algorithm>
#include <limits>

#include "kernels/error.h"
#include "suites/onnx/names.h"
#include "suites/onnx/windows.h"

namespace halcyon {
namespace {

using Dims = std::vector<std::int64_t>;

/// Can zeros around it take the place of -infinity in a maximum?
bool is_never_negative(OnnxCall& call, int value) {
  const std::vector<Node>& nodes = call.builder().graph().nodes;
  const auto maker =
      std::find_if(nodes.begin(), nodes.end(), [&](const Node& n) { return n.output == value; });
  if (maker == nodes.end() || maker->kind != NodeKind::act) return false;
  return maker->act == Act::relu || maker->act == Act::relu6 || maker->act == Act::sigmoid ||
         maker->act == Act::hardsigmoid;
}

void import_maxpool(OnnxCall& call) {
  const OnnxValue x = call.map(0, true);
  const bool harmless = x.pad_value <= std::numeric_limits<float>::lowest() ||
                        (x.pad_value == 0 && is_never_negative(call, x.value));
  if (x.is_padded() && !harmless)
    throw data_error("found a Pad of " + std::to_string(x.pad_value) +
                     " before it, allowed of 0 after relu");
  auto [h, w] = windows_of(call, pair_of(call, "kernel_shape", 1), x);
  if (call.attributes.integer("ceil_mode", 0) != 0) {
    // A last window that is cut off sees more padding instead, which no maximum is.
    const auto round_up = [](Window& window, int in) {
      const std::int64_t length = std::int64_t{in} + window.pad_lo + window.pad_hi -
                                  std::int64_t{window.dilation} * (window.kernel - 1) - 1;
      if (length % window.stride > 0)
        window.pad_hi += static_cast<int>(window.stride - length % window.stride);
    };
    round_up(h, call.shape(x.value).h);
    round_up(w, call.shape(x.value).w);
  }
  call.attributes.ignore("storage_order");  // of the indices
  call.yield(call.builder().maxpool(call.name(), x.value, h, w));
}

void import_global_average(OnnxCall& call) {
  call.yield(call.builder().gap(call.name(), call.map(0).value));
}

void import_average(OnnxCall& call) {
  const OnnxValue x = call.map(0);
  const Shape& in = call.shape(x.value);
  const auto [h, w] = windows_of(call, pair_of(call, "kernel_shape", 1), x);
  for (const char* name : {"ceil_mode", "count_include_pad"}) call.attributes.ignore(name);
  const Window all_h{.kernel = in.h, .stride = h.stride, .dilation = h.dilation};
  const Window all_w{.kernel = in.w, .stride = w.stride, .dilation = w.dilation};
  if (h != all_h || w != all_w || h.dilation * w.dilation != 1)
    throw data_error("found a window of " + std::to_string(h.kernel) + "x" +
                     std::to_string(w.kernel) + " on a map of " + std::to_string(in.h) + "x" +
                     std::to_string(in.w) + ", allowed the whole map without padding");
  call.yield(call.builder().gap(call.name(), x.value));
}

/// The axes of `x` without those that a Reduce op goes over, or all of them where it keeps dims.
/// Error when it does not go over height and width alone.
OnnxAxes reduced(const OnnxCall& call, const OnnxValue& x, std::size_t axes_input) {
  const Dims axes = call.integers("axes", axes_input);
  call.attributes.ignore("noop_with_empty_axes");
  std::vector<bool> gone(x.axes.size());
  for (const std::int64_t axis : axes) gone[checked_axis(axis, gone.size())] = true;
  OnnxAxes over, left;
  for (std::size_t i = 0; i < gone.size(); ++i) (gone[i] ? over : left).push_back(x.axes[i]);
  std::string letters, wanted;
  for (const std::string& axis : without_ones(over, call.shape(x.value))) letters += axis;
  for (const std::string& axis : without_ones({"h", "w"}, call.shape(x.value))) wanted += axis;
  std::sort(letters.begin(), letters.end());
  if (axes.empty() || letters != wanted)
    throw data_error("found axes " + dims_text(axes) + " of " + axes_text(x.axes) +
                     ", allowed height and width");
  return call.attributes.integer("keepdims", 1) != 0 ? x.axes : left;
}

void import_mean(OnnxCall& call) {
  const OnnxValue x = call.value(0);
  const OnnxAxes axes = reduced(call, x, 1);
  call.yield(call.builder().gap(call.name(), x.value), axes);
}

/// The mean, times the number of pixels.
void import_sum(OnnxCall& call) {
  const OnnxValue x = call.value(0);
  const Shape in = call.shape(x.value);
  const OnnxAxes axes = reduced(call, x, 1);
  const int mean = call.builder().gap(call.name() + ".mean", x.value);
  const int y = call.builder().channel_scale(call.name(), mean);
  const auto pixels = static_cast<float>(std::int64_t{in.h} * in.w);
  Graph& graph = call.builder().graph();
  graph.parameters.back().role = ParameterRole::constant;
  graph.parameters.back().values.assign(in.c, pixels);
  call.yield(y, axes);
}

void import_tokensum(OnnxCall& call) {
  OnnxValue x = call.value(0), weights = call.value(1);
  if (call.shape(weights.value).c != 1) std::swap(x, weights);
  const Shape &of_x = call.shape(x.value), &of_weights = call.shape(weights.value);
  if (!broadcasts(x.axes, of_x, weights.axes, of_weights))
    throw data_error("found a product of " + dims_text(dims_of(x.axes, of_x)) + " and " +
                     dims_text(dims_of(weights.axes, of_weights)) +
                     ", allowed a map and its weights of 1 channel");
  const OnnxAxes axes = reduced(call, x, 2);
  call.yield(call.builder().tokensum(call.name(), x.value, weights.value), axes);
}

void import_s2d(OnnxCall& call) {
  const std::int64_t block = call.attributes.integer("blocksize", 0);
  if (block < 1 || block > kMostWindow)
    throw data_error("attribute 'blocksize': found " + std::to_string(block) + ", allowed 1 to " +
                     std::to_string(kMostWindow));
  call.yield(call.builder().s2d(call.name(), call.map(0).value, static_cast<int>(block)));
}

void import_resize(OnnxCall& call) {
  const OnnxValue x = call.map(0);
  const OnnxAttributes& a = call.attributes;
  const std::string mode = a.text("mode", "nearest");
  const std::string place = a.text("coordinate_transformation_mode", "half_pixel");
  a.only("exclude_outside", 0);
  a.only("antialias", 0);
  a.only("keep_aspect_ratio_policy", "stretch");
  for (const char* name : {"cubic_coeff_a", "extrapolation_value", "nearest_mode"}) a.ignore(name);
  Dims dims = dims_of(x.axes, call.shape(x.value));
  const Dims doubled = {dims[0], dims[1], 2 * dims[2], 2 * dims[3]};
  const Dims axes = a.integers("axes");
  const std::size_t first = axes.empty() ? 0 : 2;  // those of height and width alone
  bool twice = axes.empty() || axes == Dims{2, 3};
  if (call.has(3)) {
    twice = twice && call.integers(3) == Dims(doubled.begin() + first, doubled.end());
  } else {
    const std::vector<float> scales = call.constant(2).floats;
    const std::vector<float> wanted = {1, 1, 2, 2};
    twice = twice && scales == std::vector<float>(wanted.begin() + first, wanted.end());
  }
  if (!twice || mode != "linear" || (place != "half_pixel" && place != "pytorch_half_pixel"))
    throw data_error("found mode '" + safe_name(mode) + "', '" + safe_name(place) +
                     (twice ? "'" : "', not by 2") +
                     ", allowed linear, half_pixel or pytorch_half_pixel, by 2");
  call.yield(call.builder().upsample2x(call.name(), x.value));
}

/// Nothing by itself: the window op behind it takes the padding over.
void import_pad(OnnxCall& call) {
  OnnxValue x = call.map(0);
  call.attributes.only("mode", "constant");
  const Dims given = call.integers(1);
  Dims axes = call.has(3) ? call.integers(3) : Dims{0, 1, 2, 3};
  Dims pads(8);
  bool fits = given.size() == 2 * axes.size();
  for (std::size_t i = 0; fits && i < axes.size(); ++i) {
    const std::size_t axis = checked_axis(axes[i], 4);
    pads[axis] = given[i];
    pads[axis + 4] = given[i + axes.size()];
  }
  for (const std::int64_t p : pads) fits = fits && p >= 0 && p <= kMostWindow;
  if (!fits || pads[0] + pads[1] + pads[4] + pads[5] != 0)
    throw data_error("found pads " + dims_text(given) + ", allowed 0 to " +
                     std::to_string(kMostWindow) + " around height and width");
  x.top = static_cast<int>(pads[2]);
  x.left = static_cast<int>(pads[3]);
  x.bottom = static_cast<int>(pads[6]);
  x.right = static_cast<int>(pads[7]);
  if (call.has(2)) {
    const OnnxConstant value = call.constant(2);
    if (value.floats.size() != 1) throw data_error("found no one FLOAT to pad with, allowed one");
    x.pad_value = value.floats[0];
  }
  call.yield(x);
}

}  // namespace

const std::vector<OnnxOp>& onnx_spatial_ops() {
  static const std::vector<OnnxOp> ops = {
      {"AveragePool", import_average}, {"GlobalAveragePool", import_global_average},
      {"MaxPool", import_maxpool},     {"Pad", import_pad},
      {"ReduceMean", import_mean},     {"ReduceSum", import_sum},
      {"Resize", import_resize},       {"SpaceToDepth", import_s2d},
      {"TokenSum", import_tokensum}};
  return ops;
}

}  // namespace halcyon
