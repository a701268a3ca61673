#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/record/record.h"

namespace halcyon {

/// How far an output of a network is from its references; the worst input set.
struct OutputError {
  std::string name;
  double max_abs = 0, range = 0;  // range: of its references, all sets together
  double of_range() const { return max_abs / range; }
  bool operator==(const OutputError&) const = default;
};

/// What a network keeps in memory while it runs, bytes.
struct NetworkBytes {
  std::int64_t weights = 0;  // packed, in one block
  std::int64_t arena = 0;    // tensors between calls
  std::int64_t input = 0, output = 0;
  std::int64_t scratch = 0;  // the most that a kernel took inside a call
  bool operator==(const NetworkBytes&) const = default;
};

/// Times of the calls inside the run, from samples with a reading of the clock after each call; one
/// reading is subtracted. For one image. By call, in the plan's order.
struct CallTimes {
  std::vector<double> median_ns, q25_ns;
  double clock_ns = 0;       // of one reading
  double empty_call_ns = 0;  // of a call to a kernel that does nothing: the runner's own share
  bool operator==(const CallTimes&) const = default;
};

/// What the check, the timing or the counting of a bundle's network gave.
struct NetworkMeasured {
  Outcome outcome = Outcome::infra;
  std::string detail;               // one line; empty when ok
  Check check;                      // the widest over all outputs; what decides is `errors`
  std::vector<OutputError> errors;  // by output
  NetworkBytes bytes;
  std::vector<Sample> samples;              // runs of the whole batch; empty unless ok or noisy
  std::vector<Sample> stamped;              // the same with a reading of the clock after each call
  std::optional<CallTimes> calls;           // exactly when ok and timed
  std::vector<std::vector<double>> stamps;  // by stamped sample: ns of each call, readings of the
                                            // clock included, for one image; empty of one that
                                            // does not count
  // Of a meter of instructions, never sent by the runner:
  std::optional<Counts> counts;     // of all kernels together; `calls`: runs of the whole batch
  std::vector<Counts> call_counts;  // by call: of its kernel, `calls` of which were made. Calls of
                                    // one kernel share them: they execute the same instructions
};

}  // namespace halcyon
