#include "suites/request/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "results/text/columns.h"
#include "results/text/terminal.h"

namespace halcyon {
namespace {

constexpr double kLineEvery = 10;  // seconds, in a log

int columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

double seconds_since(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
}

}  // namespace

std::optional<double> seconds_left(const std::vector<double>& ended, std::size_t steps) {
  constexpr std::size_t kLeastSteps = 4;
  constexpr double kLeastSeconds = 3, kEvenFrom = 0.35, kEvenTo = 0.65;
  if (ended.size() < kLeastSteps || ended.back() < kLeastSeconds) return std::nullopt;
  const double half = ended[ended.size() / 2 - 1] / ended.back();
  if (half < kEvenFrom || half > kEvenTo) return std::nullopt;
  return ended.back() / static_cast<double>(ended.size()) * static_cast<double>(steps);
}

std::string duration_text(double seconds) {
  const long whole = std::lround(std::fmax(seconds, 0));
  if (whole < 60) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

Progress::Style Progress::style_of_stderr() {
  return isatty(STDERR_FILENO) ? Style::terminal : Style::lines;
}

void Progress::begin(const std::string& phase, std::size_t total) {
  phase_ = phase;
  total_ = total;
  done_ = 0;
  ended_.clear();
  began_ = last_line_ = std::chrono::steady_clock::now();
  show("", true);
}

void Progress::step(const std::string& what) {
  done_++;
  ended_.push_back(seconds_since(began_));
  show(what, done_ == total_);
}

void Progress::now(const std::string& what) { show(what, false); }

void Progress::expect(std::size_t steps) { total_ += steps; }

void Progress::drop(std::size_t steps) { total_ -= std::min(steps, total_ - done_); }

void Progress::show(const std::string& what, bool at_an_end) {
  if (style_ == Style::silent) return;
  if (style_ == Style::lines && !at_an_end && seconds_since(last_line_) < kLineEvery) return;
  const bool known = total_ > 0;
  std::string line = phase_;
  if (known || done_ > 0) line += " " + std::to_string(done_);
  if (known) line += "/" + std::to_string(total_);
  if (!what.empty()) line += "  " + what;
  if (const auto left = known ? seconds_left(ended_, total_ - done_) : std::nullopt;
      left && done_ < total_)
    line += "  (" + duration_text(*left) + " left)";
  if (at_an_end && done_ > 0) line += "  in " + duration_text(seconds_since(began_));
  last_line_ = std::chrono::steady_clock::now();
  if (style_ == Style::lines) {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  const int width = columns() - 1;
  if (width_of(line) > width) line = fit(line, width);
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  shown_ = true;
}

void Progress::clear() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

void Progress::say(const std::string& line) {
  if (style_ == Style::silent) return;
  clear();
  std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace halcyon
