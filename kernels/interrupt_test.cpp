#include "kernels/interrupt.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace halcyon {
namespace {

/// The exit code of a fork that does it; -signal when that ended it.
int in_child(const std::function<int()>& what) {
  const pid_t child = fork();
  if (child == 0) _exit(what());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// As another process sends it.
void send_by_another(int signal) {
  const pid_t target = getpid(), sender = fork();
  if (sender == 0) _exit(kill(target, signal));
  waitpid(sender, nullptr, 0);
}

int signal_of_throw() {
  try {
    throw_if_interrupted();
  } catch (const Interrupted& interrupted) {
    return interrupted.signal;
  }
  return 0;
}

TEST(InterruptTest, AllFourAreCaughtAndTheFirstIsTheOne) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    EXPECT_EQ(in_child([&] {
                catch_interrupts();
                if (signal_of_throw() != 0) return 1;
                send_by_another(signal);
                send_by_another(SIGTERM);
                send_by_another(signal);
                return signal_of_throw();
              }),
              signal);
}

TEST(InterruptTest, WhatIsIgnoredStaysIgnored) {
  EXPECT_EQ(in_child([] {
              signal(SIGHUP, SIG_IGN);  // nohup
              catch_interrupts();
              send_by_another(SIGHUP);
              return interrupted_by;
            }),
            0);
}

TEST(InterruptTest, APipeThatNobodyReadsIsAWriteThatFails) {
  EXPECT_EQ(in_child([] {
              catch_interrupts();
              int ends[2];
              if (pipe(ends) != 0) return 1;
              close(ends[0]);
              if (write(ends[1], "x", 1) != -1 || errno != EPIPE) return 2;
              return interrupted_by ? 3 : 0;
            }),
            0);
}

TEST(InterruptTest, NoFileTakesThePlaceOfAClosedStandardDescriptor) {
  EXPECT_EQ(in_child([] {
              for (int fd = 0; fd < 3; fd++) close(fd);
              open_standard_descriptors();
              const int file = open("/proc/self/exe", O_RDONLY);
              return file > 2 && write(1, "x", 1) == 1 ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace halcyon
