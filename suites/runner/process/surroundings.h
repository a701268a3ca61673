#pragma once
#include <sched.h>
#include <signal.h>

#include <string>

namespace halcyon {

/// What a kernel finds in its process and must leave as it is, since whatever runs there after it
/// depends on it.
struct Surroundings {
  unsigned long float_mode = 0;  // rounding, denormals, traps; not what arithmetic notes there
  sigset_t blocked_signals{};
  cpu_set_t cpus{};
  std::string folder;
  int open_files = 0, threads = 0;
};
/// As they are now. From the first time on, orphans of this process are its children.
Surroundings look_around();
/// What is not as it was: "the rounding or denormal mode", "a process that still runs"; empty when
/// all is.
std::string changed_since(const Surroundings&);

}  // namespace halcyon
