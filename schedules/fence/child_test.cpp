#include "schedules/fence/child.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>

#include "kernels/error.h"
#include "schedules/fence/left_behind.h"
#include "schedules/fence/never_ends.h"

namespace halcyon {
namespace {

using Clock = std::chrono::steady_clock;

/// Memory that children share with the test.
template <class T>
T* shared() {
  void* page = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return new (page) T{};
}

TEST(Child, ExitCodeOutputAndResultArriveApart) {
  const Ended e = run_forked({}, [](int fd) {
    std::printf("to stdout;");
    std::fflush(stdout);
    std::fprintf(stderr, "to stderr;");
    std::printf("buffered");
    return write(fd, "the result", 10) == 10 ? 7 : 1;
  });
  EXPECT_EQ(e.how, Ended::exited);
  EXPECT_EQ(e.code, 7);
  EXPECT_EQ(e.output, "to stdout;to stderr;buffered");
  EXPECT_EQ(e.result, "the result");
  EXPECT_EQ(e.dropped_bytes, 0);
  EXPECT_GT(e.wall_seconds, 0);
  EXPECT_GT(e.peak_rss_bytes, 0);
}

TEST(Child, ASignalIsToldByNumber) {
  for (int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS, SIGUSR1}) {
    const Ended e = run_forked({}, [signal](int) {
      ::signal(signal, SIG_DFL);
      raise(signal);
      return 0;
    });
    EXPECT_EQ(e.how, Ended::signalled) << signal;
    EXPECT_EQ(e.code, signal);
  }
  Ended e;
  e.how = Ended::signalled;
  e.code = SIGSEGV;
  EXPECT_EQ(describe(e), "signal SIGSEGV");
}

// A CPU limit never ends a sleeper: only the wall clock does.
TEST(Child, ASleeperEndsAtTheWallLimit) {
  const Ended e = run_forked({.wall_seconds = 0.3, .cpu_seconds = 1}, [](int) {
    sleep_for_ever();
    return 0;
  });
  EXPECT_EQ(e.how, Ended::wall_timeout);
  EXPECT_GE(e.wall_seconds, 0.3);
}

TEST(Child, WhoIgnoresSigtermIsKilled) {
  const Ended e = run_forked({.wall_seconds = 0.2}, [](int) {
    for (int s = 1; s < NSIG; s++) signal(s, SIG_IGN);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    sleep_for_ever();
    return 0;
  });
  EXPECT_EQ(e.how, Ended::wall_timeout);
  EXPECT_EQ(e.code, SIGKILL);
}

// Catches an exit at the polite signal taken for a good end.
TEST(Child, AnExitAfterTheLimitIsStillATimeout) {
  const Ended e = run_forked({.wall_seconds = 0.2}, [](int) {
    signal(SIGTERM, [](int) { _exit(0); });
    sleep_for_ever();
    return 0;
  });
  EXPECT_EQ(e.how, Ended::wall_timeout);
}

TEST(Child, ASpinnerEndsAtTheCpuLimit) {
  const Ended e = run_forked({.wall_seconds = 60, .cpu_seconds = 0.5}, [](int) {
    spin();
    return 0;
  });
  EXPECT_EQ(e.how, Ended::cpu_timeout);
  // A whole second; what the kernel reports and what it limits differ a little.
  EXPECT_GE(e.cpu_seconds, 0.7);
}

TEST(Child, ASpinnerThatIgnoresSigxcpuEndsAtTheHardLimit) {
  const Ended e = run_forked({.wall_seconds = 60, .cpu_seconds = 1}, [](int) {
    signal(SIGXCPU, SIG_IGN);
    spin();
    return 0;
  });
  EXPECT_EQ(e.how, Ended::cpu_timeout);
  EXPECT_EQ(e.code, SIGKILL);
}

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

TEST(Child, ACrashWithLittleMemoryIsACrash) {
  const Ended e = run_forked({.memory_bytes = 8 * kGiB}, [](int) {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
    return 0;
  });
  EXPECT_EQ(e.how, Ended::signalled);
}

// 200 MB would fill a pipe 3000 times: catches a reader that stops, and one that keeps it all.
TEST(Child, AFloodOfOutputIsCappedAndCounted) {
  constexpr std::int64_t kFlood = 200 << 20;
  const Ended e = run_forked({.wall_seconds = 60, .output_bytes = 1000}, [](int) {
    const std::string block(1 << 20, 'x');
    for (int i = 0; i < 200; i++)
      if (write(1 + i % 2, block.data(), block.size()) != 1 << 20) return 1;
    return 0;
  });
  EXPECT_EQ(e.how, Ended::exited);
  EXPECT_EQ(e.code, 0);
  EXPECT_EQ(e.output, std::string(1000, 'x'));
  EXPECT_EQ(e.dropped_bytes, kFlood - 1000);
}

TEST(Child, AResultOfAMegabyteArrivesIntact) {
  std::string sent(1 << 20, '\0');
  std::iota(sent.begin(), sent.end(), 0);
  sent[12345] = 'x';
  const Ended e = run_forked({.wall_seconds = 60}, [&](int fd) {
    for (size_t at = 0; at < sent.size();) {
      const ssize_t put = write(fd, sent.data() + at, sent.size() - at);
      if (put <= 0) return 1;
      at += static_cast<size_t>(put);
    }
    return 0;
  });
  EXPECT_EQ(e.code, 0);
  EXPECT_TRUE(e.result == sent);
}

TEST(Child, IsFencedIn) {
  std::ofstream open_file(testing::TempDir() + "halcyon-open-file");
  const int session = getsid(0);
  const Ended e = run_forked({}, [&](int) {
    const std::filesystem::directory_iterator fds("/proc/self/fd");
    const auto count = std::distance(begin(fds), end(fds));
    if (count != 5) return 10 + static_cast<int>(count);  // 0 to 3, and the folder itself
    char byte;
    if (read(0, &byte, 1) != 0) return 2;
    if (getsid(0) == session || getpgrp() != getpid()) return 3;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return 4;
    rlimit core;
    getrlimit(RLIMIT_CORE, &core);
    if (core.rlim_max != 0) return 5;
    int death_signal = 0;
    prctl(PR_GET_PDEATHSIG, &death_signal);
    return death_signal == SIGKILL ? 0 : 6;
  });
  EXPECT_EQ(e.how, Ended::exited);
  EXPECT_EQ(e.code, 0);
}

TEST(Child, SignalsOfItsParentDoNotReachIt) {
  signal(SIGUSR1, SIG_IGN);
  sigset_t usr2, before;
  sigemptyset(&usr2);
  sigaddset(&usr2, SIGUSR2);
  sigprocmask(SIG_BLOCK, &usr2, &before);
  const Ended e = run_forked({}, [](int) {
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, nullptr, &blocked);
    struct sigaction action;
    sigaction(SIGUSR1, nullptr, &action);
    return sigismember(&blocked, SIGUSR2) || action.sa_handler != SIG_DFL;
  });
  sigset_t after;
  sigprocmask(SIG_SETMASK, &before, &after);
  signal(SIGUSR1, SIG_DFL);
  EXPECT_EQ(e.code, 0);
  EXPECT_TRUE(sigismember(&after, SIGUSR2)) << "the caller's own mask has changed";
}

