// QuantizeLinear and DequantizeLinear of what the network computes: a pair of them rounds a value.
#include <cmath>

#include "kernels/error.h"
#include "suites/onnx/reading/call.h"

namespace halcyon {
namespace {

/// One scale and zero point, in steps of 0 to 255: those of INT8 lie 128 lower.
Quantisation quantisation_of(const OnnxCall& call) {
  const OnnxConstant scale = call.constant(1);
  call.attributes.ignore("axis");  // of one scale
  call.attributes.only("saturate", 1);
  call.attributes.only("block_size", 0);
  if (scale.is_integer || scale.values.size() != 1)
    throw data_error("found " + std::to_string(scale.values.size()) +
                     " scales of a tensor that is computed, allowed one");
  Quantisation q{scale.values.at(0), 0};
  if (!(q.scale > 0) || !std::isfinite(q.scale))
    throw data_error("found scale " + std::to_string(q.scale) + ", allowed a positive one");
  if (!call.has(2)) return q;
  const OnnxConstant zero = call.constant(2);
  if (!zero.byte || zero.integers.size() != 1)
    throw data_error("found a zero point that is not one UINT8 or INT8, allowed that");
  q.zero = static_cast<double>(zero.integers[0]) + (*zero.byte == DType::i8 ? 128 : 0);
  return q;
}

/// Its result is read by a DequantizeLinear alone.
void import_quantise(OnnxCall& call) {
  OnnxValue v = call.value(0, TakesOver::rounding);
  v.in_steps = quantisation_of(call);
  call.yield(v);
}

void import_dequantise(OnnxCall& call) {
  OnnxValue v = call.value(0, TakesOver::steps);
  const Quantisation q = quantisation_of(call);
  if (!v.in_steps)
    throw data_error("found an input that is no result of QuantizeLinear, allowed one");
  if (q != *v.in_steps)
    throw data_error("found another scale or zero point than those of its QuantizeLinear");
  v.in_steps.reset();
  const Stored stored{DType::u8, q};
  Stored& held = call.builder().graph().values[static_cast<std::size_t>(v.value)].stored;
  const bool again = v.is_rounded && held != stored;
  if (again) {  // rounded a second time, to other steps: a value of its own
    const OnnxAxes axes = v.axes;
    v = OnnxValue{call.builder().channel_scale(call.name(), v.value), axes};
    Parameter& one = call.builder().graph().parameters.back();
    one.role = ParameterRole::constant;
    one.assign(1);
  } else if (held.is_rounded() && held != stored) {
    throw data_error("found a tensor that is quantised in two ways, allowed one");
  } else if (!held.is_rounded() && !call.builder().graph().readers(v.value).empty()) {
    throw data_error("found a tensor that is read quantised and as it is, allowed one of both");
  }
  call.builder().graph().values[static_cast<std::size_t>(v.value)].stored = stored;
  v.is_rounded = true;
  call.yield(v);
}

}  // namespace

const std::vector<OnnxOp>& onnx_quantised_ops() {
  static const std::vector<OnnxOp> ops = {{"DequantizeLinear", import_dequantise},
                                          {"QuantizeLinear", import_quantise}};
  return ops;
}

}  // namespace halcyon
