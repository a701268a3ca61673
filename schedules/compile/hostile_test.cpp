// The catalogue of what a compilation may do to us: LLVM, a plugin or a schedule library gone
// wrong. Each row is run in the place of a compiler, at every level of isolation that this machine
// has, and must get its outcome in time and leave no process and no file behind.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <thread>

#include "schedules/compile/compile.h"
#include "schedules/compile/emit.h"
#include "schedules/fence/left_behind.h"
#include "schedules/fence/never_ends.h"

namespace halcyon {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
constexpr std::int64_t kMiB = 1 << 20, kGiB = 1 << 30;

/// As a compiler that has done its work.
int done(int fd) { return write(fd, kEmitDone, 4) == 4 ? 0 + emit_ok : 1; }

void block_signals() {
  for (int s = 1; s < NSIG; s++) signal(s, SIG_IGN);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
}

/// Of the page behind the end of a file, as of a library that was cut short.
int touch_beyond_file(int) {
  std::FILE* file = std::tmpfile();
  void* page = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, fileno(file), 0);
  return *static_cast<volatile char*>(page);
}

int recurse(int depth) {
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return depth < 0 ? frame[0] : recurse(depth + 1) + frame[0];
}

int touch_memory(std::int64_t bytes) {
  constexpr std::int64_t kBlock = 16 * kMiB;
  for (std::int64_t taken = 0; taken < bytes; taken += kBlock) {
    auto* block = static_cast<volatile char*>(std::malloc(kBlock));
    for (int at = 0; at < kBlock; at += 4096) block[at] = 1;
  }
  return 0;
}

int write_out(int fd, std::int64_t bytes) {
  const std::string block(kMiB, 'x');
  for (std::int64_t written = 0; written < bytes; written += kMiB)
    if (write(fd, block.data(), block.size()) < 0) return 1;
  return 0;
}

int open_descriptors(int wanted) {
  for (int i = 0; i < wanted; i++)
    if (open("/dev/null", O_RDONLY) < 0) return 1;
  return 0;
}

/// As a daemon does it: a session of its own, an orphan, deaf to the polite signal.
void leave_daemon() {
  if (fork() != 0) return;
  setsid();
  if (fork() != 0) _exit(0);
  setsid();
  block_signals();
  sleep_for_ever();
}

int fork_bomb(int fd) {
  int born = 0;
  for (int i = 0; i < 10000; i++) {
    const int pid = fork();
    if (pid == 0) sleep_for_ever();
    born += pid > 0;
  }
  std::printf("%d born\n", born);
  return done(fd);
}

struct Fault {
  const char* name;
  Body body;
  Outcome outcome;
  const char* detail;  // a part of it
};

const std::vector<Fault>& faults() {
  using enum Outcome;
  static const std::vector<Fault> all = {
      {"none", done, ok, ""},
      // Signals.
      {"sigsegv", [](int) { return raise(SIGSEGV); }, compile_crash, "signal SIGSEGV"},
      {"sigabrt", [](int) { return raise(SIGABRT); }, compile_crash, "signal SIGABRT"},
      {"sigfpe", [](int) { return raise(SIGFPE); }, compile_crash, "signal SIGFPE"},
      {"sigill", [](int) { return raise(SIGILL); }, compile_crash, "signal SIGILL"},
      {"sigbus", touch_beyond_file, compile_crash, "signal SIGBUS"},
      {"stack overflow", [](int) { return recurse(0); }, compile_crash, "signal SIGSEGV"},
      {"exception", [](int) -> int { throw std::runtime_error("away with me"); }, compile_crash,
       "away with me"},
      // Time.
      {"endless loop", [](int) -> int { spin(); }, compile_timeout, "out of time"},
      {"sleep", [](int) -> int { sleep_for_ever(); }, compile_timeout, "out of time"},
      {"ignored SIGTERM", [](int) -> int { signal(SIGTERM, SIG_IGN), sleep_for_ever(); },
       compile_timeout, "out of time"},
      {"blocked signals", [](int) -> int { block_signals(), spin(); }, compile_timeout,
       "out of time"},
      {"SIGSTOP", [](int) { return raise(SIGSTOP); }, compile_timeout, "out of time"},
      {"exit at the limit",
       [](int) -> int { signal(SIGTERM, [](int) { _exit(0); }), sleep_for_ever(); },
       compile_timeout, "out of time"},
      // Processes. Those that did their work are right; what they left must be gone.
      {"daemon", [](int fd) { return leave_daemon(), done(fd); }, ok, ""},
      {"daemons and a hang", [](int) -> int { leave_daemon(), leave_daemon(), sleep_for_ever(); },
       compile_timeout, "out of time"},
      {"thread", [](int fd) { return std::thread(spin).detach(), done(fd); }, ok, ""},
      // Memory, output, files.
      {"100 GB asked", [](int) { return std::vector<char>(100 * kGiB)[0] + 0; }, compile_oom,
       "out of memory"},
      {"100 GB touched", [](int) { return touch_memory(100 * kGiB); }, compile_oom,
       "out of memory"},
      {"10 GB of output", [](int) { return write_out(1, 10 * kGiB), spin(), 0; }, compile_timeout,
       "out of time"},
      {"big file",
       [](int) { return write_out(open("big", O_CREAT | O_TRUNC | O_WRONLY, 0600), 10 * kGiB); },
       compile_crash, "signal SIGXFSZ"},
      {"100000 descriptors", [](int) { return open_descriptors(100000); }, compile_crash,
       "exit code 1"},
      // Results.
      {"no result", [](int) -> int { _exit(0); }, compile_crash, "exit code 0 without a result"},
      {"half a result", [](int fd) { return write(fd, kEmitDone, 2) == 2 ? 0 : 1; }, compile_crash,
       "exit code 0 without a result"},
      {"two results", [](int fd) { return done(fd), done(fd); }, compile_crash,
       "exit code 0 without a result"},
      {"forged result", [](int) { return std::puts(kEmitDone), 0; }, compile_crash,
       "exit code 0 without a result"},
  };
  return all;
}