TEST(Child, JobsRunSideBySideAndKeepTheirIndex) {
  struct Meeting {
    std::atomic<int> here;
  };
  auto* meeting = shared<Meeting>();
  std::vector<Body> bodies(2, [&](int) {
    meeting->here++;
    while (meeting->here < 2) usleep(1000);  // ends only when both run at once
    return 0;
  });
  for (int i = 2; i < 6; i++) bodies.push_back([i](int) { return i; });
  std::vector<int> codes(bodies.size(), -1);
  run_all({.wall_seconds = 60}, bodies, 2, [&](size_t i, Ended e) {
    EXPECT_EQ(e.how, Ended::exited) << describe(e);
    codes[i] = e.code;
  });
  EXPECT_EQ(codes, (std::vector<int>{0, 0, 2, 3, 4, 5}));
}

TEST(Child, NotMoreJobsThanAskedForRunAtOnce) {
  struct Count {
    std::atomic<int> now, most;
  };
  auto* count = shared<Count>();
  const std::vector<Body> bodies(6, [&](int) {
    const int now = ++count->now;
    if (now > count->most) count->most = now;
    usleep(20000);
    count->now--;
    return 0;
  });
  run_all({}, bodies, 2, [](size_t, Ended) {});
  EXPECT_LE(count->most, 2);
}

TEST(Program, GetsItsArgumentsAsTheyAre) {
  const Ended e = run_program({}, {"printf", "%s|", "a b", "$HOME", "`id`", "*"});
  EXPECT_EQ(e.code, 0);
  EXPECT_EQ(e.output, "a b|$HOME|`id`|*|");
}

TEST(Program, WritesItsResultToTheDescriptorItIsTold) {
  const Ended e =
      run_program({}, {"/bin/sh", "-c", "echo said; eval \"echo result >&${0#--fd=}\""}, "--fd=");
  EXPECT_EQ(e.output, "said\n");
  EXPECT_EQ(e.result, "result\n");
}

