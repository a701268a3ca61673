#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "kernels/error.h"

namespace halcyon {

/// One line of a schedule: `stage: op arg arg ...   # comment`. Plain data; docs:
/// schedules/README.md.
struct Step {
  std::string stage;              // "out", "acc.update", "out.update1"
  std::string op;                 // a word of step_ops()
  std::vector<std::string> args;  // checked against its row
  int line = 0;                   // in the text it came from; 0: made by a recipe
  bool operator==(const Step& o) const { return stage == o.stage && op == o.op && args == o.args; }
};
using Schedule = std::vector<Step>;

/// The grammar, one row per op; drives parsing, printing, error texts and `halcyon list steps`.
/// Argument codes: L existing loop or axis, N new loop, I integer >= 1, T tail word, S stage, F new
/// stage, M memory word, W pad word, A activation, V form level (integer >= -1); `?` optional,
/// `+` one or more, `*` any number, for one argument or a group in parentheses.
struct StepOp {
  const char *word, *args, *help;
  bool rewrites;  // changes the algorithm; stands before the first directive
};
const std::vector<StepOp>& step_ops();
const StepOp* find_step_op(std::string_view word);  // null when there is none

/// Reads a schedule. Throws Error (exit 2): "line 3: 'acc: splitt x': no op 'splitt', did you mean
/// 'split'? ...".
Schedule parse_schedule(std::string_view text);
std::string to_text(const Step&);
std::string to_text(const Schedule&);  // one line per step, each ending in a newline
/// Signature only; throws Error naming the step.
void check_step(const Step&);
/// Every step, and that rewrites stand before the first directive. parse_schedule() has done it.
void check_schedule(const Schedule&);
/// "line 3: 'acc: split x xo xi 6': why" (without "line" when the step came from a recipe).
Error step_error(const Step&, const std::string& why);

/// A piece of a divided axis: `length` elements from `start`, in tiles of `tile`, which divides
/// length.
struct Piece {
  int start, length, tile;
  bool operator==(const Piece&) const = default;
};
/// The pieces that `divide L most` makes of an axis: tiles of at most `most` elements whose sizes
/// differ by at most one, the larger first. 49 points, 6: {0, 24, 6}, {24, 25, 5}. Piece i is the
/// stage's update i and has the copies NAME_i. One piece when all tiles are equal.
std::vector<Piece> divide_evenly(int extent, int most);

/// Collects steps: `steps("out", "split", "x", "xo", "xi", 6)`.
class Steps {
 public:
  template <class... Args>
  Steps& operator()(std::string stage, const char* op, const Args&... args) {
    Step s{std::move(stage), op, {}, 0};
    (append(s, args), ...);
    schedule_.push_back(std::move(s));
    return *this;
  }
  void append(const Schedule& more) { schedule_.insert(schedule_.end(), more.begin(), more.end()); }
  const Schedule& schedule() const { return schedule_; }

 private:
  static void append(Step& s, int v) { s.args.push_back(std::to_string(v)); }
  static void append(Step& s, std::string_view v) {  // an empty word is left out
    if (!v.empty()) s.args.emplace_back(v);
  }
  static void append(Step& s, const std::vector<std::string>& v) {
    for (const auto& x : v) append(s, x);
  }
  Schedule schedule_;
};

}  // namespace halcyon
