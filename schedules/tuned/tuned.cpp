#include "schedules/tuned/tuned.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

#include "kernels/strict_json.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr JsonLimits kLimits{.bytes = std::size_t{16} << 20};
constexpr double kMost = 1e6;  // of a speedup

const std::string kNone;

/// A brand counts where nothing better is known.
auto order_of(const TunedEntry& e) {
  return std::tuple(std::string_view(e.problem), std::string_view(e.cpu_id),
                    std::string_view(e.cpu_id.empty() ? e.cpu : kNone), e.threads);
}
bool before(const TunedEntry& a, const TunedEntry& b) { return order_of(a) < order_of(b); }

Point read_point(Reader in) {
  Point point;
  for (const std::string& knob : in.keys())
    point[knob] = static_cast<int>(in.integer(knob.c_str(), INT32_MIN, INT32_MAX));
  return point;
}

/// {"out": "vectorize ci"} is the line "out: vectorize ci".
std::string read_step(Reader in) {
  const auto stages = in.keys();
  if (stages.size() != 1)
    in.fail("", "found " + std::to_string(stages.size()) + " stages, a step is of one");
  return stages.front() + ": " + in.string(stages.front().c_str());
}

TunedState read_state(Reader in) {
  TunedState s{in.string("state"), in.number("speedup", 1 / kMost, kMost),
               in.number("low", 1 / kMost, kMost), in.number("high", 1 / kMost, kMost),
               static_cast<int>(in.integer("pairs", 1, INT32_MAX))};
  in.finish();
  return s;
}

/// A winner is one inside its network, whatever it is by itself, or by itself in every state.
void require_winner(Reader& in, const std::vector<TunedState>& states) {
  std::optional<std::size_t> lost;
  bool alone = false;
  for (std::size_t i = 0; i < states.size(); i++) {
    const bool wins = states[i].low >= 1, inside = states[i].state == kInNetwork;
    if (inside && wins) return;
    alone = alone || !inside;
    if (!wins && (!lost || !inside)) lost = i;
  }
  if (lost && (!alone || states[*lost].state != kInNetwork))
    in.element("states", *lost)
        .fail("low",
              "found " + std::to_string(states[*lost].low) + ", allowed is 1 or more of a winner");
}

void read_evidence(Reader in, TunedEntry& e) {
  for (std::size_t i = 0; i < in.array("states").size(); i++)
    e.states.push_back(read_state(in.element("states", i)));
  if (e.states.empty()) in.fail("states", "found none, expected one or more");
  require_winner(in, e.states);
  e.unit = in.string("unit");
  e.device = in.string(in.has("meter") ? "meter" : "device");  // as older files have it
  e.target = in.string("target");
  e.isa = in.string("isa");
  e.fma_per_cycle = in.number("fma_per_cycle", 0.25, 16);
  e.cpu = in.string("cpu");
  e.cpu_id = in.string("cpu_id", "");
  e.halide = in.string("halide");
  e.record = in.string("record");
  e.network = in.string("network", "");
  const bool ranked = std::any_of(e.states.begin(), e.states.end(),
                                  [](const TunedState& s) { return s.state == kInNetwork; });
  if (ranked == e.network.empty())
    in.fail("network", "is given exactly beside the state in-network");
  in.finish();
}

TunedEntry read_entry(Reader in) {
  TunedEntry e;
  e.problem = read_problem_line(in);
  e.threads = static_cast<int>(in.integer("threads", 2, 1024, 1));
  e.point = read_point(in.object("point"));
  for (std::size_t i = 0; i < in.array("steps").size(); i++)
    e.steps.push_back(read_step(in.element("steps", i)));
  read_evidence(in.object("evidence"), e);
  in.finish();
  return e;
}

json step_to_json(const std::string& line) {
  const auto colon = line.find(": ");
  return {{line.substr(0, colon), line.substr(colon + 2)}};
}

json entry_to_json(const TunedEntry& e) {
  json steps = json::array(), states = json::array();
  for (const std::string& line : e.steps) steps.push_back(step_to_json(line));
  for (const TunedState& s : e.states)
    states.push_back({{"state", s.state},
                      {"speedup", rounded_speedup(s.speedup)},
                      {"low", rounded_speedup(s.low)},
                      {"high", rounded_speedup(s.high)},
                      {"pairs", s.pairs}});
  json j = {{"problem", e.problem},
            {"point", e.point},
            {"steps", steps},
            {"evidence",
             {{"states", states},
              {"unit", e.unit},
              {"device", e.device},
              {"target", e.target},
              {"isa", e.isa},
              {"fma_per_cycle", e.fma_per_cycle},
              {"cpu", e.cpu},
              {"halide", e.halide},
              {"record", e.record}}}};
  if (!e.cpu_id.empty()) j["evidence"]["cpu_id"] = e.cpu_id;
  if (e.threads > 1) j["threads"] = e.threads;
  if (!e.network.empty()) j["evidence"]["network"] = e.network;
  return j;
}

}  // namespace

std::string read_problem_line(Reader& in) {
  std::string line = in.string("problem");
  std::string canonical;
  try {
    canonical = Problem::parse(line).text();
  } catch (const Error& e) {
    in.fail("problem", e.what());
  }
  if (line != canonical) in.fail("problem", "found '" + line + "', it is written " + canonical);
  return line;
}

double rounded_speedup(double speedup) { return std::round(speedup * 1e4) / 1e4; }

std::vector<TunedEntry> read_tuned(const std::string& path) {
  const json value = read_json_file(path, Exit::usage, kLimits);
  Reader in(value, path, "", Exit::usage);
  std::vector<TunedEntry> entries;
  for (std::size_t i = 0; i < in.array("tuned").size(); i++) {
    Reader element = in.element("tuned", i);
    entries.push_back(read_entry(element));
    if (i > 0 && !before(entries[i - 1], entries[i]))
      element.fail("problem", "entries are sorted by problem, CPU and threads, each once; found '" +
                                  entries[i].problem + "' behind '" + entries[i - 1].problem + "'");
  }
  in.finish();
  return entries;
}

void put_tuned(std::vector<TunedEntry>& entries, TunedEntry entry) {
  const auto at = std::lower_bound(entries.begin(), entries.end(), entry, before);
  if (at != entries.end() && !before(entry, *at))
    *at = std::move(entry);
  else
    entries.insert(at, std::move(entry));
}

json to_json(const std::vector<TunedEntry>& entries) {
  json all = json::array();
  for (const TunedEntry& e : entries) all.push_back(entry_to_json(e));
  return {{"tuned", all}};
}

std::string tuned_path(const std::string& folder, const std::string& family,
                       const Problem& problem) {
  return folder + "/" + family + "/" + recipe_for(problem).name + ".json";
}

std::string speedups_text(const TunedEntry& e) {
  std::string text;
  for (const TunedState& s : e.states) {
    char ratio[32];
    std::snprintf(ratio, sizeof ratio, "%.2fx ", s.speedup);
    text += (text.empty() ? "" : ", ") + (ratio + s.state);
  }
  return text;
}

}  // namespace halcyon
