#include "suites/runner/process/surroundings.h"

#include <dirent.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <memory>

#include "suites/runner/process/cpu.h"

namespace halcyon {
namespace {

/// Entries of a folder; 0 when it cannot be read, as when no more files can be opened.
int count_entries(const char* path) {
  std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path), closedir);
  int count = 0;
  while (const dirent* entry = folder ? readdir(folder.get()) : nullptr)
    count += entry->d_name[0] != '.';
  return count;
}

bool has_children() {
  siginfo_t ended;
  return waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0;
}

bool same_signals(const sigset_t& a, const sigset_t& b) {
  for (int s = 1; s < NSIG; s++)
    if (sigismember(&a, s) != sigismember(&b, s)) return false;
  return true;
}

}  // namespace

Surroundings look_around() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // else a daemon would be out of sight
  Surroundings s;
  s.float_mode = float_mode();
  sigprocmask(SIG_BLOCK, nullptr, &s.blocked_signals);
  sched_getaffinity(0, sizeof s.cpus, &s.cpus);
  char folder[PATH_MAX];
  if (getcwd(folder, sizeof folder)) s.folder = folder;
  s.open_files = count_entries("/proc/self/fd");
  s.threads = count_entries("/proc/self/task");
  return s;
}

std::string changed_since(const Surroundings& before) {
  const Surroundings now = look_around();
  if (now.float_mode != before.float_mode) return "the rounding or denormal mode";
  if (!same_signals(now.blocked_signals, before.blocked_signals)) return "the signal mask";
  if (!CPU_EQUAL(&now.cpus, &before.cpus)) return "the CPUs it may run on";
  if (now.folder != before.folder) return "the working directory";
  if (now.open_files != before.open_files) return "the number of open files";
  if (now.threads != before.threads) return "the number of threads";
  return has_children() ? "the number of processes" : "";
}

}  // namespace halcyon
