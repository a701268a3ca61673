#include "suites/runner/served_network.h"

#include <fstream>
#include <functional>
#include <stdexcept>
#include <vector>

namespace halcyon {
namespace {

/// Calls `pair(at in NCHW, at in NHWC)` for every element of a tensor.
void for_each_place(const BundledArgument& tensor,
                    const std::function<void(std::size_t, std::size_t)>& pair) {
  const auto extent = [&](int axis) { return static_cast<std::size_t>(tensor.extents.at(axis)); };
  const std::size_t channels = extent(0), pixels = extent(1) * extent(2), images = extent(3);
  for (std::size_t n = 0; n < images; n++)
    for (std::size_t c = 0; c < channels; c++)
      for (std::size_t p = 0; p < pixels; p++)
        pair((n * channels + c) * pixels + p, (n * pixels + p) * channels + c);
}

}  // namespace

std::size_t ServedNetwork::bind(const std::string& path) {
  const std::span<float> input = network_.input();
  std::vector<float> values(input.size());
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(input.size_bytes()));
  if (!file || file.peek() != std::ifstream::traits_type::eof())
    throw std::runtime_error(path + ": is no file of " + std::to_string(input.size()) + " floats");
  for_each_place(network_.bundled().input,
                 [&](std::size_t nchw, std::size_t nhwc) { input[nhwc] = values[nchw]; });
  network_.poison(0x7fc00000);  // a NaN: what is not computed from this input shows
  return input.size();
}

void ServedNetwork::infer() {
  if (const int code = network_.run(); code != 0)
    throw std::runtime_error("call '" + network_.at() + "' returned " + std::to_string(code));
}

std::size_t ServedNetwork::write_outputs(const std::string& path) const {
  std::ofstream file(path, std::ios::binary);
  std::size_t elements = 0;
  for (std::size_t i = 0; i < network_.bundled().outputs.size(); i++) {
    const std::span<const float> output = network_.output(i);
    std::vector<float> values(output.size());
    for_each_place(network_.bundled().outputs[i],
                   [&](std::size_t nchw, std::size_t nhwc) { values[nchw] = output[nhwc]; });
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(output.size_bytes()));
    elements += output.size();
  }
  file.close();
  if (!file) throw std::runtime_error(path + ": cannot be written");
  return elements;
}

}  // namespace halcyon
