#include "suites/runner/bundle/call.h"

#include "kernels/oracle/halide_type.h"

namespace halcyon {

Call::Call(const BundledCase& c, KernelEntry entry)
    : entry_(entry), dimensions_(c.arguments.size()), buffers_(c.arguments.size()) {
  for (std::size_t i = 0; i < buffers_.size(); i++) {
    int stride = 1;
    for (const int extent : c.arguments[i].extents) {
      dimensions_[i].emplace_back(0, extent, stride);
      stride *= extent;
    }
    buffers_[i].type = halide_type(c.arguments[i].spec.dtype);
    buffers_[i].dimensions = static_cast<int>(dimensions_[i].size());
    buffers_[i].dim = dimensions_[i].data();
    argv_.push_back(&buffers_[i]);
  }
}

void Call::bind(std::size_t argument, void* data) {
  buffers_[argument].host = static_cast<std::uint8_t*>(data);
}

std::byte* Call::data(std::size_t argument) const {
  return reinterpret_cast<std::byte*>(buffers_[argument].host);
}

}  // namespace halcyon
