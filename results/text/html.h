#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halcyon {

/// HTML or SVG. Made by the functions below only, which escape all that they are given, so that a
/// name from a record cannot become markup.
class Markup {
 public:
  Markup() = default;
  Markup& operator+=(const Markup& more) {
    text_ += more.text_;
    return *this;
  }
  friend Markup operator+(Markup a, const Markup& b) { return a += b; }
  bool empty() const { return text_.empty(); }
  const std::string& string() const { return text_; }

 private:
  explicit Markup(std::string text) : text_(std::move(text)) {}
  friend Markup text(std::string_view);
  friend Markup element(std::string_view, const std::vector<std::pair<std::string, std::string>>&,
                        const Markup&);
  friend Markup asset(std::string_view, const char*);
  friend Markup json_block(const std::string&, const std::string&);
  friend Markup doctype();
  std::string text_;
};

using Attributes = std::vector<std::pair<std::string, std::string>>;

/// Characters as they are read: & < > " ' become references; what would hide or reorder text
/// (control and bidirectional characters, broken UTF-8) becomes U+FFFD. Newline and tab stay.
Markup text(std::string_view);

/// `<name a="v" ...>content</name>`; void elements (meta, link, input, br) without an end. Names
/// are our own words, attribute values are escaped.
Markup element(std::string_view name, const Attributes& = {}, const Markup& content = {});

/// One of the page's own files, as it is: `name` is style or script. Not for data.
Markup asset(std::string_view name, const char* source);

/// JSON as a block that no browser executes. `<`, `>`, `&`, U+2028 and U+2029 are written as \u
/// escapes, which JSON reads back as the same.
Markup json_block(const std::string& id, const std::string& json);

Markup doctype();

}  // namespace halcyon
