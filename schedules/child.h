#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace halcyon {

/// Limits of a child process; 0 means none. Wall time is kept by the parent.
struct Limits {
  double wall_seconds = 0, cpu_seconds = 0;
  std::int64_t memory_bytes = 0;      // address space
  std::int64_t file_bytes = 0;        // largest file it may write
  int processes = 64;
  std::int64_t output_bytes = 1 << 20;  // of stdout + stderr kept; the rest is counted and dropped
};

/// How a child ended, and what it said.
struct Ended {
  enum How { exited, signalled, wall_timeout, cpu_timeout, out_of_memory } how = exited;
  int code = 0;                 // exit code, or signal
  std::string output;           // stdout and stderr together, capped
  std::int64_t dropped_bytes = 0;
  std::string result;           // all it wrote to its result descriptor
  double wall_seconds = 0, cpu_seconds = 0;
  std::int64_t peak_rss_bytes = 0;
};

/// Runs `body` in a forked child (own process group, stdin closed, result descriptor as argument) and
/// waits for it; kills the whole group at the limit and at the end. The child leaves with _exit(body()).
Ended run_forked(const Limits&, const std::function<int(int result_fd)>& body);
/// Runs a program: argv, never a shell. `result_fd_flag` non-empty: passed as "<flag><fd>" last.
Ended run_program(const Limits&, const std::vector<std::string>& argv,
                  const std::string& result_fd_flag = "", int cpu = -1);
/// The isolation that this machine gives: "process group + rlimits", better ones later.
std::string isolation_level();

/// Set by the handler of SIGINT and SIGTERM that main installs; children are killed when it turns up.
extern volatile int interrupted_by;  // signal number, 0 when none
void catch_interrupts();

}  // namespace halcyon
