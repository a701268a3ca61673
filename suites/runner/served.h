#pragma once
#include <cstddef>
#include <string>

#include "kernels/problem/dtype.h"

namespace halcyon {

/// "precision=f32 in=f32 out=f32": a kernel's arithmetic is that of what it reads, `computed`; that
/// of u8 is called i8, as its problem is.
inline std::string dtypes_text(DType computed, DType input, DType output) {
  const std::string precision(to_text(computed == DType::u8 ? DType::i8 : computed)),
      in(to_text(input)), out(to_text(output));
  return "precision=" + precision + " in=" + in + " out=" + out;
}

/// Something in a bundle as whoever asks line by line sees it: raw files, several tensors one after
/// the other, in the order N, C, H, W, as ONNX has them, while inside they are N, H, W, C. All
/// throw std::exception with the reason.
class Served {
 public:
  virtual ~Served() = default;
  virtual std::string dtypes() const = 0;                 // dtypes_text() of it
  virtual std::size_t bind(const std::string& path) = 0;  // the number of elements
  virtual void infer() = 0;                               // on the input that lies there
  virtual std::size_t write_outputs(const std::string& path) const = 0;
};

}  // namespace halcyon
