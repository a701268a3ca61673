#include "schedules/fence/processes.h"

#include <dirent.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace halcyon {
namespace {

/// A process as /proc/<pid>/stat has it; pid 0 when it has gone.
struct Process {
  int pid = 0, parent = 0, threads = 0;
};

Process read_process(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  // "pid (name) state ppid ...", num_threads is field 20; the name may hold spaces and parentheses.
  const size_t name_end = text.rfind(')');
  Process p;
  if (name_end == std::string::npos ||
      std::sscanf(text.c_str() + name_end + 1,
                  " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %d",
                  &p.parent, &p.threads) != 2)
    return {};
  p.pid = pid;
  return p;
}

std::vector<Process> read_processes() {
  std::vector<Process> processes;
  DIR* folder = opendir("/proc");
  if (!folder) return processes;
  while (const dirent* entry = readdir(folder))
    if (const int pid = std::atoi(entry->d_name))
      if (const Process p = read_process(pid); p.pid) processes.push_back(p);
  closedir(folder);
  return processes;
}

}  // namespace

void kill_descendants() {
  std::multimap<int, int> children;
  for (const Process& p : read_processes()) children.emplace(p.parent, p.pid);
  std::vector<int> todo = {getpid()};
  while (!todo.empty()) {
    const auto [first, last] = children.equal_range(todo.back());
    todo.pop_back();
    for (auto it = first; it != last; ++it) {
      kill(it->second, SIGKILL);
      todo.push_back(it->second);
    }
  }
}

int count_own_tasks() {
  int tasks = 0;
  for (const Process& p : read_processes()) {
    struct stat owner;
    const std::string folder = "/proc/" + std::to_string(p.pid);
    if (stat(folder.c_str(), &owner) == 0 && owner.st_uid == getuid()) tasks += p.threads;
  }
  return tasks;
}

std::int64_t count_oom_kills() {
  std::ifstream file("/proc/vmstat");
  std::string name;
  for (std::int64_t value = 0; file >> name >> value;)
    if (name == "oom_kill") return value;
  return 0;
}

}  // namespace halcyon
