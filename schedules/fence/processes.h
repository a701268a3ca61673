#pragma once
#include <cstdint>

namespace halcyon {

/// Sends SIGKILL to all descendants of this process, in one pass over the process table. Those that
/// were forked meanwhile are for the next pass.
void kill_descendants();
/// Threads of this user's processes: what the kernel counts against RLIMIT_NPROC.
int count_own_tasks();
/// Processes that the kernel has killed for want of memory since it started; 0 when it does not
/// say.
std::int64_t count_oom_kills();

}  // namespace halcyon
