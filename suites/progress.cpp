#include "suites/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace halcyon {
namespace {

constexpr double kLineEvery = 10;  // seconds, in a log

std::size_t columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

double seconds_since(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
}

}  // namespace

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
  began_ = last_line_ = std::chrono::steady_clock::now();
  show("");
}

void Progress::step(const std::string& what) {
  done_++;
  show(what);
}

void Progress::expect(std::size_t steps) { total_ += steps; }

void Progress::drop(std::size_t steps) { total_ -= std::min(steps, total_ - done_); }

void Progress::show(const std::string& what) {
  if (style_ == Style::silent) return;
  const bool first = done_ == 0, last = done_ == total_, known = total_ > 0;
  if (style_ == Style::lines && !first && !last && seconds_since(last_line_) < kLineEvery) return;
  std::string line = phase_ + " " + std::to_string(done_);
  if (known) line += "/" + std::to_string(total_);
  if (!what.empty()) line += "  " + what;
  if (!first && !last && known)
    line += "  (" + duration_text(seconds_since(began_) / done_ * (total_ - done_)) + " left)";
  if (last && !first) line += "  in " + duration_text(seconds_since(began_));
  last_line_ = std::chrono::steady_clock::now();
  if (style_ == Style::lines) {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  if (line.size() >= columns()) line.resize(columns() - 1);
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