/// The levels that can be had here, weakest first.
std::vector<Isolation> levels() {
  std::vector<Isolation> all;
  for (int i = 0; i <= static_cast<int>(strongest_isolation()); i++)
    all.push_back(static_cast<Isolation>(i));
  return all;
}

Limits small_limits(const Fault& fault, Isolation level) {
  return {.wall_seconds = fault.outcome == Outcome::compile_timeout ? 0.2 : 20,
          .memory_bytes = kGiB / 2,
          .file_bytes = kMiB,
          .output_bytes = 1000,
          .isolation = level};
}

TEST(Hostile, EveryFaultOfACompilationGetsItsOutcomeAndLeavesNothing) {
  // The best of this machine, and what every machine has.
  for (const Isolation level : std::set{Isolation::subreaper, strongest_isolation()})
    for (const Fault& fault : faults()) {
      if (kSanitized && fault.outcome == Outcome::compile_oom) continue;  // without a limit there
      SCOPED_TRACE(fault.name + (" at " + to_text(level)));
      const LeftBehind left;
      const Limits limits = small_limits(fault, level);
      const Ended ended = run_forked(limits, fault.body);
      std::string detail;
      EXPECT_EQ(to_text(compile_outcome(ended, &detail)), to_text(fault.outcome)) << detail;
      EXPECT_NE(detail.find(fault.detail), detail.npos) << detail;
      EXPECT_LE(ended.wall_seconds, limits.wall_seconds + 1);
      EXPECT_LE(ended.output.size(), 1000u);
      EXPECT_EQ(left.processes(), 0);
      std::remove("big");  // it asked for it by name
      EXPECT_EQ(left.files(), 0);
    }
}

/// A schedule that Halide or LLVM does not survive.
struct Trap {
  const char* problem;
  Schedule schedule;
  double wall_seconds;
  Outcome outcome;
  const char* detail;
};

std::vector<Trap> traps() {
  using enum Outcome;
  return {
      {"1x1x1x65536 | relu", parse_schedule("out: vectorize c 65536"), 20, compile_error,
       "up to 65535 lanes"},
      {"1x1x1x100000 | relu", parse_schedule("out: unroll c"), 60, compile_crash, "SIGSEGV"},
      // Would be done after 20 s; it is cut before.
      {"1x1x1x8192 | gelu", parse_schedule("out: vectorize c 4096"), 0.5, compile_timeout,
       "out of time"},
      // A text with this line is refused before it is a candidate.
      {"1x4x4x16 | relu", Steps()("out", "split", "c", "co", "ci", 0).schedule(), 20, compile_error,
       ""},
      // Not done after 120 s, and some 20 minutes if time goes with the square of the lanes.
      {"1x1x1x65528 | gelu", parse_schedule("out: vectorize c 32764"), 0.5, compile_timeout,
       "out of time"},
  };
}

