#include "schedules/fence/dialogue.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "kernels/error.h"
#include "schedules/fence/output_lines.h"
#include "schedules/fence/running_child.h"

namespace halcyon {
namespace {

using Clock = std::chrono::steady_clock;

/// Takes the first line out of a text; none when it has no end yet.
std::optional<std::string> take_line(std::string& text) {
  const auto end = text.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = text.substr(0, end);
  text.erase(0, end + 1);
  return line;
}

}  // namespace

/// A socket, not a pipe: send() can be told to raise no signal when nobody reads.
struct Dialogue::Ends {
  Ends() {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
      throw Error(Exit::environment,
                  std::string("no socket for a child process: ") + std::strerror(errno));
  }
  ~Ends() {
    close(fds[0]);
    close(fds[1]);
  }
  int fds[2];
};

Dialogue::Dialogue(const Limits& limits, std::vector<std::string> argv,
                   const std::string& answer_fd_flag, const std::vector<int>& cpus)
    : program_(argv.at(0)), ends_(std::make_unique<Ends>()) {
  Task task{.argv = std::move(argv), .cpus = cpus};
  task.argv[0] = find_program(program_);
  task.argv.push_back(answer_fd_flag + std::to_string(kResultFd));
  const SignalsBlocked blocked;
  child_ = std::make_unique<RunningChild>(limits, task, ends_->fds[1]);
}

Dialogue::~Dialogue() {
  const SignalsBlocked blocked;
  child_.reset();
}

Reply Dialogue::give_up(Reply::How how, const std::string& why) {
  child_->stop();
  int exec_errno = 0;
  const Ended ended = child_->finish(&exec_errno);
  Reply reply{how, why.empty() ? halcyon::describe(ended) : why};
  if (exec_errno) reply.text = program_ + ": " + std::strerror(exec_errno);
  if (const std::string said = last_line(ended.output); !said.empty()) reply.text += ": " + said;
  last_ = reply;
  return reply;
}

Reply Dialogue::ask(const std::string& line, double seconds) {
  if (last_) {
    throw_if_interrupted();
    return *last_;
  }
  const SignalsBlocked blocked;
  child_->take();
  child_->result().clear();  // what nobody asked for answers nothing
  const std::string request = line + "\n";
  const auto size = static_cast<ssize_t>(request.size());
  // Who has gone, or does not read, is found out below.
  const bool sent =
      send(ends_->fds[0], request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == size;
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  for (;;) {
    const bool gone = child_->take();
    if (const auto answer = take_line(child_->result()); answer && sent)
      return {Reply::answered, *answer};
    if (gone) return give_up(Reply::ended, "");
    if (interrupted_by) {
      give_up(Reply::ended, "interrupted");
      throw Interrupted{};
    }
    const std::chrono::duration<double> left = until - Clock::now();
    if (left.count() <= 0) {
      char text[32];
      std::snprintf(text, sizeof text, "%.3g", seconds);
      return give_up(Reply::late, "no answer within " + std::string(text) + " s to '" + line + "'");
    }
    std::vector<pollfd> fds;
    child_->add_to(fds);
    const auto ns = static_cast<long>(left.count() * 1e9);
    const timespec time = {ns / 1'000'000'000, ns % 1'000'000'000};
    ppoll(fds.data(), fds.size(), &time, &blocked.before);
  }
}

}  // namespace halcyon
