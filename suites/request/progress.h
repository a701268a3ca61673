#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace halcyon {

/// What a person sees of long work, on stderr: one line rewritten in place on a terminal; else a
/// plain line now and then. Data never goes through here.
class Progress {
 public:
  enum class Style { terminal, lines, silent };
  explicit Progress(Style style) : style_(style) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void begin(const std::string& phase, std::size_t total);  // "compiling", 64; 0: nobody knows
  void step(const std::string& what);                       // one more is done; "dw3-28: 71 %"
  void now(const std::string& what);                        // what it is at: "round 3"
  void expect(std::size_t steps);                           // so many more will come
  void drop(std::size_t steps);                             // so many will not come
  void say(const std::string& line);                        // stays on the screen
  void clear();  // before something else is written to the same terminal
  static Style style_of_stderr();

 private:
  void show(const std::string& what, bool at_an_end);

  Style style_;
  std::string phase_;
  std::size_t total_ = 0, done_ = 0;
  std::chrono::steady_clock::time_point began_, last_line_;
  std::vector<double> ended_;  // seconds after the beginning, of each step
  bool shown_ = false;
};

/// "42 s", "3 min 10 s": for people.
std::string duration_text(double seconds);

/// Seconds that so many further steps take, from when each of those before it was done. None while
/// too little is known: few steps, little time, or an uneven pace, as where all cases of a bundle
/// are done at once.
std::optional<double> seconds_left(const std::vector<double>& ended, std::size_t steps);

}  // namespace halcyon
