#include <algorithm>
#include <map>
#include <set>

#include "results/page/page_parts.h"
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

Markup banner(const std::string& level, const std::string& title, const std::string& words) {
  return tag("p", "banner " + level, tag("strong", "", title) + text(" " + words));
}

std::string plural(int count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string rate_text(double rate) { return rate > 0 ? significant(rate, 4) : "–"; }

std::string list_of(const std::vector<std::string>& words, const char* between) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::vector<std::pair<std::string, std::string>> protocol_facts(const nlohmann::json& protocol) {
  std::vector<std::pair<std::string, std::string>> facts;
  if (!protocol.is_object()) return facts;
  for (const auto& [key, value] : protocol.items()) {
    std::string name = key;
    std::replace(name.begin(), name.end(), '_', ' ');
    facts.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return facts;
}

std::vector<std::pair<std::string, std::string>> machine_facts(const Document& d) {
  const Machine& m = d.machine;
  const auto clock = [](double ghz) { return ghz > 0 ? significant(ghz, 3) + " GHz" : "unknown"; };
  std::set<std::string> isolation;
  for (const Record& r : d.records) isolation.insert(r.isolation);
  for (const NetworkRecord& r : d.networks) isolation.insert(r.isolation);
  return {{"CPU, model and stepping", exact_cpu_text(m)},
          {"cores",
           std::to_string(m.cores) + ", " + plural(m.threads_per_core, "thread") + " per core"},
          {"measuring core", m.pinned_cpu < 0 ? "not pinned" : std::to_string(m.pinned_cpu)},
          {"its siblings", m.core_siblings},
          {"isolation", list_of({isolation.begin(), isolation.end()}, "; ")},
          {"caches", list_of(m.caches, ", ")},
          {"memory", significant(m.memory_gib, 3) + " GiB"},
          {"ISA", list_of(m.isa, " ")},
          {"governor", m.governor},
          {"clock before, after", clock(m.ghz_before) + ", " + clock(m.ghz_after)},
          {"load, 1 minute", fixed(m.load_1min, 2)},
          {"kernel", m.kernel},
          {"system", m.os},
          {"container", m.container},
          {"hypervisor", m.hypervisor}};
}

std::vector<std::pair<std::string, std::string>> tool_facts(const Document& d) {
  const Toolchain& t = d.toolchain;
  std::vector<std::pair<std::string, std::string>> facts = {
      {"Halcyon", t.version},
      {"commit", t.commit + (t.dirty ? ", with uncommitted changes" : "")},
      {"built as", t.build_type},
      {"compiler", t.compiler},
      {"flags", t.flags},
      {"Halide", t.halide}};
  for (const Target& target : d.targets)
    facts.emplace_back("target " + target.name,
                       target.halide + " (" + target.family + ", meter " + target.device + ")");
  facts.insert(facts.end(), {{"command", d.command},
                             {"run", d.run},
                             {"started, ended", d.started_utc + ", " + d.ended_utc}});
  return facts;
}

}  // namespace

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

Markup banners(const Run& run) {
  const Document& d = *run.document;
  // By whether it is the candidate's doing. A search drops trials all the time.
  std::map<bool, int> failed;
  int noisy = 0;
  const auto count = [&](const auto& records) {
    for (const auto& r : records) {
      if (r.outcome == Outcome::noisy)
        ++noisy;
      else if (r.outcome != Outcome::ok && !(d.searches && r.outcome == Outcome::pruned))
        ++failed[is_failure(r.outcome)];
    }
  };
  count(d.records);
  count(d.networks);
  Markup all;
  if (d.records.empty() && d.networks.empty())
    all += banner("warn", "Empty.", "The run holds no record.");
  if (!d.complete)
    all += banner("warn", "Partial.",
                  "The run was interrupted; cases that had not been reached are missing.");
  if (d.toolchain.dirty)
    all += banner("warn", "Not reproducible from the repository.",
                  "The tool was built with uncommitted changes on commit " +
                      d.toolchain.commit.substr(0, 12) + ".");
  if (d.toolchain.build_type != "Release")
    all += banner("warn", "Not a release build.",
                  "The tool was built as " +
                      (d.toolchain.build_type.empty() ? "unknown" : d.toolchain.build_type) + ".");
  if (failed[true] > 0)
    all += banner("bad", plural(failed[true], "case") + " failed.",
                  "Shown as failures below, without a time.");
  if (failed[false] > 0)
    all += banner("warn", plural(failed[false], "case") + " not measured.",
                  "No object, no run, or no believable time; the outcome says which.");
  if (noisy > 0)
    all += banner("warn", plural(noisy, "case") + " too noisy.",
                  "Too few samples were taken at full speed to state a time.");
  return all;
}

Markup tiles(const Run& run) {
  const Document& d = *run.document;
  const auto timed = [](const char* name, const auto& records) {
    const auto count = std::count_if(records.begin(), records.end(),
                                     [](const auto& r) { return r.statistics.has_value(); });
    return tile(name, std::to_string(count), "of " + std::to_string(records.size()));
  };
  Markup all;
  if (!d.networks.empty()) all += timed("networks timed", d.networks);
  if (!d.records.empty() || d.networks.empty())
    all += timed(d.searches ? "trials timed" : "cases timed", d.records);
  all += tile("FMA peak", rate_text(d.peak_gflops), "GFLOP/s");
  struct Level {
    const char* name;
    double rate;
  };
  for (const Level& level : {Level{"L1", d.read_gbs_l1}, Level{"L2", d.read_gbs_l2},
                             Level{"L3", d.read_gbs_l3}, Level{"DRAM", d.read_gbs_dram}})
    all += tile(std::string("read from ") + level.name, rate_text(level.rate), "GB/s");
  all += tile("run time", d.seconds >= 120 ? fixed(d.seconds / 60, 1) : fixed(d.seconds, 0),
              d.seconds >= 120 ? "min" : "s");
  return tag("dl", "tiles", all);
}

Markup surroundings(const Run& run) {
  const Document& d = *run.document;
  return tag(
      "section", "surroundings",
      title(run, "Machine, tools, protocol") +
          tag("div", "columns",
              tag("div", "", subtitle(run, "Machine") + facts(machine_facts(d))) +
                  tag("div", "", subtitle(run, "Tools") + facts(tool_facts(d))) +
                  tag("div", "", subtitle(run, "Protocol") + facts(protocol_facts(d.protocol)))));
}

}  // namespace halcyon::page_parts
