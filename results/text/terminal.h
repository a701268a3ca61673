#pragma once
#include <string>

#include "schedules/compile/outcome.h"

namespace halcyon {

enum class Tint { none, dim, bold, blue, yellow, red };
/// Of the word of an outcome.
Tint tint_of(Outcome);

/// Wraps text in the escape sequences of one rendition, or leaves it as it is.
class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}
  std::string operator()(const std::string& text, Tint) const;

 private:
  bool colour_;
};

/// Cut to `width` characters with an ellipsis, or filled up with blanks behind or in front.
std::string fit(const std::string& text, int width, bool right = false);

/// Eighths of a character: 0 to 100 percent over `width`; more than 100 is drawn as 100.
std::string bar(double percent, int width);

/// "ok", or the outcome and why, in one printable line.
std::string outcome_text(Outcome, const std::string& detail);

}  // namespace halcyon
