#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schedules/fence/child.h"

namespace halcyon {

/// What came of one request.
struct Reply {
  /// answered: `text` is the line without its end. ended: the program has gone; `text` says how,
  /// with the last that it printed. late: it was given up and killed.
  enum How { answered, ended, late } how = answered;
  std::string text;
};

/// A program that is asked line by line: requests on its stdin, answers on the descriptor that the
/// last word of its command line names. What it prints on stdout and stderr is kept for the reason
/// that is given when it fails. Fenced in as by run_program; all that descends from it goes with
/// this object, and whatever happens to this process.
class Dialogue {
 public:
  /// `cpus`: pinned to these; empty: not. Error (exit 4) when there can be no child, (exit 5) when
  /// no such program is in the PATH; one that cannot be started gives `ended` when it is asked.
  Dialogue(const Limits&, std::vector<std::string> argv, const std::string& answer_fd_flag,
           const std::vector<int>& cpus);
  ~Dialogue();
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;

  /// Sends a line (without its end) and waits for one. After anything but `answered` the program is
  /// gone, and every further reply is that one. Throws Interrupted; the program is gone then, too.
  Reply ask(const std::string& line, double seconds);

 private:
  struct Ends;  // of the socket that is the child's stdin
  Reply give_up(Reply::How, const std::string& why);

  std::string program_;
  std::unique_ptr<Ends> ends_;
  std::unique_ptr<class RunningChild> child_;
  std::optional<Reply> last_;
};

}  // namespace halcyon
