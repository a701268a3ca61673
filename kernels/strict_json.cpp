#include "kernels/strict_json.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace halcyon {
namespace {

using nlohmann::json;

constexpr std::size_t kQuoteLimit = 48;  // characters of foreign text that an error line repeats

/// Foreign text in quotes, cropped, with control and non-ASCII bytes made visible.
std::string quote(std::string_view text) {
  std::string out = "'";
  for (unsigned char c : text.substr(0, kQuoteLimit)) {
    if (c >= 0x20 && c < 0x7f) {
      out += static_cast<char>(c);
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", c);
      out += escaped;
    }
  }
  return out + (text.size() > kQuoteLimit ? "...'" : "'");
}

/// "line:column" of a byte offset, both from 1.
std::string place(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::string_view line = newline == before.npos ? before : before.substr(newline + 1);
  const auto starts_character = [](unsigned char c) { return (c & 0xC0) != 0x80; };
  return std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ":" +
         std::to_string(1 + std::count_if(line.begin(), line.end(), starts_character));
}

/// Input iterator that tells how far the lexer has read, since SAX events carry no position.
class Cursor {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor() = default;
  Cursor(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  const char& operator*() const { return *at_; }
  Cursor& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  Cursor operator++(int) {
    Cursor old = *this;
    ++*this;
    return old;
  }
  bool operator==(const Cursor& other) const { return at_ == other.at_; }

 private:
  const char* at_ = nullptr;
  const char** furthest_ = nullptr;
};

/// Builds the value and refuses, while parsing, what nlohmann's own builder lets through.
class Builder : public nlohmann::json_sax<json> {
 public:
  Builder(std::string_view text, const std::string& where, Exit code, int depth)
      : text_(text), where_(where), code_(code), depth_(depth), furthest_(text.data()) {}

