#include "results/text/html.h"

#include <array>
#include <cstdint>

namespace halcyon {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

/// One character of UTF-8 at the front of `rest`: its length in bytes, 0 when it is broken.
struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;
};
Character decode(std::string_view rest) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || rest.size() < length) return {};
  std::uint32_t code = first & (0x7f >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < kLeast[length] || code > 0x10ffff || surrogate) return {};
  return {code, length};
}

/// Characters that a reader cannot see but that change what is read.
bool is_deceptive(std::uint32_t c) {
  const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
  const bool bidirectional = c == 0x061c || c == 0x200e || c == 0x200f ||
                             (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  const bool invisible = c == 0xfeff || (c >= 0x2028 && c <= 0x2029);
  return control || bidirectional || invisible;
}

std::string escape(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const Character c = decode(raw);
    if (c.bytes == 0 || is_deceptive(c.code)) {
      out += kReplacement;
    } else if (c.code == '&') {
      out += "&amp;";
    } else if (c.code == '<') {
      out += "&lt;";
    } else if (c.code == '>') {
      out += "&gt;";
    } else if (c.code == '"') {
      out += "&quot;";
    } else if (c.code == '\'') {
      out += "&#39;";
    } else {
      out += raw.substr(0, c.bytes);
    }
    raw.remove_prefix(c.bytes == 0 ? 1 : c.bytes);
  }
  return out;
}

bool is_void(std::string_view name) {
  constexpr std::array<std::string_view, 4> kVoid = {"meta", "link", "input", "br"};
  for (std::string_view word : kVoid)
    if (word == name) return true;
  return false;
}

}  // namespace

Markup text(std::string_view raw) { return Markup(escape(raw)); }

Markup element(std::string_view name, const Attributes& attributes, const Markup& content) {
  std::string out = "<";
  out += name;
  for (const auto& [key, value] : attributes) out += " " + key + "=\"" + escape(value) + "\"";
  out += ">";
  if (is_void(name)) return Markup(out);
  out += content.text_;
  out += "</";
  out += name;
  out += ">";
  return Markup(out);
}

Markup asset(std::string_view name, const char* source) {
  const std::string tag(name);
  return Markup("<" + tag + ">" + source + "</" + tag + ">");
}

Markup json_block(const std::string& id, const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = std::string_view(json).substr(i);
    if (rest[0] == '<') {
      out += "\\u003c";
    } else if (rest[0] == '>') {
      out += "\\u003e";
    } else if (rest[0] == '&') {
      out += "\\u0026";
    } else if (rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9")) {
      out += rest[2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += rest[0];
    }
  }
  return Markup("<script type=\"application/json\" id=\"" + escape(id) + "\">" + out + "</script>");
}

Markup doctype() { return Markup(std::string("<!doctype html>\n")); }

}  // namespace halcyon
