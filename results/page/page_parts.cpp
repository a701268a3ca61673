#include "results/page/page_parts.h"

#include <algorithm>

#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

/// How an outcome is told apart without colour.
struct Sign {
  const char *css_class, *sign;
};
Sign sign_of(Outcome outcome) {
  if (outcome == Outcome::ok) return {"good", "✓"};
  if (is_failure(outcome)) return {"bad", "✕"};
  return {"unsure", outcome == Outcome::noisy ? "≈" : "∅"};
}

}  // namespace

std::string list_of(const std::vector<std::string>& words, const char* between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

Markup tag(const char* name, const std::string& css_class, const Markup& content) {
  return element(name, css_class.empty() ? Attributes{} : Attributes{{"class", css_class}},
                 content);
}
Markup tag(const char* name, const std::string& css_class, const std::string& words) {
  return tag(name, css_class, text(words));
}

Markup title(const Run& run, const std::string& words) {
  return tag(run.alone ? "h2" : "h3", "title", words);
}
Markup column_head(const std::string& css_class, const Markup& content) {
  return element("th", {{"scope", "col"}, {"class", css_class}}, content);
}
Markup column_head(const std::string& css_class, const std::string& words) {
  return column_head(css_class, text(words));
}
Markup subtitle(const Run& run, const std::string& words) {
  return tag(run.alone ? "h3" : "h4", "subtitle", words);
}

Markup facts(const std::vector<std::pair<std::string, std::string>>& rows) {
  Markup list;
  for (const auto& [name, value] : rows)
    if (!value.empty()) list += tag("div", "", tag("dt", "", name) + tag("dd", "", value));
  return tag("dl", "facts", list);
}

Markup tile(const std::string& name, const std::string& value, const std::string& unit) {
  Markup figure = tag("b", "", value);
  if (!unit.empty()) figure += tag("span", "unit", " " + unit);
  return tag("div", "tile", tag("dt", "", name) + tag("dd", "", figure));
}
Markup number_cell(double value, const std::string& words) {
  if (!(value > 0)) return tag("td", "n none", "–");
  return element("td", {{"class", "n"}, {"data-v", significant(value, 12)}}, text(words));
}

Markup chip(Outcome outcome) {
  const Sign sign = sign_of(outcome);
  std::string words(to_text(outcome));
  std::replace(words.begin(), words.end(), '_', ' ');
  return tag("span", std::string("chip ") + sign.css_class, sign.sign + (" " + words));
}

std::string anchor(const Run& run, const Record& r) { return run.letter + "-" + r.id; }

std::string anchor(const Run& run, const NetworkRecord& r) { return run.letter + "-" + r.id; }

Markup to_record(const Run& run, const Record& r, const Markup& content) {
  return run.detailed ? element("a", {{"href", "#" + anchor(run, r)}}, content) : content;
}

std::string day_and_minute(const std::string& utc) {
  const bool iso = utc.size() >= 16 && utc[10] == 'T';
  return iso ? utc.substr(0, 10) + " " + utc.substr(11, 5) + " UTC" : utc;
}

std::string suites_of(const Document& d) {
  std::vector<std::string> names;
  for (const Record& r : d.records)
    if (std::find(names.begin(), names.end(), r.suite) == names.end()) names.push_back(r.suite);
  for (const NetworkRecord& r : d.networks)
    if (std::find(names.begin(), names.end(), r.network) == names.end()) names.push_back(r.network);
  return names.empty() ? "nothing" : list_of(names, ", ");
}

}  // namespace halcyon::page_parts
