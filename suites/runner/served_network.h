#pragma once
#include <cstddef>
#include <string>

#include "suites/runner/bundle/network.h"

namespace halcyon {

/// The bundle's network as whoever asks line by line sees it: raw files in the order N, C, H, W, as
/// ONNX has tensors, while inside they are N, H, W, C. All throw std::exception with the reason.
class ServedNetwork {
 public:
  explicit ServedNetwork(const BundledNetwork& bundled) : network_(bundled) {}

  /// What it computes in, takes and gives: "precision=f32 in=f32 out=f32".
  std::string dtypes() const;
  std::size_t bind(const std::string& path);                 // the number of elements
  void infer();                                              // on the input that lies there
  std::size_t write_outputs(const std::string& path) const;  // all of them, one after the other

 private:
  Network network_;
};

}  // namespace halcyon
