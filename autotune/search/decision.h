#pragma once
#include <compare>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "autotune/search/worker.h"
#include "results/record/stats.h"

namespace halcyon {

/// How a candidate did against the start in one state.
struct Evidence {
  std::string state;
  Interval speedup;  // the start's time over the candidate's, of paired samples
  int pairs = 0;
  Verdict verdict = Verdict::no_difference;
};

/// Less is simpler: fewer steps to read, then fewer knobs away from the start.
struct Simplicity {
  std::size_t steps = 0;
  int knobs = 0;
  auto operator<=>(const Simplicity&) const = default;
};

struct Decision {
  std::optional<std::size_t> winner;            // among the leaders; none: the start stands
  std::vector<std::vector<Evidence>> evidence;  // by leader, by state
  std::string why;                              // one line for a person
};
/// "in-network 1.083x (1.061x to 1.094x)".
std::string to_text(const Evidence&);
nlohmann::json to_json(const Evidence&);
/// Error (exit 3) naming `where`.
Evidence evidence_from_json(const nlohmann::json&, const std::string& where);
nlohmann::json to_json(const Decision&);
/// Error (exit 3) naming `where` and the JSON pointer.
Decision decision_from_json(const nlohmann::json&, const std::string& where);

/// Whether one candidate is faster than another beyond doubt. Times: the `winner` rule on at least
/// 15 pairs. Instructions are exact, but stand for time only roughly: 3 %.
Evidence compare(const std::string& state, FigureUnit unit, const std::vector<double>& slower,
                 const std::vector<double>& faster, std::uint64_t seed);

/// The winner among leaders that were measured interleaved with the start (candidate 0): faster
/// than the start in every state by compare(). Of those that are not shown to differ from the
/// fastest the simplest wins; `simplicity` by leader.
Decision decide(const std::vector<Interleaved>&, FigureUnit unit,
                const std::vector<Simplicity>& simplicity, std::uint64_t seed);

}  // namespace halcyon
