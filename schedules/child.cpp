#include "schedules/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <sstream>
#include <utility>

#include "kernels/error.h"
#include "schedules/guardian.h"

namespace halcyon {

volatile int interrupted_by = 0;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kMostResultBytes = 64 << 20;

Error no_child(const std::string& what) {
  return {Exit::environment, what + ": " + std::strerror(errno)};
}

/// Signals that may end us stay blocked while children are started and waited for; poll lets them
/// in.
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
  Pipe() {
    if (pipe2(fds_, O_CLOEXEC) != 0) throw no_child("no pipe for a child process");
    fcntl(fds_[0], F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    close(fds_[0]);
    close_writing();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int writing() const { return fds_[1]; }
  void close_writing() {
    if (fds_[1] >= 0) close(std::exchange(fds_[1], -1));
  }
  /// For poll; a negative descriptor is passed over, and an ended pipe would be ready for ever.
  pollfd to_poll() const { return {ended_ ? -1 : fds_[0], POLLIN, 0}; }
  bool ended() const { return ended_; }
  /// Takes what there is: up to `most` bytes in all are kept. The number of those that were not.
  std::int64_t drain(std::string& kept, std::int64_t most) {
    char chunk[1 << 16];
    std::int64_t dropped = 0;
    constexpr int kTurns = 16;  // who writes without end must not keep us from the others
    for (int turn = 0; turn < kTurns && !ended_; turn++) {
      const ssize_t got = read(fds_[0], chunk, sizeof chunk);
      if (got < 0) break;  // nothing there: all signals are blocked, so it is not EINTR
      ended_ = got == 0;
      const auto room = std::max<std::int64_t>(0, most - static_cast<std::int64_t>(kept.size()));
      const auto taken = std::min<std::int64_t>(room, got);
      kept.append(chunk, static_cast<size_t>(taken));
      dropped += got - taken;
    }
    return dropped;
  }

 private:
  int fds_[2] = {-1, -1};
  bool ended_ = false;
};

/// One child with its guardian and the three pipes that lead here.
class Running {
  static Limits possible(Limits limits) {
    limits.isolation = std::min(limits.isolation, strongest_isolation());
    return limits;
  }

 public:
  Running(const Limits& limits, const Task& task, std::size_t number)
      : index(number), limits_(possible(limits)), began_(Clock::now()) {
    std::fflush(nullptr);  // or the child would have our unwritten output, too
    guardian_ = fork_into(limits_.isolation);
    if (guardian_ < 0) throw no_child("cannot start a child process");
    if (guardian_ == 0)
      guard(limits_, task, {output_.writing(), result_.writing(), report_.writing()});
    for (Pipe* p : {&output_, &result_, &report_}) p->close_writing();
  }
  ~Running() {
    if (guardian_ == 0) return;
    stop();
    finish();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void add_to(std::vector<pollfd>& fds) const {
    for (const Pipe* p : {&output_, &result_, &report_}) fds.push_back(p->to_poll());
  }
  /// Takes in what has come. True when the guardian has gone.
  bool take() {
    ended_.dropped_bytes += output_.drain(ended_.output, limits_.output_bytes);
    result_.drain(ended_.result, kMostResultBytes);
    report_.drain(report_bytes_, sizeof(ChildReport));
    return report_.ended();
  }
  /// Makes the guardian kill all that is left, and end.
  void stop() const { kill(guardian_, SIGTERM); }
  /// Milliseconds until the guardian must have ended by itself; -1: no limit.
  int left() const {
    if (limits_.wall_seconds <= 0) return -1;
    constexpr double kSlack = 5;  // its 200 ms of grace, 2 s of clearing away, and a loaded machine
    const std::chrono::duration<double> ran = Clock::now() - began_;
    return static_cast<int>(1e3 * std::clamp(limits_.wall_seconds + kSlack - ran.count(), 0., 1e6));
  }
  void kill_guardian() const { kill(guardian_, SIGKILL); }

  /// Waits for the guardian, which is about to end. `exec_errno` is of a program that did not
  /// start.
  Ended finish(int* exec_errno = nullptr) {
    waitpid(guardian_, nullptr, 0);
    guardian_ = 0;
    take();
    ChildReport r;
    if (report_bytes_.size() == sizeof r) {
      std::memcpy(&r, report_bytes_.data(), sizeof r);
    } else {
      r.how = Ended::signalled;  // somebody killed the guardian, and the child died with it
      r.code = SIGKILL;
    }
    ended_.how = r.how;
    ended_.code = r.code;
    ended_.wall_seconds = r.wall_seconds;
    ended_.cpu_seconds = r.cpu_seconds;
    ended_.peak_rss_bytes = r.peak_rss_bytes;
    if (exec_errno) *exec_errno = r.exec_errno;
    return std::move(ended_);
  }
  const std::size_t index;

 private:
  const Limits limits_;
  const Clock::time_point began_;
  Pipe output_, result_, report_;
  pid_t guardian_ = 0;
  Ended ended_;
  std::string report_bytes_;
};

/// Waits until something happens to one of them.
void wait_for_news(const std::list<Running>& running, const sigset_t& let_in) {
  std::vector<pollfd> fds;
  int left = -1;
  for (const Running& r : running) {
    r.add_to(fds);
    if (r.left() >= 0) left = left < 0 ? r.left() : std::min(left, r.left());
  }
  const timespec time = {left / 1000, left % 1000 * 1000000L};
  ppoll(fds.data(), fds.size(), left < 0 ? nullptr : &time, &let_in);
  for (const Running& r : running)
    if (r.left() == 0) r.kill_guardian();
}

/// Runs `tasks`, at most `jobs` at once; `done` may take the Running's end.
void run_tasks(const Limits& limits, std::size_t tasks, int jobs,
               const std::function<Task(std::size_t)>& task_of,
               const std::function<void(Running&)>& done) {
  const SignalsBlocked blocked;
  std::list<Running> running;
  for (std::size_t next = 0; next < tasks || !running.empty();) {
    if (interrupted_by) {
      next = tasks;
      for (const Running& r : running) r.stop();
    }
    while (next < tasks && running.size() < static_cast<std::size_t>(std::max(jobs, 1))) {
      running.emplace_back(limits, task_of(next), next);
      next++;
    }
    if (running.empty()) return;
    wait_for_news(running, blocked.before);
    for (auto it = running.begin(); it != running.end();) {
      if (it->take()) {
        done(*it);
        it = running.erase(it);
      } else {
        ++it;
      }
    }
  }
}

/// The file that a shell would run for `program`; empty when there is none.
std::string find_program(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = (folder.empty() ? "." : folder) + "/" + program;
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

}  // namespace

void run_all(const Limits& limits, const std::vector<Body>& bodies, int jobs,
             const std::function<void(std::size_t, Ended)>& done) {
  run_tasks(
      limits, bodies.size(), jobs, [&](std::size_t i) { return Task{.body = bodies[i]}; },
      [&](Running& r) { done(r.index, r.finish()); });
}

Ended run_forked(const Limits& limits, const Body& body) {
  Ended ended;
  ended.how = Ended::signalled;  // what it is when an interrupt came before it could start
  ended.code = SIGKILL;
  run_all(limits, {body}, 1, [&](std::size_t, Ended e) { ended = std::move(e); });
  return ended;
}

Ended run_program(const Limits& limits, const std::vector<std::string>& argv,
                  const std::string& result_fd_flag, int cpu) {
  Task task{.argv = argv, .cpu = cpu};
  task.argv[0] = find_program(argv[0]);
  if (task.argv[0].empty())
    throw Error(Exit::infrastructure, "cannot run " + argv[0] + ": it is not in the PATH");
  if (!result_fd_flag.empty()) task.argv.push_back(result_fd_flag + std::to_string(kResultFd));
  Ended ended;
  ended.how = Ended::signalled;
  ended.code = SIGKILL;
  int exec_errno = 0;
  run_tasks(
      limits, 1, 1, [&](std::size_t) { return task; },
      [&](Running& r) { ended = r.finish(&exec_errno); });
  if (exec_errno)
    throw Error(Exit::infrastructure, "cannot run " + argv[0] + ": " + std::strerror(exec_errno));
  return ended;
}

std::string describe(const Ended& e) {
  std::ostringstream text;
  switch (e.how) {
    case Ended::exited:
      text << "exit code " << e.code;
      break;
    case Ended::signalled: {
      const char* name = sigabbrev_np(e.code);
      text << "signal " << (name ? "SIG" + std::string(name) : std::to_string(e.code));
      break;
    }
    case Ended::wall_timeout:
      text << "out of time after " << e.wall_seconds << " s";
      break;
    case Ended::cpu_timeout:
      text << "out of CPU time after " << e.cpu_seconds << " s";
      break;
    case Ended::out_of_memory:
      text << "out of memory at " << (e.peak_rss_bytes >> 20) << " MiB";
      break;
  }
  return text.str();
}

std::string isolation_level() { return to_text(strongest_isolation()); }

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = [](int signal) { interrupted_by = signal; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

}  // namespace halcyon
