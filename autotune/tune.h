#pragma once
#include <optional>
#include <string>
#include <vector>

#include "autotune/in_network/rank.h"
#include "autotune/narrator.h"
#include "autotune/search/false_winners.h"
#include "autotune/search/metered_worker.h"
#include "autotune/search/search.h"
#include "kernels/error.h"
#include "results/document/document.h"
#include "suites/request/run_plan.h"

namespace halcyon {

/// What `tune` is told beside the request. Defaults are the command line's.
struct TuneOptions {
  std::string strategy;               // empty: the default
  std::vector<Autoscheduler> guests;  // whose schedules are tried, too
  std::size_t budget = 40;            // trials a problem; of a network's problems on average
  std::optional<double> minutes;      // of trials, for all problems together, instead of a budget
  int against_itself = 0;             // comparisons of the start with itself, instead of a search
  bool in_network = false;            // then the leaders are compared inside the running networks
  bool keep = false;                  // winners go into request.folders.tuned
};

struct Tuning {
  Document document;  // every trial and the measurements that decided, as records
  std::vector<SearchResult> searches;
  std::vector<InNetwork> networks;  // point into `searches`
  TimeSpent spent;
  std::optional<Error> failed;  // what cut it short, or why winners could not be kept: to be told
                                // once the results are written
  Tuning() = default;
  Tuning(Tuning&&) = default;  // what points there stays right; a copy's would not
  Tuning& operator=(Tuning&&) = default;
};

/// Searches the space of each problem asked for; the request's `out` has the journal, where an
/// interrupted tuning goes on; what was done by then is returned. Throws Error for what the user
/// wrote wrong and for surroundings that fail.
Tuning tune(const RunPlan&, const TuneOptions&, Progress&, const Narrator::Events&);

/// Measures the start of the one problem asked for against itself, so many times. Throws Error as
/// tune().
FalseWinners tune_against_itself(const RunPlan&, int times, Progress&);

/// A row per problem, then where the time went; then a row per problem of each network that was
/// ranked inside.
std::string tuning_table(const Tuning&);
std::string in_network_table(const InNetwork&);

/// How the command ends: 0, 1 (a start is wrong or crashes) or 6 (a problem without a figure).
Exit exit_of(const Tuning&);

}  // namespace halcyon