TEST(Program, ThatIsNotThereIsNamed) {
  for (const char* program : {"/no/such/program", "no-such-program", "/etc/passwd"}) {
    try {
      run_program({}, {program});
      FAIL() << program;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::infrastructure);
      EXPECT_NE(std::string(e.what()).find(program), std::string::npos) << e.what();
    }
  }
}

TEST(Program, RunsOnTheCpuItIsGiven) {
  const Ended e = run_program({}, {"grep", "Cpus_allowed_list", "/proc/self/status"}, "", 0);
  EXPECT_EQ(e.output, "Cpus_allowed_list:\t0\n");
}

TEST(Program, LimitsHoldAcrossExec) {
  const Ended e = run_program({.memory_bytes = kGiB, .file_bytes = 4096},
                              {"/bin/sh", "-c", "ulimit -v; ulimit -f; ulimit -c"});
  EXPECT_EQ(e.output, "1048576\n8\n0\n");
}

TEST(Program, MayHaveLessMemoryThanWhoStartsIt) {
  const std::vector<char> ours(256 << 20, 'x');
  std::vector<std::string> argv(100'000, "a");  // more than fits into what malloc has at hand
  argv[0] = "/bin/true";
  const Ended e = run_program({.memory_bytes = 64 << 20}, argv);
  EXPECT_EQ(e.how, Ended::exited) << e.output;
  EXPECT_EQ(e.code, 0) << e.output;
  EXPECT_EQ(ours.back(), 'x');
}

/// Forks a process that runs one sleeper under our functions, and waits until that sleeps.
int start_parent_of_sleeper(Isolation level, bool catching) {
  auto* asleep = shared<std::atomic<bool>>();
  const int parent = fork();
  if (parent == 0) {
    if (catching) catch_interrupts();
    try {
      run_forked({.isolation = level}, [&](int) {
        *asleep = true;
        sleep_for_ever();
        return 0;
      });
    } catch (const Interrupted& interrupted) {
      _exit(100 + interrupted.signal);
    }
    _exit(1);
  }
  while (!*asleep) usleep(1000);
  return parent;
}

TEST(Interrupt, KillsTheChildAndLetsTheParentFinish) {
  const LeftBehind left;
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    const int parent = start_parent_of_sleeper(strongest_isolation(), true);
    kill(parent, signal);
    int status = 0;
    waitpid(parent, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 100 + signal);
    EXPECT_EQ(left.processes(), 0);
  }
}

TEST(Interrupt, StartsNoFurtherChildAndReportsNoneThatItEnded) {
  const LeftBehind left;
  int reported = 0;
  const std::vector<Body> bodies(4, [](int) {
    sleep_for_ever();
    return 0;
  });
  interrupted_by = SIGTERM;
  EXPECT_THROW(run_all({}, bodies, 2, [&](size_t, Ended) { reported++; }), Interrupted);
  interrupted_by = 0;
  EXPECT_EQ(reported, 0);
  EXPECT_EQ(left.processes(), 0);
}

// A timing process tells each case as it ends: those stand.
TEST(Interrupt, BringsWhatTheChildHadToldByThen) {
  auto* told = shared<std::atomic<bool>>();
  const int parent = fork();
  if (parent == 0) {
    catch_interrupts();
    try {
      run_forked({}, [&](int fd) {
        if (write(fd, "one\n", 4) != 4) return 1;
        *told = true;
        sleep_for_ever();
        return 0;
      });
    } catch (const Interrupted& interrupted) {
      _exit(interrupted.told == "one\n" ? 100 : 2);
    }
    _exit(1);
  }
  while (!*told) usleep(1000);
  kill(parent, SIGTERM);
  int status = 0;
  waitpid(parent, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 100);
}

// A parent that is shot cannot clean up: the guardian does.
TEST(Interrupt, ADeadParentTakesTheChildWithIt) {
  for (int level = 0; level <= static_cast<int>(strongest_isolation()); level++) {
    const LeftBehind left;
    const int parent = start_parent_of_sleeper(static_cast<Isolation>(level), false);
    EXPECT_EQ(left.processes(), 3);  // parent, guardian, sleeper
    kill(parent, SIGKILL);
    waitpid(parent, nullptr, 0);
    for (int wait = 0; wait < 1000 && left.processes() > 0; wait++) usleep(10000);
    EXPECT_EQ(left.processes(), 0) << level;
  }
}

}  // namespace
}  // namespace halcyon
