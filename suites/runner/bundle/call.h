#pragma once
#include <cstddef>
#include <vector>

#include "HalideRuntime.h"
#include "suites/runner/bundle/bundled.h"

namespace halcyon {

/// A kernel with its arguments as Halide wants them: dense buffers on memory that the caller
/// binds. The call itself allocates nothing.
class Call {
 public:
  Call(const BundledCase&, KernelEntry);
  Call(const Call&) = delete;  // argv_ points into buffers_
  Call& operator=(const Call&) = delete;
  void bind(std::size_t argument, void* data);
  std::byte* data(std::size_t argument) const;
  /// An exception that leaves a kernel is a crash of it, not an error of ours.
  int operator()() noexcept { return entry_(argv_.data()); }

 private:
  KernelEntry entry_;
  std::vector<std::vector<halide_dimension_t>> dimensions_;
  std::vector<halide_buffer_t> buffers_;
  std::vector<void*> argv_;
};

}  // namespace halcyon
