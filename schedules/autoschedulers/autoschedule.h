#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/problem/problem.h"
#include "schedules/compile/cache.h"
#include "schedules/compile/outcome.h"
#include "schedules/fence/child.h"
#include "schedules/language/step.h"
#include "schedules/targets/target.h"

namespace halcyon {

/// LLVM's own loop vectorizer and unroller for a kernel (enable_llvm_loop_opt). Unsaid: off, and
/// `bench` tries both.
enum class LoopOpt { unsaid, off, on };

/// One of Halide's autoschedulers and how far it searches.
struct Autoscheduler {
  std::string name;          // mullapudi2016 adams2019 li2018
  bool full_search = false;  // adams2019's stock beam instead of one greedy walk
  LoopOpt loop_opt = LoopOpt::unsaid;
  std::uint64_t seed = 1;  // of the walk's dropout
  int threads = 1;         // that it schedules for
  bool operator==(const Autoscheduler&) const = default;
};
/// The word of the command line: "adams2019", "mullapudi2016+llvm_loop_opt",
/// "li2018+no_llvm_loop_opt". Throws Error (exit 2) with the allowed words.
Autoscheduler autoscheduler_from_text(const std::string& source);
std::string to_text(const Autoscheduler&);
/// For a record: with the search, where there are several. "adams2019+llvm_loop_opt, greedy, seed
/// 1", "adams2019, full search", "li2018".
std::string describe(const Autoscheduler&);
const std::vector<std::string>& autoscheduler_names();
/// The target that its kernels are compiled for: with enable_llvm_loop_opt when asked for.
Target target_for(const Autoscheduler&, Target);

/// What a search gave. One that gave nothing is the outcome of its case, not an error.
struct Search {
  Outcome outcome = Outcome::infra;  // ok, compile_error / _timeout / _crash / _oom, infra
  std::string detail;                // one line; empty when ok
  Schedule schedule;                 // only when ok; needs no plugin
  std::string source;                // the text it was read from
  bool from_cache = false;
  double seconds = 0;  // of searching, when it was done
};

/// What a search may cost. adams2019 wants 150 s and 6 GB for a block of two convolutions.
inline constexpr Limits kSearchLimits{.wall_seconds = 60,
                                      .cpu_seconds = 60,
                                      .memory_bytes = std::int64_t{2} << 30,
                                      .file_bytes = 1 << 26};

/// What an autoscheduler is asked for.
struct SearchTask {
  Autoscheduler by;
  Problem problem;
};
/// Does each task in a child process, at most `jobs` at once; results in the order of the tasks,
/// kept in the cache with their failures.
std::vector<Search> search_all(const std::vector<SearchTask>&, const Target&, const Cache&,
                               int jobs = 1, const Limits& = kSearchLimits);

}  // namespace halcyon
