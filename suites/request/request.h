#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kernels/problem/dtype.h"
#include "results/record/cache_state.h"
#include "schedules/recipes/recipe.h"
#include "suites/graph/network_options.h"
#include "suites/graph/plan.h"
#include "suites/quantise/range_method.h"
#include "suites/request/source.h"

namespace halcyon {

/// Where the data files lie and where objects are kept.
struct Folders {
  std::string root;      // of the checkout
  std::string targets;   // schedules/targets
  std::string suites;    // suites/micro
  std::string cache;     // objects; empty: cache_folder()'s choice
  std::string tuned;     // schedules/tuned; empty: none are looked up
  std::string networks;  // suites/networks
};

/// Which points of a recipe's space are tried: its start; every value of every knob and seeded
/// pairs; all.
enum class Sweep { start, knobs, all };

/// What a person asked for. Defaults are the command line's; suites/request/run_plan.h resolves it.
struct Request {
  Folders folders;
  std::vector<std::string> what;  // problem lines, suites, networks: names and files
  NetworkOptions network;         // batch and size of its input
  std::optional<Cut> cut;         // which ops of a network share a problem; none: as is kept for
                                  // it, else `ops`
  int threads = 1;
  std::string target = "host";
  std::string schedule_file;  // empty: from `source`
  Source source;
  bool full_search = false;        // adams2019's stock beam
  std::vector<Rival> against;      // rivals of each case: suites/trials/rival.h
  bool layers = false;             // bench: a network's distinct problems by themselves, too
  bool peers = false;              // other systems beside each network and case: suites/peers/
  std::string peer_dtype = "f32";  // that a network's compute in: kPeerDTypes
  std::vector<CacheState> states = {CacheState::warm};  // each case in each
  std::vector<DType> dtypes;  // of each case and network, in turn; none: as its line or file says
  RangeMethod range_method = RangeMethod::mse;  // of what is quantised here
  std::string calibrate;   // folder of .npy to calibrate by; empty: seeded N(0, 1)
  std::string filter;      // regular expression on case ids and problem lines
  int jobs = 0;            // compiling children; 0: as many as cores
  int cpu = -1;            // -1: the least disturbed allowed core
  std::uint64_t seed = 1;  // of data, of orders and of a sweep's pairs
  bool quick = false;      // fewer samples; for a look, not for a number to publish
  Sweep sweep = Sweep::start;
  Point point;             // this one and no other; empty: none given
  std::string out;         // folder for results; empty: none is kept
  std::string bundle;      // bench: folder for the program and its data; empty: none is kept
  std::string command;     // as typed, for the record
  std::string unfinished;  // id of a run of this command in `out`, to go on with; empty: none
};

/// Compilers at once: as many as asked for, else one per core.
inline int jobs_of(const Request& request) {
  if (request.jobs > 0) return request.jobs;
  const unsigned cores = std::thread::hardware_concurrency();  // 0: not known
  return cores > 0 ? static_cast<int>(cores) : 1;
}

}  // namespace halcyon
