#include <algorithm>
#include <set>

#include "results/page/section.h"
#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

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
    facts.emplace_back("target " + target.name, target.halide + " (" + target.family + ", device " +
                                                    target.device + ", meter " + target.meter() +
                                                    ")");
  facts.insert(facts.end(), {{"command", d.command},
                             {"run", d.run},
                             {"started, ended", d.started_utc + ", " + d.ended_utc}});
  return facts;
}

bool applies(const Run&) { return true; }

Markup render(const Run& run) {
  const Document& d = *run.document;
  return tag(
      "section", "surroundings",
      title(run, "Machine, tools, protocol") +
          tag("div", "columns",
              tag("div", "", subtitle(run, "Machine") + facts(machine_facts(d))) +
                  tag("div", "", subtitle(run, "Tools") + facts(tool_facts(d))) +
                  tag("div", "", subtitle(run, "Protocol") + facts(protocol_facts(d.protocol)))));
}

}  // namespace

extern const RunSection surroundings_section = {"surroundings", applies, render};

}  // namespace halcyon::page_parts
