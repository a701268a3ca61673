#include <cctype>
#include <optional>
#include <set>
#include <string>

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "kernels/problem/op_field.h"
#include "kernels/problem/problem.h"
#include "kernels/problem/problem_builder.h"

namespace halcyon {
namespace {

constexpr std::size_t kMostBytes = 4096;

struct Token {
  std::string_view text;
  std::size_t column;  // from 1, in bytes
};
using Tokens = std::vector<Token>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A token as a message shows it: at most 40 bytes.
std::string cut(std::string_view text) {
  return std::string(text.substr(0, 40)) + (text.size() > 40 ? "..." : "");
}
std::string quoted(std::string_view text) { return "'" + cut(text) + "'"; }

[[noreturn]] void fail(std::size_t column, const std::string& found, const std::string& allowed) {
  throw usage_error("problem, column " + std::to_string(column) + ": " + found +
                    "; allowed: " + allowed);
}

[[noreturn]] void fail_unknown(const Token& token, const std::string& what,
                               const std::vector<std::string>& known) {
  fail(token.column, "unknown " + what + " " + with_guess(cut(token.text), known), joined(known));
}

/// The parts of a line between bars, each as its words.
std::vector<Tokens> split(std::string_view line) {
  std::vector<Tokens> parts(1);
  std::size_t start = 0;
  const auto flush = [&](std::size_t end) {
    if (end > start) parts.back().push_back({line.substr(start, end - start), start + 1});
    start = end + 1;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == ' ' || c == '\t' || c == '|') flush(i);
    if (c == '|') parts.emplace_back();
  }
  flush(line.size());
  return parts;
}

void check_bytes(std::string_view line) {
  if (line.size() > kMostBytes)
    fail(kMostBytes + 1, std::to_string(line.size()) + " bytes", std::to_string(kMostBytes));
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto c = static_cast<unsigned char>(line[i]);
    if (c == '\t' || (c >= 0x20 && c < 0x7f)) continue;
    constexpr char kHex[] = "0123456789abcdef";
    fail(i + 1, std::string("byte 0x") + kHex[c >> 4] + kHex[c & 15], "printable ASCII");
  }
}

/// A number of decimal digits; nothing for anything else. Above 2^62 it is 2^62: out of any range.
std::optional<std::int64_t> number(std::string_view text) {
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  std::int64_t value = 0;
  for (char c : text) {
    if (!is_digit(c)) return {};
    if (value < kHuge / 10)
      value = 10 * value + (c - '0');
    else
      value = kHuge;
  }
  if (text.empty()) return {};
  return value;
}

/// The numbers of "3x3"; nothing when one of them is none.
std::optional<std::vector<std::int64_t>> numbers(std::string_view text, char separator) {
  std::vector<std::int64_t> out;
  for (std::size_t start = 0; start <= text.size();) {
    std::size_t end = separator ? text.find(separator, start) : std::string_view::npos;
    if (end == std::string_view::npos) end = text.size();
    const auto value = number(text.substr(start, end - start));
    if (!value) return {};
    out.push_back(*value);
    start = end + 1;
  }
  return out;
}

/// "KHxKW", "CO"; for an attribute its letter with the forms of its value: "sN or sNxN".
std::string form(const OpField& field) {
  if (!field.otherwise) return std::string(field.symbol);
  const std::string symbol(field.symbol);
  std::string out = symbol + "N";
  if (field.count > 1) out += " or " + symbol + "N";
  for (int i = 1; i < field.count; ++i) out += std::string(1, field.separator) + "N";
  return out;
}

/// Reads `text`, the value part of `token`, into the op.
void read_value(const OpField& field, const Token& token, std::string_view text, Op& op) {
  if (field.is_word()) {
    if (!set_word(field, text, op)) fail_unknown(token, field.what, words_of(field));
    return;
  }
  const auto found = numbers(text, field.separator);
  const std::size_t count = field.count;
  if (!found || !(found->size() == count || (field.spread && found->size() == 1)))
    fail(token.column, std::string(field.what) + " " + quoted(token.text),
         form(field) + ", each " + allowed(field));
  std::vector<int> values;
  for (std::int64_t value : *found) {
    if (value < field.low || value > field.high)
      fail(token.column, std::string(field.what) + " " + quoted(token.text), allowed(field));
    values.push_back(static_cast<int>(value));
  }
  values.resize(count, values[0]);
  field.set(op, values);
}

/// An attribute starts with its letter and goes on with a number, or what was meant as one.
const OpField* attribute_of(std::string_view text) {
  for (const OpField& field : attribute_fields())
    if (text.substr(0, 1) == field.symbol &&
        (text.size() == 1 || !std::isalpha(static_cast<unsigned char>(text[1]))))
      return &field;
  return nullptr;
}

std::vector<std::string> words_between_bars() {
  std::vector<std::string> words;
  for (const OpKind* kind : op_kinds())
    if (!is_map(*kind)) words.emplace_back(kind->word);
  for (const std::string& word : epilogue_words())
    if (word != "sums") words.push_back(word);
  return words;
}

