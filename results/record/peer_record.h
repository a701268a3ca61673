#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/record/stats.h"

namespace halcyon {

/// How a system did that was to be timed beside ours.
enum class PeerOutcome {
  ok,
  noisy,   // timed, but too few rounds were undisturbed to state a time
  wrong,   // its output is not that of the network: no time
  failed,  // it ended, or gave no answer, in the middle
  absent,  // not installed, or cannot load the network
};
std::string_view to_text(PeerOutcome);
void from_text(std::string_view, PeerOutcome&);  // throws Error (exit 3) with what is allowed

/// What other systems may be asked to compute in.
inline constexpr const char* kPeerDTypes[] = {"f32", "bf16", "i8"};

/// One system in a comparison; ours is one, too.
struct PeerResult {
  std::string name, version;  // "onnxruntime", "1.32.0"
  std::string options;        // what was set, as its adapter says it
  std::string layout;         // how what it reads and gives lies, and what was chosen for it; empty
                              // where the adapter says nothing
  PeerOutcome outcome = PeerOutcome::absent;
  std::string detail;               // one line; empty when ok
  std::string precision = "f32";    // that it computed in: "f32", "bf16", "i8"; its own word
  std::optional<double> max_error;  // largest absolute error over the output's range; none where
                                    // there is no output, or it is not finite
  std::optional<double> sqnr_db;    // the output's energy over its error's, of the worst output;
                                    // none where max_error is none, or no error at all
  std::vector<Sample> samples;      // one per round; empty unless ok or noisy
  std::optional<Statistics> statistics;  // derived; exactly when ok
  std::optional<Rejected> rejected;      // derived: rejected_of() the samples
  std::optional<Interval> ratio;  // derived: its time over ours in the same round, median and 95 %
                                  // interval; exactly when both are ok; none of ours
  bool mixed_precision = false;   // derived: the ratio is of two precisions
  bool doubtful = false;          // derived: of less than f32, and below the floor of sqnr_db
  bool operator==(const PeerResult&) const = default;
};

/// Other systems timed on one network, or one case, beside ours: one interleaved run, random order
/// in each round.
struct PeerComparison {
  int threads = 1;
  int inferences = 1;          // of a turn that are timed; one before them is not
  std::string dtype = "f32";   // that peers were asked to compute in
  double error_tolerance = 0;  // of max_error, where precision is f32: beyond it a row is `wrong`
  double sqnr_floor_db = 6;    // where it is less: below it a row is `doubtful`
  PeerResult own;
  std::vector<PeerResult> peers;
  std::string best;  // derived: the peer whose ratio is least, among those of our precision; empty
                     // when none has one
  bool operator==(const PeerComparison&) const = default;
};

/// The name of ours where the other system is another build of it, and a turn a whole run.
inline constexpr const char* kThisBuild = "this build";
inline bool is_of_builds(const PeerComparison& c) { return c.own.name == kThisBuild; }

/// Rounds in which a turn of both counted: what a ratio is made of.
int shared_rounds(const std::vector<Sample>& own, const std::vector<Sample>& peer);
/// The comparison with everything that is marked derived. Counts: of one inference.
PeerComparison derived(PeerComparison, MacCounts);
/// As of a Record: what an older form says of percents, as it is today.
void renew_percents(PeerComparison&, MacCounts);
/// The result of the best peer; null when there is none.
const PeerResult* best_of(const PeerComparison&);
/// Of those whose ratio is of mixed precision, and not doubtful, the one whose ratio is least; null
/// when there is none.
const PeerResult* fastest_mixed(const PeerComparison&);

nlohmann::json to_json(const PeerComparison&);
/// Throws Error (exit 3) naming `where` and the JSON pointer below `pointer`. Counts: of one
/// inference, for what is derived.
PeerComparison peer_comparison_from_json(const nlohmann::json&, MacCounts,
                                         const std::string& where = "peers",
                                         const std::string& pointer = "");
/// Empty when the parts agree, and all that is derived is what derived() gives (to 1e-12). Else one
/// line that begins with the field.
std::string check_peer_comparison(const PeerComparison&, MacCounts);

}  // namespace halcyon
