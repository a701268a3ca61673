#include "suites/runner/bundle/network.h"

#include <cstring>

#include "suites/runner/process/guarded_memory.h"

namespace halcyon {

Network::Network(const BundledNetwork& network)
    : network_(network),
      images_(static_cast<std::size_t>(network.batch)),
      weights_(network.weights.size(), Pages::huge),
      arena_(network.arena_bytes, Pages::huge),
      input_(network.input.bytes()) {
  for (const BundledArgument& output : network.outputs) outputs_.emplace_back(output.bytes());
  std::memcpy(weights_.data(), network.weights.data(), network.weights.size());
  for (const BundledCall& bundled : network.calls) {
    const std::size_t number = calls_.size();
    Call& call = calls_.emplace_back(*bundled.kernel, bundled.kernel->timed);
    for (std::size_t i = 0; i < bundled.places.size(); i++) {
      const BundledPlace& place = bundled.places[i];
      call.bind(i, address(place, 0));
      if (place.memory == BundledPlace::input || place.memory == BundledPlace::output)
        moving_.push_back({number, i});
    }
  }
}

std::byte* Network::address(const BundledPlace& place, std::size_t image) const {
  const auto output = static_cast<std::size_t>(place.index);
  switch (place.memory) {
    case BundledPlace::weights:
      return weights_.data() + place.offset;
    case BundledPlace::arena:
      return arena_.data() + place.offset;
    case BundledPlace::input:
      return input_.data() + image * network_.image_bytes(network_.input);
    default:
      return outputs_[output].data() + image * network_.image_bytes(network_.outputs[output]);
  }
}

void Network::bind(std::size_t image) {
  for (const Moving& m : moving_)
    calls_[m.call].bind(m.argument, address(network_.calls[m.call].places[m.argument], image));
}

void Network::load(TensorView input) {
  std::memcpy(input_.data(), input.bytes.data(), network_.input.bytes());
}

void Network::poison(std::uint32_t pattern) {
  halcyon::poison({arena_.data(), network_.arena_bytes}, pattern);
  for (std::size_t i = 0; i < outputs_.size(); i++)
    halcyon::poison({outputs_[i].data(), network_.outputs[i].bytes()}, pattern);
}

std::string Network::changed(TensorView input) const {
  if (std::memcmp(input_.data(), input.bytes.data(), input.bytes.size()) != 0) return "its input";
  for (const BundledCall& call : network_.calls)
    for (std::size_t i = 0; i < call.places.size(); i++) {
      const BundledPlace& place = call.places[i];
      if (place.memory == BundledPlace::weights &&
          std::memcmp(weights_.data() + place.offset, network_.weights.data() + place.offset,
                      call.kernel->arguments[i].bytes()) != 0)
        return "weights that call '" + call.name + "' reads";
    }
  return {};
}

TensorView Network::argument(std::size_t call, std::size_t argument) const {
  return network_.calls[call].kernel->arguments[argument].at(calls_[call].data(argument));
}

}  // namespace halcyon
