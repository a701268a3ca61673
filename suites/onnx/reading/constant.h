#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kernels/oracle/tensor.h"

namespace onnx {
class TensorProto;
}

namespace halcyon {

/// A tensor whose values are known while a model is read: a weight, or what a shape is computed
/// from. Integers (int64, int32, int8, uint8 and bool of the file) or values of a dtype of
/// ours are its elements.
struct OnnxConstant {
  std::vector<std::int64_t> dims;  // outermost first; none: a scalar
  bool is_integer = false;
  Tensor values;
  std::vector<std::int64_t> integers;
  std::optional<DType> byte = {};  // of integers of 8 bits: u8 or i8

  /// What values are in steps, where DequantizeLinear gave them: i8, as they lie.
  struct InSteps {
    Tensor steps;
    std::vector<double> scales;  // one, or one for each place of the axis
    std::int64_t axis = 0;
  };
  std::optional<InSteps> in_steps = {};
};

/// So many elements like the one that is there.
Tensor repeated(TensorView one, std::size_t elements);

/// The product. Error (exit 3) when a dim is negative or the product exceeds 2^40.
std::int64_t elements_of(const std::vector<std::int64_t>& dims);
std::string dims_text(const std::vector<std::int64_t>& dims);  // "(1, 3, 224, 224)"

/// Dims and dtype of a tensor of the file, without its values. Error (exit 3): dims as above.
std::vector<std::int64_t> dims_of(const onnx::TensorProto&);
/// Its values, from wherever the file has them. `folder`: the model's, where external data lie.
/// Error (exit 3) when the dtype is neither float32 nor an integer that shapes use, or when there
/// are more or fewer values than dims say.
OnnxConstant read_tensor(const onnx::TensorProto&, const std::string& folder);

}  // namespace halcyon
