#include "schedules/fence/guardian.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <new>

#include "schedules/fence/processes.h"

namespace halcyon {
namespace {

using Clock = std::chrono::steady_clock;

/// Time between the polite signal and the last one.
constexpr std::chrono::milliseconds kGrace{200};

/// A page that child and guardian share: what an exit status cannot say.
struct Note {
  volatile bool out_of_memory;
  volatile int exec_errno;
};
Note* note = nullptr;  // of this process; set in the fork, before the child's

Note* shared_note() {
  void* page =
      mmap(nullptr, sizeof(Note), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? nullptr : new (page) Note{};
}

void limit(int resource, rlim_t soft, rlim_t hard) {
  rlimit current;
  getrlimit(resource, &current);
  const rlimit wanted = {std::min(soft, current.rlim_max), std::min(hard, current.rlim_max)};
  setrlimit(resource, &wanted);
}

/// AddressSanitizer maps terabytes of shadow, so a forked body cannot have its address space
/// limited.
constexpr bool kSanitized =
#ifdef __SANITIZE_ADDRESS__
    true;
#else
    false;
#endif
bool has_memory_limit(const Limits& limits, bool program) {
  return limits.memory_bytes > 0 && (program || !kSanitized);
}

void apply_limits(const Limits& limits, bool program, int tasks) {
  limit(RLIMIT_CORE, 0, 0);
  constexpr int kFiles = 1024;
  limit(RLIMIT_NOFILE, kFiles, kFiles);
  if (limits.cpu_seconds > 0) {
    // Soft before hard: SIGXCPU says why it died, SIGKILL would not.
    const auto seconds = static_cast<rlim_t>(std::ceil(limits.cpu_seconds));
    limit(RLIMIT_CPU, seconds, seconds + 1);
  }
  const auto memory = static_cast<rlim_t>(limits.memory_bytes);
  if (has_memory_limit(limits, program)) limit(RLIMIT_AS, memory, memory);
  const auto file = static_cast<rlim_t>(limits.file_bytes);
  if (file > 0) limit(RLIMIT_FSIZE, file, file);
  const auto processes = static_cast<rlim_t>(tasks) + static_cast<rlim_t>(limits.processes);
  if (limits.processes > 0) limit(RLIMIT_NPROC, processes, processes);
}

/// Dispositions back to the default, then `blocked` as the mask.
void reset_signals(const sigset_t& blocked) {
  for (int s = 1; s < NSIG; s++) signal(s, SIG_DFL);
  sigprocmask(SIG_SETMASK, &blocked, nullptr);
}

sigset_t signal_set(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (int s : signals) sigaddset(&set, s);
  return set;
}

/// Descriptors 0 to 4: input, output, output, result, report. The rest is closed.
void lay_out_descriptors(Channels c) {
  // First above the places that they go to, so that none is overwritten.
  constexpr int kHigh = 64;
  const int input = fcntl(c.input < 0 ? open("/dev/null", O_RDWR) : c.input, F_DUPFD, kHigh);
  const int output = fcntl(c.output, F_DUPFD, kHigh), result = fcntl(c.result, F_DUPFD, kHigh),
            report = fcntl(c.report, F_DUPFD, kHigh);
  dup2(input, 0);
  dup2(output, 1);
  dup2(output, 2);
  dup2(result, kResultFd);
  dup2(report, kResultFd + 1);
  close_range(kResultFd + 2, ~0u, 0);
}
constexpr int kReportFd = kResultFd + 1;

/// Where a body goes whose `new` finds no memory.
void note_out_of_memory() {
  note->out_of_memory = true;
  _exit(1);
}

/// The kernel takes the candidate, not us, when memory runs out.
void offer_to_oom_killer() {
  const int file = open("/proc/self/oom_score_adj", O_WRONLY);
  if (file >= 0 && write(file, "1000", 4) != 4) return;  // without it, limits still hold
  close(file);
}

[[noreturn]] void run_child(const Limits& limits, const Task& task, int guardian, int tasks) {
  setsid();
  offer_to_oom_killer();
  const bool own_user = limits.processes > 0 && limits.isolation >= Isolation::own_user;
  if (own_user && !become_own_user()) _exit(1);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // after the change of user, which clears it
  if (getppid() != guardian) _exit(1);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  close(kReportFd);
  reset_signals(signal_set({}));
  if (!task.cpus.empty()) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int cpu : task.cpus) CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
  }
  // Before there are limits: they are meant for the program, and what this process maps by now may
  // be beyond them.
  std::vector<char*> argv;
  for (const auto& word : task.argv) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  apply_limits(limits, !task.body, tasks);
  if (task.body) {
    std::set_new_handler(note_out_of_memory);
    // An exception that nobody catches is a crash: terminate here, not in the caller's frames.
    const int code = [&]() noexcept { return task.body(kResultFd); }();
    std::fflush(nullptr);
    _exit(code);
  }
  execv(argv[0], argv.data());
  note->exec_errno = errno;
  _exit(127);
}

double seconds_of(const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * t.tv_usec; }

/// The guardian's view of its child.
struct Watched {
  int pid = 0;
  bool ended = false, asked = false, killed = false, late = false;
  int status = 0;
  rusage usage{};
};

/// Reaps whatever has ended; false when there is no process left.
bool reap(Watched& w) {
  for (;;) {
    int status = 0;
    rusage usage;
    const pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid <= 0) return pid == 0 || errno != ECHILD;
    if (pid != w.pid) continue;
    w.ended = true;
    w.status = status;
    w.usage = usage;
  }
}

