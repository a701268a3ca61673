#pragma once
#include <optional>
#include <string>
#include <vector>

#include "results/document/document.h"
#include "results/record/stats.h"

namespace halcyon {

/// What became of a case or network from one run to the next. `unclear`: a change that matters
/// can neither be shown nor ruled out.
enum class Change { regressed, improved, unclear, same };
const char* to_text(Change);

/// A case or network that both sides have: the same problem, dtype, target, state and threads.
struct Compared {
  bool network = false;
  std::string suite, name, problem;  // of a network: its input
  std::string kernel_class;          // of a case
  std::string target;
  CacheState state = CacheState::warm;  // of a case
  int threads = 1;
  FigureUnit unit = FigureUnit::ns;
  bool odd = false;
  double before = 0, after = 0;   // median, or instructions of a call; 0: none
  std::optional<Interval> ratio;  // after over before with its 95 % interval: above 1 is slower
  std::optional<double> chance;   // that a change like this is found by luck, in any of the rows
  Change change = Change::unclear;
  std::string why;  // one line; empty where the ratio says it
};

/// Geometric mean of the ratios of a suite's cases that are not odd, or of all networks.
struct ComparedMean {
  std::string what;  // "kernels", "networks"
  FigureUnit unit = FigureUnit::ns;
  Interval ratio;
  int rows = 0;
};

/// How the figures of both sides were taken.
enum class Pairing {
  interleaved,      // in turns of one run
  separate,         // one run after the other, on one machine
  across_machines,  // which nobody can tell from the change: nothing is judged
};

struct RunComparison {
  Pairing pairing = Pairing::separate;
  std::string before, after;            // which run each side is
  std::string machine_before, machine;  // cpu_text(); the first of both where they differ
  std::vector<Compared> rows;           // cases, then networks, in the order of the newer run
  std::vector<ComparedMean> means;
  std::vector<std::string> only_before, only_after;  // names without a match
  bool has(Change) const;
};

/// Two separate runs, A then B. A case's ratio is held against what its own processes differ by,
/// and against what the rows scatter by; where probes around the samples say that the machine gave
/// more or less, a change that this explains is none. Beyond 2 %, all processes of the one side
/// beyond all of the other, and with many rows corrected for being many (corrected_for_many):
/// regressed or improved. The whole interval within 5 %: same. Counts are exact: beyond 1 % is a
/// change. Error (exit 2) where nothing is in both; or where times are of different machines, or of
/// a CPU that is known by its brand only, and `across_machines` does not ask for that.
RunComparison compare_runs(const Document& before, const Document& after, bool across_machines);

/// Both sides of one interleaved run (`bench --against-build`): a change is what excludes 1, by the
/// rule `change`, corrected for being many; same: within 2 %. Error (exit 2) where there are no two
/// builds in it.
RunComparison compare_builds(const Document&);

}  // namespace halcyon
