#pragma once
#include <optional>
#include <string>
#include <vector>

#include "results/document/document.h"
#include "results/record/stats.h"

namespace halcyon {

/// Whether a rival is another state of the project: what kBuildPrefix begins the name of.
constexpr const char* kBuildPrefix = "build ";
inline bool is_of_build(const std::string& rival) { return rival.starts_with(kBuildPrefix); }

/// A case's own candidate and another way to compute it, both timed (or counted) in one run.
struct Match {
  const Record* own = nullptr;
  std::string rival;
  std::vector<const Record*> records;  // of the rival: several where each op is a kernel of its own
  /// The rival's figure over the own one, above 1 where the own is faster; nullopt when one of them
  /// has no figure. Times: median over pairs of accepted samples, as near in time as the run's
  /// turns had them, with its 95 % interval. Counts are exact.
  std::optional<Interval> ratio;
};
/// Times of both sides of a match in one turn each, and the process that each pair is of.
struct TurnPairs {
  std::vector<double> own, rival;
  std::vector<int> processes;
};
/// The pairs that a match's ratio is of; none where they are too few.
std::optional<TurnPairs> turn_pairs(const Match&);
/// The ratio that a match's records give.
std::optional<Interval> ratio_of(const Match&);
/// In the order of the document. A cache state beside the first counts as a rival of its name.
std::vector<Match> matches_of(const Document&);
bool has_matches(const Document&);  // without their ratios, which take a while
/// Of the matches of one case each the one that does best against it, called "best of them"; none
/// of a case where no rival has a figure.
std::vector<Match> best_rivals(const std::vector<Match>&);

/// Geometric mean of the ratios of a suite's network cases, with an interval over the cases.
struct MatchMean {
  std::string suite, rival, target;
  CacheState state = CacheState::warm;
  Interval ratio;
  int cases = 0;
  std::vector<std::string> without;  // cases that have no ratio, and are left out
};
/// Per suite, target, state and rival; where there are several rivals also for the best of them.
std::vector<MatchMean> match_means(const std::vector<Match>&);

/// ▲ where ours won by the `winner` rule, ▼ where it lost, else ≈.
const char* sign_of(const Interval& ratio);
/// "1.23 (1.20 to 1.26)"; the estimate alone where it is exact.
std::string ratio_text(const Interval&);

}  // namespace halcyon
