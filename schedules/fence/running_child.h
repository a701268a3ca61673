#pragma once
#include <poll.h>
#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "schedules/fence/child.h"
#include "schedules/fence/guardian.h"

namespace halcyon {

/// Signals that may end us stay blocked while children are started and waited for; ppoll with
/// `before` lets them in.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
  }
  ~SignalsBlocked() { sigprocmask(SIG_SETMASK, &before, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  sigset_t before;
};

/// A pipe whose reading end is ours and does not block.
class Pipe {
 public:
  Pipe();  // Error (exit 4) when there can be none
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int writing() const { return fds_[1]; }
  void close_writing();
  /// For poll; a negative descriptor is passed over, and an ended pipe would be ready for ever.
  pollfd to_poll() const { return {ended_ ? -1 : fds_[0], POLLIN, 0}; }
  bool ended() const { return ended_; }
  /// Takes what there is: up to `most` bytes in all are kept. The number of those that were not.
  std::int64_t drain(std::string& kept, std::int64_t most);

 private:
  int fds_[2] = {-1, -1};
  bool ended_ = false;
};

/// One child with its guardian and the three pipes that lead here. Signals that may end us are to
/// be blocked while it is made, asked and finished.
class RunningChild {
 public:
  /// `input`: what the child's stdin is; -1: /dev/null. Error (exit 4) when there can be no child.
  RunningChild(const Limits&, const Task&, int input = -1);
  ~RunningChild();  // kills it, if need be
  RunningChild(const RunningChild&) = delete;
  RunningChild& operator=(const RunningChild&) = delete;

  void add_to(std::vector<pollfd>&) const;
  /// Takes in what has come. True when the guardian has gone.
  bool take();
  /// What has come so far from the child's result descriptor; whoever reads it may take it away.
  std::string& result() { return ended_.result; }
  /// Makes the guardian kill all that is left, and end.
  void stop() const { kill(guardian_, SIGTERM); }
  /// Milliseconds until the guardian must have ended by itself; -1: no limit.
  int left() const;
  void kill_guardian() const { kill(guardian_, SIGKILL); }
  /// Waits for the guardian, which is about to end. `exec_errno` is of a program that did not
  /// start.
  Ended finish(int* exec_errno = nullptr);

 private:
  const Limits limits_;
  const std::chrono::steady_clock::time_point began_;
  Pipe output_, result_, report_;
  pid_t guardian_ = 0;
  Ended ended_;
  std::string report_bytes_;
};

/// The file that a shell would run for `program`. Error (exit 5) when there is none.
std::string find_program(const std::string& program);

}  // namespace halcyon
