#pragma once
#include <functional>
#include <string>
#include <vector>

#include "kernels/problem.h"
#include "schedules/outcome.h"
#include "schedules/child.h"
#include "schedules/layout.h"
#include "schedules/step.h"
#include "schedules/target.h"

namespace halcyon {

/// Problem + schedule + target.
struct Candidate {
  Problem problem;
  Schedule schedule;
  Target target;
};

/// What a compilation left in the cache; paths are absolute.
struct Compiled {
  Outcome outcome = Outcome::infra;   // ok, or compile_error / _timeout / _crash / _oom
  std::string detail;                 // one line; empty when ok
  std::string key;                    // SHA-256 of all that made it: problem, steps, kernel sources'
                                      // version, target string, Halide version, flags, checked or not
  std::string symbol;                 // C symbol of the kernel: "halcyon_" + first 16 of key
  std::string object, assembly, stmt, loop_nest;  // files; only when ok
  std::string object_sha256;
  bool from_cache = false;
  double seconds = 0;                 // of compiling, 0 from the cache
};

struct CompileOptions {
  bool checked = false;     // with Halide's asserts and bounds queries
  bool keep_text = false;   // also assembly, lowered stmt, loop nest
  Limits limits{.wall_seconds = 120, .cpu_seconds = 120, .memory_bytes = std::int64_t{4} << 30,
                .file_bytes = 1 << 30};
};

/// Compiles candidates, each in a forked child of a process that has only ever warmed Halide up, so
/// that objects are the same bytes in every run; results are kept in a content-addressed cache.
class Compiler {
 public:
  /// `cache` is created; Error (exit 4) when it cannot be written. At most `jobs` children at once.
  explicit Compiler(std::string cache, int jobs = 1);
  Compiled compile(const Candidate&, const CompileOptions& = {});
  /// In parallel, results in the order of the candidates; `done` after each, in order of finishing.
  std::vector<Compiled> compile_all(const std::vector<Candidate>&, const CompileOptions&,
                                    const std::function<void(size_t index, const Compiled&)>& done = {});
  /// The object with Halide's runtime for a target, compiled once. Error (exit 5) when it fails.
  std::string runtime_object(const Target&);
  static std::string halide_version();  // "21.0.0"

 private:
  std::string cache_;
  int jobs_;
};

/// Where objects are kept: `wanted` if not empty, else $XDG_CACHE_HOME/halcyon or ~/.cache/halcyon;
/// a folder under /tmp when neither can be written.
std::string cache_folder(const std::string& wanted);

}  // namespace halcyon