/// What may follow an op's arguments.
std::vector<std::string> words_after(const OpKind& kind) {
  std::vector<std::string> words;
  for (const OpField* field : attributes_of(kind)) words.push_back(form(*field));
  words.insert(words.end(), epilogue_words().begin(), epilogue_words().end());
  return words;
}

/// An op as written, with the place of its word.
struct Written {
  Op op;
  std::size_t column = 1;
};

void read_attribute(const OpField& field, const Token& token, std::set<std::string_view>& seen,
                    Op& op) {
  if (std::string_view(op.kind->attributes).find(field.symbol) == std::string_view::npos)
    fail(token.column,
         quoted(token.text) + ": " + std::string(op.word()) + " takes no " + field.what,
         joined(words_after(*op.kind)));
  if (!seen.insert(field.symbol).second)
    fail(token.column, std::string(field.what) + " " + quoted(token.text) + " a second time",
         "once");
  read_value(field, token, token.text.substr(1), op);
}

/// The words after an op's arguments: attributes while `attributes` is true, and its epilogue.
void read_rest(std::span<const Token> rest, bool attributes, Op& op) {
  std::set<std::string_view> seen;
  for (const Token& token : rest) {
    Epilogue item;
    if (epilogue_from_text(token.text, &item)) {
      op.epilogue.push_back(item);
    } else if (const OpField* field = attribute_of(token.text); field && attributes) {
      read_attribute(*field, token, seen, op);
    } else {
      fail_unknown(token, "word", attributes ? words_after(*op.kind) : epilogue_words());
    }
  }
  if (!attributes) return;
  for (const OpField* field : attributes_of(*op.kind))
    if (!seen.count(field->symbol)) field->set(op, field->otherwise(op));
}

Op read_op(const OpKind& kind, std::span<const Token> tokens) {
  Op op;
  op.kind = &kind;
  std::size_t next = 1;
  for (const OpField* field : arguments_of(kind)) {
    if (next == tokens.size())
      fail(tokens.back().column, quoted(kind.word) + " without its " + field->what,
           std::string(kind.word) + " " + kind.arguments);
    read_value(*field, tokens[next], tokens[next].text, op);
    ++next;
  }
  read_rest(tokens.subspan(next), true, op);
  return op;
}

/// One part between bars: a new op, or an epilogue of the op before.
void read_part(std::span<const Token> tokens, std::vector<Written>& ops) {
  const Token& word = tokens[0];
  const OpKind* kind = find_op_kind(word.text);
  if (kind && !is_map(*kind)) {
    ops.push_back({read_op(*kind, tokens), word.column});
    return;
  }
  Epilogue item;
  if (!epilogue_from_text(word.text, &item)) fail_unknown(word, "op", words_between_bars());
  if (item.kind == Epilogue::sums)
    fail(word.column, "'sums' between bars", "'sums' after the op whose result it sums");
  if (ops.empty()) {
    ops.push_back({.op = {}, .column = word.column});
    ops.back().op.kind = find_op_kind("map");
  }
  read_rest(tokens, false, ops.back().op);
}

void read_head(const Tokens& tokens, DType* dtype, Shape* input) {
  if (tokens.empty()) fail(1, "no input shape", "[dtype] NxHxWxC, as in 1x14x14x192");
  const std::size_t place = tokens.size() > 1 && !is_digit(tokens[0].text[0]) ? 1 : 0;
  if (tokens.size() > place + 1)
    fail(tokens[place + 1].column, quoted(tokens[place + 1].text), "'|' after the shape");
  const Token& shape = tokens[place];
  if (place == 1) {
    if (!problem_dtype_from_text(tokens[0].text, dtype))
      fail_unknown(tokens[0], "dtype", problem_dtype_words());
  }
  const auto extents = numbers(shape.text, 'x');
  if (!extents || extents->size() != 4)
    fail(shape.column, "input shape " + quoted(shape.text), "NxHxWxC, as in 1x14x14x192");
  try {
    *input = checked_shape((*extents)[0], (*extents)[1], (*extents)[2], (*extents)[3]);
  } catch (const Error& e) {
    throw usage_error("problem, column " + std::to_string(shape.column) + ": " + e.what());
  }
}

}  // namespace

Problem Problem::parse(std::string_view line) {
  check_bytes(line);
  const std::vector<Tokens> parts = split(line);
  DType dtype = DType::f32;
  Shape input;
  read_head(parts[0], &dtype, &input);
  if (parts.size() == 1) fail(line.size() + 1, "no op after the shape", "'|' and an op");
  std::vector<Written> ops;
  std::size_t bar = line.find('|');
  for (std::size_t i = 1; i < parts.size(); ++i, bar = line.find('|', bar + 1)) {
    if (parts[i].empty()) fail(bar + 1, "no op after '|'", joined(words_between_bars()));
    read_part(parts[i], ops);
  }
  ProblemBuilder builder(dtype, input);
  for (std::size_t i = 0; i < ops.size(); ++i)
    in_context("problem, column " + std::to_string(ops[i].column) + ", op " +
                   std::to_string(i + 1) + " (" + std::string(ops[i].op.word()) + ")",
               [&] { builder.add(std::move(ops[i].op)); });
  return builder.finish();
}

}  // namespace halcyon