/// Waits for a signal of `set` until `until`; 0 when there was none.
int wait_signal(const sigset_t& set, Clock::time_point until) {
  const auto left = std::max(until - Clock::now(), Clock::duration::zero());
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
  const timespec time = {ns / 1000000000, ns % 1000000000};
  const int got = sigtimedwait(&set, nullptr, &time);
  return got > 0 ? got : 0;
}

/// Until the child has ended, at its limit if need be.
void watch(Watched& w, const sigset_t& set, double wall_seconds) {
  const auto start = Clock::now();
  constexpr auto kForever = std::chrono::hours(24 * 365);
  auto until = start + (wall_seconds > 0 ? std::chrono::duration_cast<Clock::duration>(
                                               std::chrono::duration<double>(wall_seconds))
                                         : Clock::duration(kForever));
  for (reap(w); !w.ended; reap(w)) {
    const int signal = wait_signal(set, until);
    reap(w);
    const bool over = !w.ended && Clock::now() >= until;
    if (signal == SIGTERM || (over && w.asked)) {
      w.killed = true;
      kill(-w.pid, SIGKILL);
      kill(w.pid, SIGKILL);
      until = Clock::now() + kForever;
    } else if (over) {
      w.late = w.asked = true;
      kill(-w.pid, SIGTERM);
      until = Clock::now() + kGrace;
    }
  }
}

/// Until nothing that descends from the child is left. A process that cannot die (a disk that
/// hangs) must not hold us: it is given two seconds.
void clear_away(Watched& w, const sigset_t& set, Isolation isolation) {
  const auto until = Clock::now() + std::chrono::seconds(2);
  while (reap(w) && Clock::now() < until) {
    if (isolation == Isolation::pid_namespace)
      kill(-1, SIGKILL);  // all in the namespace but its first process
    else
      kill_descendants();
    wait_signal(set, Clock::now() + std::chrono::milliseconds(20));
  }
}

/// What the guardian had before there was a child, and a body begins with.
struct Start {
  std::int64_t mapped_bytes = 0, resident_bytes = 0;
  std::int64_t oom_kills = 0;
};

Start before_child() {
  std::int64_t mapped = 0, resident = 0;  // in pages
  std::ifstream("/proc/self/statm") >> mapped >> resident;
  const std::int64_t page = sysconf(_SC_PAGESIZE);
  return {mapped * page, resident * page, count_oom_kills()};
}

/// Programs that run into their limit die of a null pointer or of abort(); that they had used up
/// most of what they could get tells it from other crashes.
bool had_most(std::int64_t peak_bytes, const Limits& limits, bool program, const Start& start) {
  const std::int64_t could_get = limits.memory_bytes - (program ? 0 : start.mapped_bytes);
  return has_memory_limit(limits, program) && peak_bytes - start.resident_bytes > could_get / 4 * 3;
}

ChildReport report_of(const Watched& w, const Limits& limits, bool program, const Start& start) {
  ChildReport r;
  r.cpu_seconds = seconds_of(w.usage.ru_utime) + seconds_of(w.usage.ru_stime);
  r.peak_rss_bytes = std::int64_t{w.usage.ru_maxrss} << 10;
  r.exec_errno = note->exec_errno;
  const bool signalled = WIFSIGNALED(w.status);
  r.code = signalled ? WTERMSIG(w.status) : WEXITSTATUS(w.status);
  r.how = signalled ? Ended::signalled : Ended::exited;
  const bool killed_by_kernel = signalled && r.code == SIGKILL && !w.killed;
  const bool no_memory_left = (killed_by_kernel && count_oom_kills() > start.oom_kills) ||
                              (signalled && had_most(r.peak_rss_bytes, limits, program, start));
  if (w.late)
    r.how = Ended::wall_timeout;
  else if ((signalled && r.code == SIGXCPU) ||
           (killed_by_kernel && limits.cpu_seconds > 0 && r.cpu_seconds >= limits.cpu_seconds))
    r.how = Ended::cpu_timeout;
  else if (note->out_of_memory || no_memory_left)
    r.how = Ended::out_of_memory;
  return r;
}

}  // namespace

void guard(const Limits& limits, const Task& task, Channels channels) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const sigset_t set = signal_set({SIGCHLD, SIGTERM});
  reset_signals(set);
  signal(SIGPIPE, SIG_IGN);
  lay_out_descriptors(channels);
  // Had the parent died before it could be watched, nobody would read. (A namespace hides its pid.)
  pollfd report = {kReportFd, POLLOUT, 0};
  if (poll(&report, 1, 0) > 0 && (report.revents & POLLERR)) _exit(1);
  note = shared_note();
  // RLIMIT_NPROC counts all of a user's processes, and a user of its own has but the child. The
  // kernel exempts root, but not a container's that is somebody else outside.
  const bool shares_user = limits.isolation == Isolation::subreaper && limits.processes > 0;
  const int tasks = shares_user ? count_own_tasks() : 1;
  const Start start = before_child();
  const auto began = Clock::now();
  const pid_t guardian = getpid();
  Watched w;
  w.pid = note ? fork() : -1;
  if (w.pid == 0) run_child(limits, task, guardian, tasks);
  if (w.pid < 0) _exit(1);
  for (int fd = 0; fd <= kResultFd; fd++) close(fd);
  watch(w, set, limits.wall_seconds);
  const std::chrono::duration<double> wall = Clock::now() - began;
  clear_away(w, set, limits.isolation);
  ChildReport r = report_of(w, limits, !task.body, start);
  r.wall_seconds = wall.count();
  const bool said = write(kReportFd, &r, sizeof r) == static_cast<ssize_t>(sizeof r);
  _exit(said ? 0 : 1);
}

}  // namespace halcyon
