#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "suites/graph/graph.h"
#include "suites/quantise/range_method.h"

namespace halcyon {

/// From what ranges come.
struct Calibration {
  RangeMethod method = RangeMethod::mse;
  std::vector<Tensor> inputs;  // NHWC, of the graph's shape, batch and all
};
constexpr int kCalibrationInputs = 16;
/// Seeded, of N(0, 1): the same for everybody who asks.
std::vector<Tensor> calibration_inputs(const Graph&, std::uint64_t seed);

/// The graph in i8: batch norm and channel scales folded in, what stands between ops (with the
/// activation, residual and scaling around each, as fuse() has them) and the input in steps of
/// ranges that runs in f32 on the calibration's inputs have shown, weights symmetric per output
/// channel, biases as i32 hold them. What an op only moves keeps its steps. It is another network,
/// named so: "resnet18-i8". Every parameter must have its values.
Graph in_i8(const Graph&, const Calibration&);
/// The same with steps that are given, by value of the folded graph.
Graph in_i8(const Graph&, const std::function<Quantisation(int value)>&);

/// The graph in bf16 or f16: the same values held in it, and weights rounded to it.
Graph in_16_bits(const Graph&, DType);

/// The graph without roundings, for comparison: what its weights stand for, and values as they are
/// computed, within the range of their steps, for a file's activation may be nothing but that.
Graph in_f32(Graph);

}  // namespace halcyon