TEST(Hostile, HalidesOwnTrapsAreOutcomesAndTheNextCandidateIsFine) {
  const LeftBehind left;
  const Target target = find_target("x86-avx2", HALCYON_SOURCE_DIR "/schedules/targets");
  Compiler compiler("cache");
  int channels = 8;  // another for each good one, or it came from the cache
  for (const Trap& trap : traps()) {
    SCOPED_TRACE(trap.problem + ("\n" + to_text(trap.schedule)));
    CompileOptions options;
    options.limits.wall_seconds = trap.wall_seconds;
    const Compiled bad =
        compiler.compile({Problem::parse(trap.problem), trap.schedule, target}, options);
    EXPECT_EQ(to_text(bad.outcome), to_text(trap.outcome)) << bad.detail;
    EXPECT_NE(bad.detail.find(trap.detail), bad.detail.npos) << bad.detail;
    EXPECT_LE(bad.seconds, trap.wall_seconds + 1);
    EXPECT_EQ(left.processes(), 0);
    const std::string problem = "1x4x4x" + std::to_string(channels += 8) + " | relu";
    const Compiled good = compiler.compile({Problem::parse(problem), {}, target});
    EXPECT_EQ(good.outcome, Outcome::ok) << good.detail;
  }
  for (const auto& entry : std::filesystem::directory_iterator("cache"))
    EXPECT_FALSE(entry.path().filename().string().starts_with("tmp-")) << entry.path();
}

/// Runs a fork bomb, and tells how many it bore; the machine must not notice.
int born_at(Isolation level) {
  const LeftBehind left;
  const Ended ended = run_forked({.wall_seconds = 20, .isolation = level}, fork_bomb);
  EXPECT_EQ(left.processes(), 0);
  std::string detail;
  EXPECT_EQ(compile_outcome(ended, &detail), Outcome::ok) << detail;
  return std::atoi(ended.output.c_str());
}

// The kernel exempts root from RLIMIT_NPROC: catches a child that is still root.
TEST(Hostile, AForkBombIsStoppedAtItsLimit) {
  for (const Isolation level : levels()) {
    if (level == Isolation::subreaper && geteuid() == 0) continue;
    const int born = born_at(level);
    EXPECT_LE(born, 64) << to_text(level);
    // Without a user of its own, others of the user count, too, and may begin meanwhile.
    EXPECT_GT(born, level == Isolation::subreaper ? 0 : 63) << to_text(level);
  }
}

TEST(Hostile, UnprivilegedUsersAreSafeToo) {
  if (strongest_isolation() == Isolation::subreaper) GTEST_SKIP() << "as the other tests are here";
  const pid_t pid = fork();
  if (pid == 0) {
    constexpr uid_t kNobody = 65534;
    if (setresuid(kNobody, kNobody, kNobody) != 0) _exit(1);
    const Ended ended =
        run_forked({.wall_seconds = 20, .isolation = Isolation::subreaper}, fork_bomb);
    // Other processes of the user count, and may end meanwhile.
    const int born = std::atoi(ended.output.c_str());
    _exit(ended.how == Ended::exited && born > 0 && born <= 64 ? 0 : 2);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Hostile, NobodyElsesProcessesCanBeKilled) {
  if (strongest_isolation() == Isolation::subreaper) GTEST_SKIP() << "not at this level";
  for (const Isolation level : levels()) {
    if (level == Isolation::subreaper) continue;
    const Ended ended = run_forked({.wall_seconds = 20, .isolation = level}, [](int fd) {
      if (kill(getppid(), SIGKILL) == 0 || kill(-getppid(), SIGKILL) == 0) return 1;
      if (setresuid(0, 0, 0) == 0 || setpriority(PRIO_PROCESS, 0, -5) == 0) return 2;
      return done(fd);
    });
    EXPECT_EQ(ended.how, Ended::exited) << describe(ended);
    EXPECT_EQ(ended.code, 0) << to_text(level);
  }
}

// Without it a compiler could not write into the cache of root, nor a program read its bundle.
TEST(Hostile, FilesOfOursCanBeReadAndWritten) {
  for (const Isolation level : levels()) {
    const LeftBehind left;
    std::ofstream("secret") << "text";
    std::filesystem::permissions("secret", std::filesystem::perms::owner_read);
    std::filesystem::permissions(".", std::filesystem::perms::owner_all);
    const Ended ended = run_forked({.isolation = level}, [](int) {
      std::string word;
      std::ifstream("secret") >> word;
      return word == "text" && std::ofstream("made") << "too" ? 0 : 1;
    });
    EXPECT_EQ(ended.code, 0) << to_text(level);
    struct stat made;
    ASSERT_EQ(stat("made", &made), 0);
    EXPECT_EQ(made.st_uid, geteuid()) << to_text(level);
    const Ended program = run_program({.isolation = level}, {"cat", "secret"});
    EXPECT_EQ(program.output, "text") << to_text(level);
  }
}

TEST(Hostile, RecordsSayTheLevel) {
  EXPECT_EQ(isolation_level(), to_text(strongest_isolation()));
  std::set<std::string> lines;
  for (const Isolation level : levels()) lines.insert(to_text(level));
  EXPECT_EQ(lines.size(), levels().size());
}

}  // namespace
}  // namespace halcyon
