#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/record/peer_record.h"
#include "results/record/record.h"

namespace halcyon {

/// What a network needs while it runs, bytes.
struct NetworkMemory {
  std::int64_t weight_bytes = 0;        // packed weights and biases, as they lie
  std::int64_t arena_bytes = 0;         // all tensors between calls, placed by liveness
  std::int64_t largest_live_bytes = 0;  // most of them alive at once: no arena can be smaller
  std::int64_t input_bytes = 0, output_bytes = 0;
  std::int64_t scratch_bytes = 0;  // most that a kernel took inside a call
  std::int64_t peak_bytes = 0;     // derived: weights, arena, input, output and scratch
  bool operator==(const NetworkMemory&) const = default;
};

/// The network's output against an independent computation.
struct NetworkCheck {
  bool passed = false;
  double max_error_of_range = 0;  // largest absolute error over the output's range; worst input
  double tolerance = 0;           // of it
  std::optional<double> f32_error_of_range;  // of plain f32 loops, which the tolerance follows
  int inputs = 0;                            // tried, each another random image
  std::string against;                       // "plain loops of the unfolded graph"
  std::string where;  // coordinate of the first bad element; empty when passed
  // Of a network in steps, each layer fed what it was fed in a run: how far from plain loops.
  std::optional<double> most_steps, share_off;  // of any element; of elements that are off at all
  bool operator==(const NetworkCheck&) const = default;
};

/// How near a network in less than f32 comes to the same in f32, over seeded inputs.
struct NetworkAccuracy {
  int inputs = 0;
  double sqnr_db = 0;         // the energy of f32's outputs over that of the errors, all together
  double cosine = 0;          // of the angle between both
  double top1_agreement = 0;  // the share of images whose largest output is the same, 0 .. 1
  bool operator==(const NetworkAccuracy&) const = default;
};

/// A call's time inside the running network.
struct CallTime {
  double median_ns = 0, q25_ns = 0;
  double percent_of_peak = 0;  // derived: of the rate that the network's own samples probed, by
                               // taps inside the map
  bool operator==(const CallTime&) const = default;
};

/// The call's problem measured by itself.
struct CallAlone {
  CacheState state = CacheState::cold_weights;  // as a network has them
  double median_ns = 0;
  double percent_of_peak = 0;  // in that run
  bool operator==(const CallAlone&) const = default;
};

/// A part of what a call takes beyond its arithmetic at the peak rate: the causes that are told
/// apart, in this order, of which `other` is what the rest does not explain.
inline constexpr const char* kLossCauses[] = {"overhead", "tail", "activation", "memory", "other"};
struct TimeLoss {
  std::string cause;
  double ns = 0;
  bool operator==(const TimeLoss&) const = default;
};

/// One problem of the network in its place, for one image.
struct NetworkCall {
  std::string name, stage, problem;   // problem: canonical line
  std::string kernel_class;           // "pointwise, K >= 80", ...
  std::int64_t macs = 0;              // with padded taps; mac_counts() has both counts
  std::optional<std::int64_t> bytes;  // of weights and activations, each once
  std::string schedule_source, object_sha256;
  double share = 0;                // derived: of the time or instructions of all calls, 0 .. 1
  std::optional<CallTime> time;    // with unit ns
  std::optional<Counts> counts;    // with unit instructions
  std::optional<Bound> bound;      // what the machine allows at best
  std::optional<CallAlone> alone;  // where its problem was measured by itself, too
  std::optional<std::vector<TimeLoss>> losses;  // where timed; together the time beyond least_ns()
  MacCounts mac_counts() const;                 // the second from the problem
  double least_ns() const {  // of its arithmetic at the peak rate; 0 without a time
    return time ? time->median_ns * time->percent_of_peak / 100 : 0;
  }
  bool operator==(const NetworkCall&) const = default;
};

/// A network run end to end: what it computes, what it took, and where that went.
struct NetworkRecord {
  static constexpr int kSchema = 1;
  std::string id;               // first 16 hex digits of SHA-256 over network, plan and run
  std::string network, source;  // "henet_tinym"; the paper or file that it is from
  std::string target, family;
  std::string plan;        // how it was cut into problems: "ops", "blocks"
  std::string input_nhwc;  // "1x224x224x3"
  int batch = 1, threads = 1;
  std::string dtype = "f32";                           // that most of its arithmetic is of
  std::int64_t macs = 0;                               // of one image, with padded taps
  std::int64_t parameters = 0, folded_parameters = 0;  // of the source graph; as deployed
  Outcome outcome = Outcome::infra;
  std::string detail;  // one line; empty when ok
  std::string repro;   // a command line that shows it again
  NetworkMemory memory;
  NetworkCheck check;
  std::optional<NetworkAccuracy> accuracy;  // where it is in less than f32 and was run
  FigureUnit unit = FigureUnit::ns;         // or instructions
  std::vector<Sample> samples;              // of the whole batch; empty unless ok or noisy
  std::optional<Statistics> statistics;     // derived; exactly when ok and timed
  std::optional<Rejected> rejected;         // derived: rejected_of() the samples
  double overhead_ns_per_call = 0;  // what the runner adds to a call: the time of one to a kernel
                                    // that does nothing, in the same list; 0 when not measured
  std::optional<Counts> counts;     // of the whole batch; only with unit instructions
  std::vector<NetworkCall> calls;   // in the order of the run
  std::optional<PeerComparison> peers;  // where other systems were timed beside it
  std::string isolation;                // how the run was fenced in
  std::uint64_t seed = 0;               // of weights and inputs
  std::int64_t macs_of_batch() const { return macs * batch; }
  MacCounts mac_counts_of_batch() const;  // without the padded taps of its calls
  bool operator==(const NetworkRecord&) const = default;
};

/// The record with everything that is marked derived: statistics, shares, percentages, peak memory.
NetworkRecord derived(NetworkRecord);

/// As of a Record: all fields by their names, strict about what they may hold.
nlohmann::json to_json(const NetworkRecord&);
/// Throws Error (exit 3) naming `where` and the JSON pointer below `pointer`.
NetworkRecord network_record_from_json(const nlohmann::json&, const std::string& where = "network",
                                       const std::string& pointer = "");
/// The same without check_network_record.
NetworkRecord network_record_as_written(const nlohmann::json&, const std::string& where = "network",
                                        const std::string& pointer = "");
/// Empty when the parts agree, and all that is derived is what derived() gives (to 1e-12). Else one
/// line that begins with the field.
std::string check_network_record(const NetworkRecord&);

}  // namespace halcyon
