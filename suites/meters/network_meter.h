#pragma once
#include <memory>
#include <string>
#include <vector>

#include "suites/bundle/bundle.h"
#include "suites/meters/device.h"
#include "suites/protocol/network_measured.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

struct MeterKind;

/// Raw files (kernels/oracle/tensor_file.h), NHWC: what a network reads and gives, the whole batch.
struct NetworkFiles {
  std::string input;
  std::vector<std::string> outputs;  // in the plan's order
  std::string calls;  // an existing empty folder for the results of every call; none when empty.
                      // wire::call_file() names them
};

/// Of the process that does one of these; of time measure() adds what its protocol asks for.
inline const Limits kNetworkLimits{
    .wall_seconds = 120, .memory_bytes = std::int64_t{16} << 30, .file_bytes = 1 << 20};

/// Runs the network of a bundle that make_network_bundle() made on the device of its target, and
/// reads its figures there. What goes wrong is an outcome; throws as run_job() does.
class NetworkMeter {
 public:
  /// Error (exit 2) as of Meter.
  explicit NetworkMeter(const Target&);
  /// Every input set twice, forth and back, on a poisoned arena: outputs against their references,
  /// the same bits again, nothing else written.
  NetworkMeasured check(const Bundle&, const Limits& = kNetworkLimits) const;
  /// The same of one of the bundle's networks: 0 is the network, then its variants.
  NetworkMeasured check_one(const Bundle&, std::size_t network,
                            const Limits& = kNetworkLimits) const;
  /// Samples and times of calls; or counts of two runs, as the meter is.
  NetworkMeasured measure(const Bundle&, const Protocol&, const Limits& = kNetworkLimits) const;
  /// Several of the bundle's networks, samples interleaved; a result for each.
  std::vector<NetworkMeasured> measure_together(const Bundle&, const std::vector<std::size_t>&,
                                                const Protocol&,
                                                const Limits& = kNetworkLimits) const;
  /// Runs once. Only the outcome is judged, not the outputs.
  NetworkMeasured run(const Bundle&, const NetworkFiles&, const Limits& = kNetworkLimits) const;

 private:
  NetworkMeasured job(const Bundle&, const nlohmann::json& job, const Limits&) const;
  std::unique_ptr<const Device> device_;
  const MeterKind* kind_;
};

}  // namespace halcyon
