#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernels/interrupt.h"
#include "schedules/fence/isolation.h"

namespace halcyon {

/// Limits of a child process; 0 means none. Wall time is kept outside of it.
struct Limits {
  double wall_seconds = 0;
  double cpu_seconds = 0;         // rounded up to whole seconds
  std::int64_t memory_bytes = 0;  // address space; a body under AddressSanitizer has no limit
  std::int64_t file_bytes = 0;    // largest file it may write
  int processes = 64;             // it may add; 0: a program that we trust, which keeps our user
  std::int64_t output_bytes = 1 << 20;  // of stdout + stderr kept; the rest is counted and dropped
  Isolation isolation = Isolation::pid_namespace;  // at most this: what works here may be weaker
};

/// How a child ended, and what it said.
struct Ended {
  /// `wall_timeout`, `cpu_timeout`, `out_of_memory`: whatever code or signal it died of then.
  enum How { exited, signalled, wall_timeout, cpu_timeout, out_of_memory } how = exited;
  int code = 0;        // exit code, or signal
  std::string output;  // stdout and stderr together, capped
  std::int64_t dropped_bytes = 0;
  std::string result;  // all it wrote to its result descriptor; at most 64 MiB
  double wall_seconds = 0, cpu_seconds = 0;
  std::int64_t peak_rss_bytes = 0;  // not less than what this process had when it forked
};

/// What a child does. It leaves with _exit(body(result_fd)); `new` without memory is out_of_memory,
/// an exception that leaves it is a crash.
using Body = std::function<int(int result_fd)>;

/// Runs `body` in a forked child and waits for it. The child has its own session, stdin /dev/null,
/// no other descriptor of ours, no core dump, no new privileges. All that descends from it is
/// killed at the limit and at the end. Error (exit 4) when there can be no child. After an
/// interrupt what runs is killed, and these three throw Interrupted: nobody takes our kill for how
/// it ended.
Ended run_forked(const Limits&, const Body& body);
/// run_forked for `bodies`, at most `jobs` at once; `done` in order of finishing.
void run_all(const Limits&, const std::vector<Body>& bodies, int jobs,
             const std::function<void(std::size_t index, Ended)>& done);
/// Runs a program: argv, never a shell; argv[0] is a path or looked up in $PATH. `result_fd_flag`
/// non-empty: passed as "<flag><fd>" last. `cpu`: pinned to that one, -1 not. Error (exit 5) when
/// it cannot be started.
Ended run_program(const Limits&, const std::vector<std::string>& argv,
                  const std::string& result_fd_flag = "", int cpu = -1);
/// "signal SIGSEGV", "exit code 3", "over its wall time of 2 s", ...: for messages.
std::string describe(const Ended&);
/// How children are fenced in here: for records.
std::string isolation_level();

}  // namespace halcyon
