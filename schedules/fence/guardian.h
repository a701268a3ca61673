#pragma once
#include <functional>
#include <string>
#include <vector>

#include "schedules/fence/child.h"

namespace halcyon {

/// What a guardian reports through its pipe when all is over; plain bytes.
struct ChildReport {
  Ended::How how = Ended::exited;
  int code = 0;
  int exec_errno = 0;  // of a program that could not be started
  double wall_seconds = 0, cpu_seconds = 0;
  std::int64_t peak_rss_bytes = 0;
};

/// The descriptors that a guardian and its child are left with; all others are closed.
struct Channels {
  int output = -1, result = -1, report = -1;
  int input = -1;  // the child's stdin; -1: /dev/null
};

/// What the child does: a body that returns its exit code, or a program (then `body` is empty).
struct Task {
  std::function<int(int result_fd)> body;
  std::vector<std::string> argv;  // argv[0] is a path
  std::vector<int> cpus;          // pinned to these; empty: not
};

/// The descriptor that the child writes its result to.
constexpr int kResultFd = 3;

/// Life of a guardian, the process between Halcyon and one child; call it in a fresh fork_into().
/// It starts the child, keeps the wall clock, and kills whatever the child's descendants leave
/// behind: as the first process of a PID namespace all that is in it, else as a subreaper exactly
/// those that it inherits, also when they made sessions of their own. SIGTERM, which it also gets
/// when its parent dies, makes it kill everything at once.
[[noreturn]] void guard(const Limits&, const Task&, Channels);

}  // namespace halcyon
