#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/guess.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// One thing that a person writes about an op: a positional argument (`CO`) or an attribute with a
/// letter (`s`). OpKind::arguments and OpKind::attributes name them; the line, its canonical form
/// and JSON are all read and written from this table.
struct OpField {
  std::string_view symbol;  // as OpKind writes it
  const char* key;          // in JSON
  const char* what;         // in messages
  int count;                // numbers it holds
  char separator;           // between them in a line
  bool spread;              // one number may stand for all
  int low, high;            // of each
  std::vector<int> (*get)(const Op&);
  void (*set)(Op&, std::span<const int>);
  std::vector<int> (*otherwise)(const Op&) = nullptr;  // when it is left out; null: required
  std::span<const Act> acts = {};  // not empty: the value is the word of one of these, not a number
  std::span<const DType> dtypes = {};  // likewise
  bool is_word() const { return !acts.empty() || !dtypes.empty(); }
};

/// Attributes in canonical order: s p d g.
const std::vector<OpField>& attribute_fields();
/// The arguments and attributes of a kind, each in canonical order.
std::vector<const OpField*> arguments_of(const OpKind&);
std::vector<const OpField*> attributes_of(const OpKind&);

/// The words that a field allows; none for a field of numbers.
std::vector<std::string> words_of(const OpField&);
/// Sets the field to what is called `word`; false when it allows no such word.
bool set_word(const OpField&, std::string_view word, Op&);

/// The value as a line has it: "3x3", "0,1,0,1", "relu".
std::string value_text(const OpField&, const Op&);
/// What a field allows, for messages: "1 to 15", "relu, relu6, ...".
std::string allowed(const OpField&);
/// Error (exit 2) where an op that was not read from a line has what no line can say: a value out
/// of range, or one for each axis where a line has one for both.
void check_fields(const Op&);
/// "a, b, c".
std::string joined(const std::vector<std::string>& words);

}  // namespace halcyon
