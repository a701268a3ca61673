#pragma once
#include <cstddef>
#include <string>

namespace halcyon {

/// Something in a bundle as whoever asks line by line sees it: raw files, several tensors one after
/// the other, in the order N, C, H, W, as ONNX has them, while inside they are N, H, W, C. All
/// throw std::exception with the reason.
class Served {
 public:
  virtual ~Served() = default;
  virtual std::size_t bind(const std::string& path) = 0;  // the number of elements
  virtual void infer() = 0;                               // on the input that lies there
  virtual std::size_t write_outputs(const std::string& path) const = 0;
};

}  // namespace halcyon
