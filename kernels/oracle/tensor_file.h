#pragma once
#include <string>

#include "kernels/oracle/tensor.h"

namespace halcyon {

// Raw files of tensors: the elements as they lie, little-endian, and nothing else. What a bundle's
// program, peers and kernels that were taken home read and write.

/// "<folder>/<name>.f32"
std::string tensor_path(const std::string& folder, const std::string& name, DType);

enum class WriteMode { replace, append };
/// Error (exit 4) with the reason when it cannot be written.
void write_tensor(const std::string& path, TensorView, WriteMode = WriteMode::replace);
/// What is there, at most so many elements; fewer where the file ends before. Error (exit 4) when
/// it cannot be read.
Tensor read_tensor(const std::string& path, DType, std::size_t most);
/// The same of a file that must have just so many: else Error (exit 4).
Tensor read_whole_tensor(const std::string& path, DType, std::size_t elements);

}  // namespace halcyon
