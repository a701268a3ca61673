#include "kernels/algorithms/algorithm_text.h"

#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Internal::Function;

std::string list(const std::vector<Expr>& at) {
  std::ostringstream text;
  for (std::size_t i = 0; i < at.size(); i++) text << (i ? ", " : "") << at[i];
  return text.str();
}

/// Without what Halide adds for itself: casts spelt in full, marks for loop partitioning, suffixes.
std::string tidy(std::string text) {
  static const std::pair<std::regex, const char*> rules[] = {
      {std::regex("\\(float32\\)"), ""},
      {std::regex("\\$[0-9]+"), ""},
      {std::regex("_im\\b"), ""},
      {std::regex("\\bhalcyon_"), ""},
      {std::regex("likely(_if_innermost)?\\("), "("}};
  for (const auto& [pattern, with] : rules) text = std::regex_replace(text, pattern, with);
  return text;
}

void print(const Function& f, std::set<std::string>& done, std::ostringstream& text) {
  if (!done.insert(f.name()).second) return;
  for (const auto& [name, callee] : Halide::Internal::find_direct_calls(f))
    if (name != f.name()) print(callee, done, text);
  if (f.name().find("_im") != std::string::npos) return;  // only reads an argument
  std::vector<Expr> axes;
  for (const auto& a : f.args()) axes.push_back(Halide::Var(a));
  text << f.name() << "(" << list(axes) << ") = " << f.values()[0] << "\n";
  for (const auto& update : f.updates())
    text << f.name() << "(" << list(update.args()) << ") = " << update.values()[0] << "\n";
}

}  // namespace

std::string to_text(const Algorithm& algorithm) {
  std::ostringstream text;
  std::set<std::string> done;
  for (const auto& output : algorithm.outputs) print(output.function(), done, text);
  return tidy(text.str());
}

}  // namespace halcyon
