#pragma once
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "suites/runner/bundle/bundled.h"

namespace halcyon {

/// Where an argument of a network's call lies: `offset` bytes into a memory; of the input and the
/// outputs, into the image's part.
struct BundledPlace {
  enum Memory { weights, arena, input, output } memory = arena;
  std::size_t offset = 0;
  int index = 0;  // of the output
};

/// One call of a network.
struct BundledCall {
  std::string name;
  const BundledCase* kernel = nullptr;
  std::vector<BundledPlace> places;  // of the kernel's arguments
};

/// The network of a bundle: a list of calls for one image, and what it reads and gives.
struct BundledNetwork {
  std::string name;
  int batch = 1;
  std::span<const std::byte> weights;  // in the order in which calls read them
  std::size_t arena_bytes = 0;
  BundledArgument input;                 // of the whole batch, as the outputs
  std::vector<BundledArgument> outputs;  // tolerance: absolute, a share of the range
  std::vector<double> ranges;            // of the outputs' references, all sets together
  std::vector<BundledCall> calls;
  std::size_t sets() const { return input.sets.size(); }
  std::size_t image_bytes(const BundledArgument& a) const {
    return a.bytes() / static_cast<std::size_t>(batch);
  }
  std::int64_t macs_inside() const;  // of the whole batch
  DType computed() const;            // that most of its arithmetic reads
  DType peak() const;                // BundledCase::peak of most of it
};

/// Reads the `network` of manifest.json. Throws std::exception when it does not fit the bundle's
/// cases and data.
BundledNetwork network_of(const nlohmann::json&, const OpenBundle&);

}  // namespace halcyon
