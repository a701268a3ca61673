#include "suites/runner/bundle/bundled_network.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace halcyon {
namespace {

using nlohmann::json;

BundledPlace place_of(const json& j) {
  if (j.contains("weights")) return {BundledPlace::weights, j.at("weights"), 0};
  if (j.contains("arena")) return {BundledPlace::arena, j.at("arena"), 0};
  if (j.contains("output")) return {BundledPlace::output, 0, j.at("output")};
  return {BundledPlace::input, j.at("input"), 0};
}

std::size_t bytes_of(const BundledNetwork& n, const BundledPlace& place) {
  switch (place.memory) {
    case BundledPlace::weights:
      return n.weights.size();
    case BundledPlace::arena:
      return n.arena_bytes;
    case BundledPlace::input:
      return n.image_bytes(n.input);
    default:
      return n.image_bytes(n.outputs.at(static_cast<std::size_t>(place.index)));
  }
}

BundledCall call_of(const json& j, const BundledNetwork& n, const OpenBundle& bundle) {
  BundledCall call;
  call.name = j.at("name");
  call.kernel = &bundle.find(j.at("case"));
  for (const json& a : j.at("arguments")) call.places.push_back(place_of(a));
  bool fits = call.places.size() == call.kernel->arguments.size();
  for (std::size_t i = 0; fits && i < call.places.size(); i++)
    fits = call.places[i].offset + call.kernel->arguments[i].bytes() <= bytes_of(n, call.places[i]);
  if (!fits) throw std::runtime_error("manifest.json: call '" + call.name + "' does not fit");
  return call;
}

/// What `dtype` says of the kernels that do most of the arithmetic; f32 where there is none.
DType of_most_macs(const BundledNetwork& n, DType (*dtype)(const BundledCase&)) {
  std::map<DType, std::int64_t> macs = {{DType::f32, 0}};
  for (const BundledCall& call : n.calls) macs[dtype(*call.kernel)] += call.kernel->macs_inside;
  return std::max_element(macs.begin(), macs.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

}  // namespace

std::int64_t BundledNetwork::macs_inside() const {
  std::int64_t sum = 0;
  for (const BundledCall& call : calls) sum += call.kernel->macs_inside;
  return sum * batch;
}

DType BundledNetwork::computed() const {
  return of_most_macs(*this, [](const BundledCase& c) { return c.arguments.front().spec.dtype; });
}

DType BundledNetwork::peak() const {
  return of_most_macs(*this, [](const BundledCase& c) { return c.peak; });
}

BundledNetwork network_of(const json& j, const OpenBundle& bundle) {
  BundledNetwork n;
  n.name = j.at("name");
  n.batch = j.at("batch");
  const json& weights = j.at("weights");
  n.weights = bundle.data(weights.at("offset"), weights.at("bytes"));
  n.arena_bytes = j.at("arena_bytes");
  n.input = bundle.argument_of(j.at("input"));
  for (const json& output : j.at("outputs")) {
    n.outputs.push_back(bundle.argument_of(output));
    n.ranges.push_back(output.at("range"));
  }
  for (const json& call : j.at("calls")) n.calls.push_back(call_of(call, n, bundle));
  return n;
}

}  // namespace halcyon
