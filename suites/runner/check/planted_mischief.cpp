// Kernels that harm the process, the machine or the run rather than their result, each with one
// fault planted: what fences a candidate in is tested on them.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

#include "schedules/fence/never_ends.h"
#include "suites/runner/check/planted.h"

using halcyon::sleep_for_ever;
using halcyon::spin;
using planted::Arguments;
using planted::compute;

namespace {

constexpr long kMiB = 1 << 20, kGiB = 1 << 30;

void block_signals() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
}

void write_out(int file) {
  static char block[kMiB];
  for (long written = 0; written < 10 * kGiB; written += kMiB)
    if (write(file, block, kMiB) < 0) return;
}

int do_right(void** args) {
  compute(Arguments(args));
  return 0;
}

}  // namespace

extern "C" {

// What does not come back. (Signals that need no set-up are among the planted bugs.)
int bug_sigbus_argv(void**) {
  void* page = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, fileno(std::tmpfile()), 0);
  return *static_cast<volatile char*>(page);  // the file has no first byte
}
int bug_exception_argv(void**) { throw std::runtime_error("away with me"); }
int bug_sleep_argv(void**) { sleep_for_ever(); }
int bug_ignored_sigterm_argv(void**) {
  signal(SIGTERM, SIG_IGN);
  sleep_for_ever();
}
int bug_blocked_signals_argv(void**) {
  block_signals();
  spin();
}
int bug_sigstop_argv(void**) { return raise(SIGSTOP); }
int bug_fork_bomb_argv(void**) {
  for (;;) fork();
}

// What stays when the result is there, and right.
int bug_children_left_argv(void** args) {
  for (int i = 0; i < 10000; i++)
    if (fork() == 0) sleep_for_ever();
  return do_right(args);
}
int bug_daemon_argv(void** args) {
  if (fork() == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    setsid();
    block_signals();
    sleep_for_ever();
  }
  return do_right(args);
}
int bug_thread_left_argv(void** args) {
  std::thread(spin).detach();
  return do_right(args);
}

// Memory, output, files.
int bug_memory_asked_argv(void** args) {
  void* scratch = halide_malloc(nullptr, 100 * kGiB);
  if (!scratch) return halide_error_code_out_of_memory;  // as compiled kernels do
  halide_free(nullptr, scratch);
  return do_right(args);
}
int bug_memory_touched_argv(void** args) {
  for (long taken = 0; taken < 100 * kGiB; taken += 16 * kMiB)
    std::memset(std::malloc(16 * kMiB), 1, 16 * kMiB);
  return do_right(args);
}
int bug_output_argv(void**) {
  write_out(1);
  spin();
}
int bug_big_file_argv(void** args) {
  write_out(open("big", O_CREAT | O_TRUNC | O_WRONLY, 0600));
  return do_right(args);
}
int bug_descriptors_argv(void** args) {
  for (int i = 0; i < 100000; i++)
    if (open("/dev/null", O_RDONLY) < 0) break;
  return do_right(args);
}

// Results that are none.
int bug_half_result_argv(void**) {
  constexpr char kHalf[] = "{\"nonce\": \"";
  for (int fd = 3; fd < 16; fd++)
    if (write(fd, kHalf, sizeof kHalf - 1) < 0) continue;
  _exit(0);
}
int bug_two_results_argv(void** args) {
  static bool first = true;
  if (std::exchange(first, false)) waitpid(fork(), nullptr, 0);  // one after the other goes on
  return do_right(args);
}

// Surroundings that are not as they were.
int bug_denormals_argv(void** args) {
  do_right(args);
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() ^ 0x8000);
#elif defined(__aarch64__)
  __builtin_aarch64_set_fpcr(__builtin_aarch64_get_fpcr() ^ 1u << 24);
#endif
  return 0;
}
int bug_rounding_argv(void** args) {
  do_right(args);
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x6000);
#elif defined(__aarch64__)
  __builtin_aarch64_set_fpcr(__builtin_aarch64_get_fpcr() | 3u << 22);
#endif
  return 0;
}
int bug_signal_mask_argv(void** args) {
  block_signals();
  return do_right(args);
}
int bug_working_directory_argv(void** args) { return chdir("/") + do_right(args); }
int bug_affinity_argv(void** args) {
  cpu_set_t cpus;
  sched_getaffinity(0, sizeof cpus, &cpus);
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET(cpu, &cpus)) {
      CPU_CLR(cpu, &cpus);
      break;
    }
  sched_setaffinity(0, sizeof cpus, &cpus);
  return do_right(args);
}

}  // extern "C"
