#pragma once
#include <random>
#include <string>

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "kernels/problem/op_field.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// Small problems drawn from the grammar, for tests: every op word, argument, attribute and
/// epilogue word, written in free order and spacing. Reads the table of ops, so a new op is drawn
/// too.
class RandomProblem {
 public:
  explicit RandomProblem(unsigned seed) : random_(seed) {}

  /// A line that parses.
  std::string line() {
    for (;;) {
      const std::string candidate = attempt();
      try {
        Problem::parse(candidate);
        return candidate;
      } catch (const Error&) {
        ++refused_;  // an impossible shape: draw again
      }
    }
  }
  /// The same in f32: plain loops compute in no other dtype.
  std::string computed_line() {
    for (;;) {
      std::string text = line();
      if (Problem::parse(text).ops().front().kind->alone) continue;  // it is of two dtypes
      if (text.starts_with("f16 ")) text.erase(0, 4);
      return text;
    }
  }
  int refused() const { return refused_; }
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  const std::string& of(const std::vector<std::string>& words) {
    return words[below(static_cast<int>(words.size()))];
  }

 private:
  std::string space() { return below(8) ? " " : below(2) ? "  " : "\t"; }

  std::string attempt() {
    const int channels[] = {1, 2, 3, 4, 6, 8, 12};
    std::string out = below(9) ? "" : below(2) ? "f16 " : "f32 ";
    out += std::to_string(1 + below(2)) + "x" + std::to_string(1 + below(9)) + "x" +
           std::to_string(1 + below(9)) + "x" + std::to_string(channels[below(7)]);
    for (int ops = 1 + below(4); ops > 0; --ops) out += space() + "|" + space() + part();
    return out;
  }

  std::string part() {
    const OpKind& kind = *op_kinds()[below(static_cast<int>(op_kinds().size()))];
    std::string out = is_map(kind) ? of(epilogue_words()) : kind.word;
    for (const OpField* field : arguments_of(kind)) out += space() + value(*field);
    std::vector<std::string> rest;
    for (const OpField* field : attributes_of(kind))
      if (below(3) == 0) rest.push_back(std::string(field->symbol) + value(*field));
    std::shuffle(rest.begin(), rest.end(), random_);
    while (below(2)) rest.push_back(of(epilogue_words()));
    for (const std::string& word : rest) out += space() + word;
    return out;
  }

  std::string value(const OpField& field) {
    if (!field.acts.empty())
      return std::string(to_text(field.acts[below(static_cast<int>(field.acts.size()))]));
    if (!field.dtypes.empty())
      return std::string(to_text(field.dtypes[below(static_cast<int>(field.dtypes.size()))]));
    const int count = field.spread && below(2) ? 1 : field.count;
    std::string out;
    for (int i = 0; i < count; ++i)
      out += (i ? std::string(1, field.separator) : "") + std::to_string(field.low + below(4));
    return out;
  }

  std::mt19937 random_;
  int refused_ = 0;
};

}  // namespace halcyon