  json build() {
    const char* end = text_.data() + text_.size();
    json::sax_parse(Cursor(text_.data(), &furthest_), Cursor(end, &furthest_), this);
    return std::move(root_);
  }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > INT64_MAX) fail_integer(std::to_string(value));
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t& token) override {
    if (token.find_first_of(".eE") == token.npos) fail_integer(token);
    const std::string mantissa = token.substr(0, token.find_first_of("eE"));
    if (value == 0 && mantissa.find_first_of("123456789") != token.npos)
      fail(read() - token.size(),
           "found " + quote(token) + ", allowed numbers that a double can tell from 0");
    return add(value);
  }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    if (open_.back()->contains(value))
      fail(start_of_string(), "found key " + quote(value) + " twice in one object, allowed once");
    key_ = std::move(value);
    return true;
  }
  bool binary(binary_t&) override { return false; }  // does not occur in JSON text
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& e) override {
    const std::string_view what = e.what();
    if (position > text_.size() || what.find("unexpected end of input") != what.npos)
      fail(text_.size(), "found the end" + reason(what, token));
    // `token` is whole only for strings and numbers; for the rest it holds what came before, too.
    std::size_t begin = position - 1, end = position;
    const bool whole = e.id == 406 || what.find(" - invalid string") != what.npos ||
                       what.find(" - unexpected string") != what.npos;
    if (whole && text_.substr(0, position).ends_with(token)) {
      begin = position - token.size();
    } else {
      const auto in_word = [&](std::size_t i) {
        return std::isalnum(static_cast<unsigned char>(text_[i])) || text_[i] == '.';
      };
      if (in_word(begin))
        while (end < text_.size() && in_word(end)) ++end;
      while (begin > 0 && in_word(begin - 1)) --begin;
    }
    const std::string found = "found " + quote(text_.substr(begin, end - begin));
    fail(begin, found + (e.id == 406 ? ", allowed finite numbers that fit a double"
                                     : reason(what, token)));
  }

 private:
  /// The useful parts of nlohmann's sentence: "... - unexpected <kind>[; expected <what>]" or
  /// "... - <reason>; last read: '<token>'[; expected <what>]".
  static std::string reason(std::string_view what, const std::string& token) {
    constexpr std::string_view kDash = " - ", kRead = "; last read: '", kExpected = "; expected ";
    std::string_view rest = what.substr(what.find(kDash) + kDash.size());
    std::string out;
    if (!rest.starts_with("unexpected")) {
      const std::size_t to = rest.find(kRead);
      out = ", " + std::string(rest.substr(0, to));
      rest = rest.substr(to + kRead.size() + token.size());  // so that no foreign text is searched
    }
    const std::size_t expected = rest.find(kExpected);
    if (expected == rest.npos) return out + ", allowed JSON (RFC 8259) in UTF-8";
    return out + ", allowed " + std::string(rest.substr(expected + kExpected.size()));
  }
  [[noreturn]] void fail(std::size_t offset, const std::string& message) const {
    throw Error(code_, where_ + ":" + place(text_, offset) + ": " + message);
  }
  [[noreturn]] void fail_integer(const std::string& token) const {
    fail(read() - token.size(), "found integer " + quote(token) + ", allowed " +
                                    std::to_string(INT64_MIN) + " .. " + std::to_string(INT64_MAX));
  }
  /// Bytes up to the end of the last token. A number ends only where the next byte was read.
  std::size_t read() const {
    std::size_t n = static_cast<std::size_t>(furthest_ - text_.data());
    while (n > 0 && !std::isalnum(static_cast<unsigned char>(text_[n - 1]))) --n;
    return n;
  }
  std::size_t start_of_string() const {
    std::size_t quote_at = static_cast<std::size_t>(furthest_ - text_.data()) - 1;
    const auto escaped = [&](std::size_t i) {
      std::size_t slashes = 0;
      while (slashes < i && text_[i - 1 - slashes] == '\\') ++slashes;
      return slashes % 2 == 1;
    };
    do --quote_at;
    while (text_[quote_at] != '"' || escaped(quote_at));
    return quote_at;
  }
  json* put(json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    json& parent = *open_.back();
    if (parent.is_object()) return &(parent[key_] = std::move(value));
    parent.push_back(std::move(value));
    return &parent.back();
  }
  template <class T>
  bool add(T&& value) {
    put(json(std::forward<T>(value)));
    return true;
  }
  bool open(json value) {
    if (static_cast<int>(open_.size()) >= depth_)
      fail(static_cast<std::size_t>(furthest_ - text_.data()) - 1,
           "found more than " + std::to_string(depth_) + " levels of nesting, allowed " +
               std::to_string(depth_));
    open_.push_back(put(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::string& where_;
  Exit code_;
  int depth_;
  const char* furthest_;
  json root_;
  std::vector<json*> open_;  // the containers around the place of reading, outermost first
  std::string key_;
};

}  // namespace

json parse_json(std::string_view text, const std::string& where, Exit code, JsonLimits limits) {
  const auto fail = [&](std::size_t offset, const std::string& message) {
    throw Error(code, where + ":" + place(text, offset) + ": " + message);
  };
  if (text.size() > limits.bytes)
    throw Error(code, where + ": found " + std::to_string(text.size()) + " bytes, allowed " +
                          mebibytes(limits.bytes));
  if (text.substr(0, 3) == "\xEF\xBB\xBF")
    fail(0, "found a byte order mark, allowed UTF-8 without one");
  // nlohmann takes a NUL byte for the end of the input and would ignore what follows.
  if (const std::size_t nul = text.find('\0'); nul != text.npos)
    fail(nul, "found a NUL byte, allowed JSON (RFC 8259) in UTF-8");
  return Builder(text, where, code, limits.depth).build();
}

json read_json_file(const std::string& path, Exit code, JsonLimits limits) {
  return parse_json(read_text_file(path, code, limits.bytes), path, code, limits);
}

std::vector<std::string> names_of_json_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code failed;
  std::vector<std::string> names;
  for (fs::directory_iterator file(folder, failed), end; !failed && file != end;
       file.increment(failed)) {
    const std::string name = file->path().filename().string();
    if (name.ends_with(".json") && !name.ends_with(".schema.json"))
      names.push_back(file->path().stem().string());
  }
  if (failed) throw Error(Exit::environment, folder + ": cannot be read: " + failed.message());
  std::sort(names.begin(), names.end());
  return names;
}

std::string describe(const json& value) {
  switch (value.type()) {
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return "an array of " + std::to_string(value.size());
    case json::value_t::string:
      return quote(value.get_ref<const std::string&>());
    default:
      return value.dump();
  }
}

}  // namespace halcyon
