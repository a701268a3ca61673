#include "schedules/fence/child.h"

#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cstring>
#include <list>
#include <sstream>

#include "kernels/error.h"
#include "schedules/fence/running_child.h"

namespace halcyon {

namespace {

/// One of several that run at once.
struct Running : RunningChild {
  Running(const Limits& limits, const Task& task, std::size_t number)
      : RunningChild(limits, task), index(number) {}
  const std::size_t index;
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

/// Kills them all.
[[noreturn]] void end_by_interrupt(std::list<Running>& running) {
  Interrupted interrupted;
  for (const Running& r : running) r.stop();
  for (Running& r : running) interrupted.told = r.finish().result;
  throw interrupted;
}

/// Runs `tasks`, at most `jobs` at once; `done` may take the Running's end.
void run_tasks(const Limits& limits, std::size_t tasks, int jobs,
               const std::function<Task(std::size_t)>& task_of,
               const std::function<void(Running&)>& done) {
  const SignalsBlocked blocked;
  std::list<Running> running;
  for (std::size_t next = 0; next < tasks || !running.empty();) {
    if (interrupted_by) end_by_interrupt(running);
    while (next < tasks && running.size() < static_cast<std::size_t>(std::max(jobs, 1))) {
      running.emplace_back(limits, task_of(next), next);
      next++;
    }
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

}  // namespace

void run_all(const Limits& limits, const std::vector<Body>& bodies, int jobs,
             const std::function<void(std::size_t, Ended)>& done) {
  run_tasks(
      limits, bodies.size(), jobs, [&](std::size_t i) { return Task{.body = bodies[i]}; },
      [&](Running& r) { done(r.index, r.finish()); });
}

Ended run_forked(const Limits& limits, const Body& body) {
  Ended ended;
  run_all(limits, {body}, 1, [&](std::size_t, Ended e) { ended = std::move(e); });
  return ended;
}

Ended run_program(const Limits& limits, const std::vector<std::string>& argv,
                  const std::string& result_fd_flag, int cpu) {
  Task task{.argv = argv};
  if (cpu >= 0) task.cpus = {cpu};
  task.argv[0] = find_program(argv[0]);
  if (!result_fd_flag.empty()) task.argv.push_back(result_fd_flag + std::to_string(kResultFd));
  Ended ended;
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

}  // namespace halcyon
