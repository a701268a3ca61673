#include "schedules/fence/running_child.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "kernels/error.h"

namespace halcyon {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kMostResultBytes = 64 << 20;

Error no_child(const std::string& what) {
  return {Exit::environment, what + ": " + std::strerror(errno)};
}

Limits possible(Limits limits) {
  limits.isolation = std::min(limits.isolation, strongest_isolation());
  return limits;
}

}  // namespace

Pipe::Pipe() {
  if (pipe2(fds_, O_CLOEXEC) != 0) throw no_child("no pipe for a child process");
  fcntl(fds_[0], F_SETFL, O_NONBLOCK);
}

Pipe::~Pipe() {
  close(fds_[0]);
  close_writing();
}

void Pipe::close_writing() {
  if (fds_[1] >= 0) close(std::exchange(fds_[1], -1));
}

std::int64_t Pipe::drain(std::string& kept, std::int64_t most) {
  char chunk[1 << 16];
  std::int64_t dropped = 0;
  constexpr int kTurns = 16;  // who writes without end must not keep us from the others
  for (int turn = 0; turn < kTurns && !ended_; turn++) {
    const ssize_t got = read(fds_[0], chunk, sizeof chunk);
    if (got < 0) break;  // nothing there: all signals are blocked, so it is not EINTR
    ended_ = got == 0;
    const auto room = std::max<std::int64_t>(0, most - static_cast<std::int64_t>(kept.size()));
    const auto taken = std::min<std::int64_t>(room, got);
    kept.append(chunk, static_cast<size_t>(taken));
    dropped += got - taken;
  }
  return dropped;
}

RunningChild::RunningChild(const Limits& limits, const Task& task, int input)
    : limits_(possible(limits)), began_(Clock::now()) {
  std::fflush(nullptr);  // or the child would have our unwritten output, too
  guardian_ = fork_into(limits_.isolation);
  if (guardian_ < 0) throw no_child("cannot start a child process");
  if (guardian_ == 0)
    guard(limits_, task, {output_.writing(), result_.writing(), report_.writing(), input});
  for (Pipe* p : {&output_, &result_, &report_}) p->close_writing();
}

RunningChild::~RunningChild() {
  if (guardian_ == 0) return;
  stop();
  finish();
}

void RunningChild::add_to(std::vector<pollfd>& fds) const {
  for (const Pipe* p : {&output_, &result_, &report_}) fds.push_back(p->to_poll());
}

bool RunningChild::take() {
  ended_.dropped_bytes += output_.drain(ended_.output, limits_.output_bytes);
  result_.drain(ended_.result, kMostResultBytes);
  report_.drain(report_bytes_, sizeof(ChildReport));
  return report_.ended();
}

int RunningChild::left() const {
  if (limits_.wall_seconds <= 0) return -1;
  constexpr double kSlack = 5;  // its 200 ms of grace, 2 s of clearing away, and a loaded machine
  const std::chrono::duration<double> ran = Clock::now() - began_;
  return static_cast<int>(1e3 * std::clamp(limits_.wall_seconds + kSlack - ran.count(), 0., 1e6));
}

Ended RunningChild::finish(int* exec_errno) {
  waitpid(guardian_, nullptr, 0);
  guardian_ = 0;
  take();
  ChildReport r;
  if (report_bytes_.size() == sizeof r) {
    std::memcpy(&r, report_bytes_.data(), sizeof r);
  } else {
    r.how = Ended::signalled;  // somebody killed the guardian, and the child died with it
    r.code = SIGKILL;
  }
  ended_.how = r.how;
  ended_.code = r.code;
  ended_.wall_seconds = r.wall_seconds;
  ended_.cpu_seconds = r.cpu_seconds;
  ended_.peak_rss_bytes = r.peak_rss_bytes;
  if (exec_errno) *exec_errno = r.exec_errno;
  return std::move(ended_);
}

std::string find_program(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = (folder.empty() ? "." : folder) + "/" + program;
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  throw Error(Exit::infrastructure, "cannot run " + program + ": it is not in the PATH");
}

}  // namespace halcyon
