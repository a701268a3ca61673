#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kernels/problem/problem.h"
#include "schedules/compile/cache.h"
#include "schedules/compile/hot_loop.h"
#include "schedules/compile/outcome.h"
#include "schedules/fence/child.h"
#include "schedules/language/layout.h"
#include "schedules/language/step.h"
#include "schedules/targets/target.h"

namespace halcyon {

/// Problem + schedule + target.
struct Candidate {
  Problem problem;
  Schedule schedule;
  Target target;
};

/// What a compilation left in the cache; paths are absolute.
struct Compiled {
  Outcome outcome = Outcome::infra;  // ok, compile_error / _timeout / _crash / _oom, infra
  std::string detail;                // one line; empty when ok
  std::string key;  // SHA-256 of all that made it: problem, steps, target string, Halide version,
                    // flags, checked or not, the sources of the code that makes it
  std::string symbol;  // C symbol of the kernel: "halcyon_" + first 16 of key. There are also
                       // <symbol>_argv(void**) and <symbol>_metadata()
  std::string object;  // files; only when ok, the texts only when asked for
  std::string algorithm, assembly, stmt, loop_nest;
  std::optional<HotLoop> hot_loop;  // where there is an assembly
  std::string object_sha256;
  bool from_cache = false;
  double seconds = 0;  // of compiling, 0 from the cache
};

/// The key that compiling this will have.
std::string object_key(const Candidate&, bool checked = false);

struct CompileOptions {
  bool checked = false;        // with Halide's asserts and bounds queries
  bool keep_assembly = false;  // also the assembly, for a third more time
  bool keep_text = false;      // also algorithm, assembly, lowered stmt, loop nest
  Limits limits{.wall_seconds = 120,
                .cpu_seconds = 120,
                .memory_bytes = std::int64_t{4} << 30,
                .file_bytes = 1 << 30};
};

/// Compiles candidates, each in a forked child of this process, so that objects are the same bytes
/// in every run; results are kept in a content-addressed cache. Nobody else may use Halide in this
/// process before or between: it would number names differently (infra then, if it is noticed).
class Compiler {
 public:
  /// `cache` is created; Error (exit 4) when it cannot be written. At most `jobs` children at once.
  explicit Compiler(std::string cache, int jobs = 1);
  Compiled compile(const Candidate&, const CompileOptions& = {});
  /// In parallel, results in the order of the candidates; `done` after each, in order of finishing.
  /// Error (exit 4) when the disk is full.
  std::vector<Compiled> compile_all(
      const std::vector<Candidate>&, const CompileOptions&,
      const std::function<void(std::size_t index, const Compiled&)>& done = {});
  /// The object with Halide's runtime for a target, compiled once. Error (exit 5) when it fails.
  std::string runtime_object(const Target&);
  static std::string halide_version();  // "21.0.0"

 private:
  Cache cache_;
  int jobs_;
};

/// What the end of a compiling child means; `detail` gets one line unless it is ok.
Outcome compile_outcome(const Ended&, std::string* detail);

}  // namespace halcyon
