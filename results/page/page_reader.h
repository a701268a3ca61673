#pragma once
#include <gtest/gtest.h>

#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace halcyon {

/// What the page is made of, read back by a reader that shares nothing with its writer.
struct PageTag {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::size_t begin = 0, end = 0;  // of the content, in the page
};

/// Reads `<name key="value" ...>` or `</name>` at page[at]; npos where it is neither.
inline std::size_t read_tag(const std::string& page, std::size_t at, PageTag& tag, bool& closes) {
  const auto word = [&] {
    const std::size_t from = at;
    while (std::isalnum(static_cast<unsigned char>(page[at])) || page[at] == '-') ++at;
    return page.substr(from, at - from);
  };
  closes = page[++at] == '/';
  if (closes) ++at;
  tag.name = word();
  while (page[at] == ' ' && !closes) {
    ++at;
    const std::string key = word();
    if (key.empty() || page[at] != '=' || page[at + 1] != '"') return std::string::npos;
    const std::size_t end = page.find_first_of("<>\"", at + 2);
    if (end == std::string::npos || page[end] != '"') return std::string::npos;
    if (!tag.attributes.emplace(key, page.substr(at + 2, end - at - 2)).second)
      return std::string::npos;
    at = end + 1;
  }
  return tag.name.empty() || page[at] != '>' ? std::string::npos : at + 1;
}

/// Every element in order; fails the test on what is not well formed.
inline std::vector<PageTag> tags_of(const std::string& page) {
  static const std::set<std::string> kVoid = {"meta", "link", "input", "br"};
  const std::string doctype = "<!doctype html>\n";
  EXPECT_TRUE(page.starts_with(doctype));
  std::vector<PageTag> tags;
  std::vector<std::size_t> open;
  std::size_t at = doctype.size();
  while ((at = page.find('<', at)) != std::string::npos) {
    PageTag tag;
    bool closes = false;
    const std::size_t start = at;
    at = read_tag(page, at, tag, closes);
    if (at == std::string::npos ||
        (closes && (open.empty() || tags[open.back()].name != tag.name))) {
      ADD_FAILURE() << "malformed: " << page.substr(start, 80);
      return tags;
    }
    if (closes) {
      tags[open.back()].end = start;
      open.pop_back();
      continue;
    }
    tag.begin = tag.end = at;
    tags.push_back(tag);
    if (kVoid.count(tag.name)) continue;
    open.push_back(tags.size() - 1);
    if (tag.name == "script" || tag.name == "style") at = page.find("</" + tag.name + ">", at);
  }
  EXPECT_TRUE(open.empty());
  return tags;
}

inline std::string content(const std::string& page, const PageTag& tag) {
  return page.substr(tag.begin, tag.end - tag.begin);
}
inline std::string words(const std::string& html) {
  std::string out;
  bool inside = false;
  for (char c : html) {
    if (c == '<') inside = true;
    if (!inside) out += c;
    if (c == '>') inside = false;
  }
  return out;
}
inline std::vector<PageTag> with(const std::vector<PageTag>& tags, const std::string& name,
                                 const std::string& key) {
  std::vector<PageTag> out;
  for (const PageTag& tag : tags)
    if (tag.name == name && tag.attributes.count(key)) out.push_back(tag);
  return out;
}

/// Names and attributes of all elements: what data must not be able to change.
inline std::string structure(const std::string& html) {
  std::string out;
  for (const PageTag& tag : tags_of(html)) {
    out += "<" + tag.name;
    for (const auto& [key, value] : tag.attributes) out += " " + key;
  }
  return out;
}

}  // namespace halcyon
