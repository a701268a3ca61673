#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/record/cache_state.h"
#include "results/record/figure_unit.h"
#include "results/record/peer_record.h"
#include "results/record/sample.h"
#include "schedules/compile/hot_loop.h"
#include "schedules/compile/outcome.h"

namespace halcyon {

/// What the check of a candidate saw.
struct Check {
  bool passed = false;
  double max_abs = 0, max_rel = 0, cosine = 1;  // not finite where the result was not
  double tolerance_abs = 0, tolerance_rel = 0;
  std::string where;           // coordinate of the first bad element; empty when passed
  int input_sets = 0;          // random, adversarial
  bool checked_build = false;  // Halide's own asserts ran, too
  bool guard_pages = false;
  bool operator==(const Check&) const = default;
};

/// The lower bound that the machine sets, for one call.
struct Bound {
  double compute_ns = 0;   // 2 * macs_inside, or what the schedule leaves of them, / peak rate
  double memory_ns = 0;    // bytes / measured bandwidth of the level the working set lies in
  std::string level;       // "L1" "L2" "L3" "DRAM"
  std::string limited_by;  // "compute" or "memory"
  bool operator==(const Bound&) const = default;
};

/// What a kernel executed, by class of instruction; exact. All calls together.
struct Counts {
  int calls = 1;
  int lanes = 4;  // elements of one vector: macs / lanes is the least number of vector FMAs
  std::int64_t fmla = 0, simd = 0, load = 0, store = 0, branch = 0, scalar = 0;
  std::int64_t total() const { return fmla + simd + load + store + branch + scalar; }
  double per_call() const { return static_cast<double>(total()) / calls; }
  double per_least_fmla(std::int64_t macs) const {
    return per_call() * lanes / static_cast<double>(macs);
  }
  bool operator==(const Counts&) const = default;
};

/// One trial: the one schema shared by suites, tuner and report. People's files are read strictly,
/// our own records tolerantly (fields that are new are ignored, a newer schema is refused).
struct Record {
  static constexpr int kSchema = 1;
  std::string id;  // first 16 hex digits of SHA-256 over case, object and run
  std::string suite, case_id, source_of_case;  // "kernels", "henet-dw1", "HENet_TinyM stage 2"
  std::string rival;         // another way to compute the case, timed beside it: "adams2019",
                             // "root", "apart"; empty for the case's own candidate
  std::string kernel_class;  // "pointwise", "depthwise 3x3 s1", ...: rows of the summary
  bool odd = false;          // a tail-breaking case, left out of class means
  std::string problem;       // canonical line
  std::int64_t macs = 0, macs_inside = 0, parameters = 0, weight_bytes = 0, activation_bytes = 0;
  std::string dtype = "f32";
  std::string target, family;
  int threads = 1;
  CacheState state = CacheState::warm;
  std::string schedule_source;       // "tuned", "recipe", "file:...", "adams2019", ...
  std::map<std::string, int> point;  // empty unless from a recipe
  std::string schedule;              // the steps as text
  std::string object_key, object_sha256, halide_target;
  std::optional<HotLoop> hot_loop;  // of the timed object; none where it was not compiled
  double compile_seconds = 0;
  Outcome outcome = Outcome::infra;
  std::string detail;  // one line; empty when ok
  std::string repro;   // a command line that shows it again
  Check check;
  FigureUnit unit = FigureUnit::ns;
  std::vector<Sample> samples;           // empty unless ok or noisy
  std::optional<Statistics> statistics;  // exactly when ok and timed
  std::optional<Rejected> rejected;      // derived: rejected_of() the samples
  std::optional<Bound> bound;
  std::optional<Counts> counts;         // only with unit instructions, which has no samples
  std::optional<PeerComparison> peers;  // where other systems were timed beside it
  std::string isolation;                // how the run was fenced in
  std::uint64_t seed = 0;
  MacCounts mac_counts() const { return {macs, macs_inside}; }
  bool operator==(const Record&) const = default;
};

/// "schema" and all fields by their names; the seed as text; null for statistics and bound that are
/// not there and for errors that are not finite.
nlohmann::json to_json(const Record&);
/// Throws Error (exit 3) naming `where` and the JSON pointer below `pointer`; also for what
/// check_record finds. An older form, whose percent of peak counts padded taps, is read as if
/// written today.
Record record_from_json(const nlohmann::json&, const std::string& where = "record",
                        const std::string& pointer = "");
/// The same without check_record: what a verifier looks at, whether or not its parts agree.
Record record_as_written(const nlohmann::json&, const std::string& where = "record",
                         const std::string& pointer = "");
/// The record with everything that is marked derived, or that its problem's line says: counts,
/// bytes, statistics, ratios.
Record derived(Record);
/// Empty when the parts of a record agree: a failed row has no time, a time has a passed check,
/// counts are instructions and stand alone, the statistics are those of the samples (to 1e-12).
/// Else one line that begins with the field.
std::string check_record(const Record&);

}  // namespace halcyon
