// Pooling, sums over pixels, padding, resizing.
#include <algorithm>
#include <set>

#include "kernels/error.h"
#include "suites/onnx/reading/names.h"
#include "suites/onnx/reading/ops/windows.h"

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

/// ceil_mode: a last window that is cut off sees more padding instead, which no maximum is; one
/// that would start in the padding behind the input is none. `in`: with `pad` more of a Pad behind
/// it, which windows may start in.
void round_up(Window& window, std::int64_t in, std::int64_t pad) {
  const std::int64_t span = std::int64_t{window.dilation} * (window.kernel - 1) + 1;
  const std::int64_t room = in + window.pad_lo + window.pad_hi - span;
  if (room < 0) return;  // no window: the op says so
  std::int64_t last = (room + window.stride - 1) / window.stride * window.stride;
  if (last >= in + pad + window.pad_lo) last -= window.stride;
  window.pad_hi = static_cast<int>(std::max<std::int64_t>(0, last + span - in - window.pad_lo));
}

void import_maxpool(OnnxCall& call) {
  const OnnxValue x = call.map(0, TakesOver::padding);
  const bool harmless = x.pad_value <= -largest_of(DType::f32) ||
                        (x.pad_value == 0 && is_never_negative(call, x.value));
  if (x.is_padded() && !harmless)
    throw data_error("found a Pad of " + std::to_string(x.pad_value) +
                     " before it, allowed of 0 after relu");
  auto [h, w] = windows_of(call, pair_of(call, "kernel_shape", 1), x);
  if (call.attributes.text("auto_pad", "").starts_with("SAME") && h.dilation * w.dilation > 1)
    throw data_error(
        "found auto_pad with dilations, of which ONNX Runtime makes other paddings than ONNX; "
        "allowed: pads");
  if (call.attributes.integer("ceil_mode", 0) != 0) {
    round_up(h, call.shape(x.value).h, x.bottom);
    round_up(w, call.shape(x.value).w, x.right);
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
  const Window one;
  if (h == one && w == one) return call.yield(x);
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

/// The mean, times the number of pixels; of a product with a weight for each pixel, a node.
void import_sum(OnnxCall& call) {
  const OnnxValue x = call.value(0, TakesOver::weights);
  const Shape in = call.shape(x.value);
  const OnnxAxes axes = reduced(call, x, 1);
  if (x.weights) return call.yield(call.builder().tokensum(call.name(), x.value, *x.weights), axes);
  const int mean = call.builder().gap(call.part("mean"), x.value);
  const int y = call.builder().channel_scale(call.name(), mean);
  const auto pixels = static_cast<double>(std::int64_t{in.h} * in.w);
  Graph& graph = call.builder().graph();
  graph.parameters.back().role = ParameterRole::constant;
  graph.parameters.back().assign(pixels);
  call.yield(y, axes);
}

void import_s2d(OnnxCall& call) {
  const std::int64_t block = call.attributes.integer("blocksize", 0);
  if (block < 1 || block > kMostWindow)
    throw data_error("attribute 'blocksize': found " + std::to_string(block) + ", allowed 1 to " +
                     std::to_string(kMostWindow));
  call.yield(call.builder().s2d(call.name(), call.map(0).value, static_cast<int>(block)));
}

/// The text of an attribute in front of which its name stands, where it is none of `known`.
std::string unknown_text(const OnnxAttributes& a, const char* name, const std::string& otherwise,
                         const std::set<std::string>& known) {
  const std::string found = a.text(name, otherwise);
  return known.contains(found) ? "" : std::string(name) + " " + safe_name(found);
}

std::string resize_form(const OnnxNode& node, const OnnxModel&) {
  const OnnxAttributes a(*node.source);
  const std::string mode = unknown_text(a, "mode", "nearest", {"linear"});
  if (!mode.empty()) return mode;
  return unknown_text(a, "coordinate_transformation_mode", "half_pixel",
                      {"half_pixel", "pytorch_half_pixel"});
}

std::string pad_form(const OnnxNode& node, const OnnxModel&) {
  return unknown_text(OnnxAttributes(*node.source), "mode", "constant", {"constant"});
}

void import_resize(OnnxCall& call) {
  const OnnxValue x = call.map(0);
  const OnnxAttributes& a = call.attributes;
  for (const char* form : {"mode", "coordinate_transformation_mode"}) a.ignore(form);
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
    const std::vector<double> scales = numbers_of<double>(call.constant(2).values);
    const std::vector<double> wanted = {1, 1, 2, 2};
    twice = twice && scales == std::vector<double>(wanted.begin() + first, wanted.end());
  }
  if (!twice)
    throw data_error("found a Resize of " + dims_text(dims) + " not by 2, allowed by 2 to " +
                     dims_text(doubled));
  call.yield(call.builder().upsample2x(call.name(), x.value));
}

/// Nothing by itself: the window op behind it takes the padding over.
void import_pad(OnnxCall& call) {
  OnnxValue x = call.value(0, TakesOver::padding);
  const Shape& shape = call.shape(x.value);
  const bool is_map = same_axes(x.axes, kMapAxes, shape);
  if (!is_map && !same_axes(x.axes, kChannelsLastAxes, shape))
    throw data_error("found axes " + axes_text(x.axes) + ", allowed (n, c, h, w) or (n, h, w, c)");
  const std::size_t rows = is_map ? 2 : 1, columns = rows + 1;
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
  for (std::size_t i = 0; i < pads.size(); ++i) {
    const bool around_map = i % 4 == rows || i % 4 == columns;
    fits = fits && pads[i] >= 0 && pads[i] <= (around_map ? kMostWindow : 0);
  }
  if (!fits)
    throw data_error("found pads " + dims_text(given) + ", allowed 0 to " +
                     std::to_string(kMostWindow) + " around height and width");
  double value = 0;
  if (call.has(2)) {
    const OnnxConstant constant = call.constant(2);
    if (constant.values.size() != 1)
      throw data_error("found no one FLOAT to pad with, allowed one");
    value = constant.values.at(0);
  }
  if (x.is_padded() && x.pad_value != value)
    throw data_error("found a Pad of another value before it, allowed of one value");
  x.pad_value = value;
  x.top += static_cast<int>(pads[rows]);
  x.left += static_cast<int>(pads[columns]);
  x.bottom += static_cast<int>(pads[rows + 4]);
  x.right += static_cast<int>(pads[columns + 4]);
  call.yield(x);
}

}  // namespace

const std::vector<OnnxOp>& onnx_spatial_ops() {
  static const std::vector<OnnxOp> ops = {{"AveragePool", import_average},
                                          {"GlobalAveragePool", import_global_average},
                                          {"MaxPool", import_maxpool},
                                          {"Pad", import_pad, pad_form},
                                          {"ReduceMean", import_mean},
                                          {"ReduceSum", import_sum},
                                          {"Resize", import_resize, resize_form},
                                          {"SpaceToDepth", import_s2d}};
  return ops;
}

}  // namespace halcyon
