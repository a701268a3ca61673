#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "kernels/problem/problem.h"
#include "schedules/recipes/recipe.h"
#include "schedules/targets/target.h"

namespace halcyon {

class Reader;

/// The state of a comparison inside a running network.
inline constexpr const char* kInNetwork = "in-network";

/// A tuned schedule against the recipe's start in one cache state: the start's figure over its own,
/// of paired measurements, with the 95 % interval.
struct TunedState {
  std::string state;  // warm, cold-weights; in-network: the problem's calls, and each one's next,
                      // inside a running network
  double speedup = 1, low = 1, high = 1;
  int pairs = 0;
  bool operator==(const TunedState&) const = default;
};

/// A schedule that won a search, and why that is believed.
struct TunedEntry {
  std::string problem;             // canonical line
  int threads = 1;                 // that it was tuned for
  Point point;                     // of the recipe's space; empty of an autoscheduler's schedule
  std::vector<std::string> steps;  // lines; parsed when they are looked up, for ops may change
  std::vector<TunedState> states;  // all that the rule wants; never empty
  std::string unit, device;        // of its figures; where they were read
  std::string target, isa;         // it was tuned for
  double fma_per_cycle = 2;        // of that target: how many accumulators hide the latency of one
  std::string cpu, cpu_id;         // brand of what it was timed on, and CpuId::model: empty where
                                   // only the brand is known; both where instructions counted
  std::string halide;              // "21.0.0"
  std::string record;              // id of its record in the run that decided
  std::string network;             // of the state in-network; empty without that
  bool operator==(const TunedEntry&) const = default;
};

/// A file of entries, sorted by problem, CPU (its id; of equal brand those without one come first)
/// and threads (left out where it is 1). Strict: unknown
/// or missing keys, lines of problems that are not canonical, entries out of order, twice, or no
/// winners (no interval above 1 inside a network, nor all of them elsewhere) are Errors (exit 2)
/// with file and JSON pointer.
std::vector<TunedEntry> read_tuned(const std::string& path);
/// As read_tuned wants them; what was an entry for the same problem, CPU and threads is replaced.
void put_tuned(std::vector<TunedEntry>&, TunedEntry);
/// A step stands on a line of its own in indented_text(), so that a change shows as what it is.
nlohmann::json to_json(const std::vector<TunedEntry>&);

/// <folder>/<family>/<kernel>.json: "zen4/pw.json", "a78ae/chain.json".
std::string tuned_path(const std::string& folder, const std::string& family, const Problem&);

/// For all files of tuned things: the line under "problem", refused where it is not canonical; and
/// a speedup with four digits behind the point, more than a measurement has.
std::string read_problem_line(Reader&);
double rounded_speedup(double);

/// "1.08x warm, 1.05x cold-weights".
std::string speedups_text(const TunedEntry&);

}  // namespace halcyon
