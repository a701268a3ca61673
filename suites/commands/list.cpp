#include "suites/commands/list.h"

#include <concepts>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/problem/activation_form.h"
#include "kernels/problem/op.h"
#include "kernels/problem/op_field.h"
#include "kernels/strict_json.h"
#include "results/text/columns.h"
#include "results/text/format.h"
#include "schedules/language/step.h"
#include "schedules/targets/fitness.h"
#include "schedules/targets/target.h"
#include "schedules/tuned/tuned_lookup.h"
#include "suites/cases/suite.h"
#include "suites/meters/meter.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// A value as JSON has it, and how it is printed.
struct Cell {
  Cell(const std::string& words) : value(words), text(words) {}
  Cell(const char* words) : value(words), text(words) {}
  Cell(std::integral auto number) : value(number), text(std::to_string(number)) {}
  Cell(double number, std::string as_printed) : value(number), text(std::move(as_printed)) {}
  json value;
  std::string text;
};
using Rows = std::vector<std::vector<Cell>>;

/// A list as rows of named cells: printed as columns or as an array of objects.
struct Listing {
  std::vector<std::string> names;
  Rows rows;
  json extra = nullptr;  // beside the rows, in JSON
  std::string after;     // below the rows, in text

  std::string text() const {
    std::vector<std::vector<std::string>> all = {names};
    for (const auto& row : rows) {
      all.emplace_back();
      for (const Cell& cell : row) all.back().push_back(cell.text);
    }
    return columns(all) + after;
  }
  json to_json() const {
    json array = json::array();
    for (const auto& row : rows) {
      json object;
      for (std::size_t i = 0; i < row.size(); i++) object[names[i]] = row[i].value;
      array.push_back(object);
    }
    return extra.is_null() ? array : json{{"list", array}, {"machine", extra}};
  }
};

/// What this machine is like to measure on, with the probe's spread from a short run on the host.
Fitness fitness_here(const Target& host) {
  Fitness fitness = read_fitness();
  const Meter meter(host);
  if (!meter.why_not().empty()) return fitness;
  const MachineRates rates = meter.rates();
  fitness = read_fitness(rates.cpu);
  fitness.probe_spread = rates.probe_spread;
  return fitness;
}

std::string numbers_text(const std::vector<int>& numbers) {
  std::string text;
  for (int n : numbers) text += (text.empty() ? "" : " ") + std::to_string(n);
  return text.empty() ? "none" : text;
}

json to_json(const Fitness& f) {
  return {{"cpu", f.cpu},
          {"governor", f.governor},
          {"core_siblings", f.core_siblings},
          {"allowed_cpus", f.allowed_cpus},
          {"load_1min", f.load_1min},
          {"isolation", f.isolation},
          {"probe_spread", f.probe_spread},
          {"warnings", f.warnings()}};
}

std::string to_text(const Fitness& f) {
  const std::string spread = percent_text(100 * f.probe_spread), load = fixed(f.load_1min, 2);
  std::string text = "\nThis machine, for measuring on CPU " + std::to_string(f.cpu) + "\n" +
                     columns({{"  FMA probe spread", f.probe_spread < 0 ? "not probed" : spread},
                              {"  governor", f.governor},
                              {"  shares its core with", numbers_text(f.core_siblings)},
                              {"  allowed CPUs", numbers_text(f.allowed_cpus)},
                              {"  load", load},
                              {"  isolation", f.isolation}});
  const auto warnings = f.warnings();
  for (const auto& warning : warnings) text += "  not fit: " + warning + "\n";
  return warnings.empty() ? text + "  fit to measure\n" : text;
}

Listing targets(const Folders& folders) {
  Listing l{{"target", "runs here", "isa", "family", "tuned", "halide"}, {}, nullptr, ""};
  for (const auto& name : target_names(folders.targets)) {
    const Target t = find_target(name, folders.targets);
    const std::string why = why_not_runnable(t);
    l.rows.push_back({name, why.empty() ? "yes" : "no: " + why, t.isa, t.family,
                      count_tuned(folders.tuned, t), t.halide});
  }
  const Fitness fitness = fitness_here(find_target("host", folders.targets));
  l.extra = to_json(fitness);
  l.after = to_text(fitness);
  return l;
}

Listing suites(const Folders& folders) {
  Listing l{{"suite", "cases", "description"}, {}, nullptr, ""};
  for (const auto& name : suite_names(folders.suites)) {
    const Suite s = find_suite(name, folders.suites);
    l.rows.push_back({name, s.cases.size(), s.description});
  }
  return l;
}

Listing networks(const Folders& folders) {
  Listing l{{"network", "parameters", "MACs", "input", "source"}, {}, nullptr, ""};
  for (const auto& name : network_names(folders.networks)) {
    const Graph graph = find_network(name, folders.networks);
    l.rows.push_back(
        {name, parameters_of(graph), macs_of(graph), to_text(graph.input().shape), graph.source});
  }
  return l;
}

Listing ops() {
  Listing l{{"op", "arguments", "attributes", "what"}, {}, nullptr, ""};
  for (const auto* kind : op_kinds())
    l.rows.push_back({kind->word, kind->arguments, kind->attributes, kind->help});
  return l;
}

Listing steps() {
  Listing l{{"step", "arguments", "kind", "what"}, {}, nullptr, ""};
  for (const auto& op : step_ops())
    l.rows.push_back({op.word, op.args, op.rewrites ? "rewrite" : "directive", op.help});
  return l;
}

/// "21, of them 1 division".
std::string cost_of(const ActivationForm& form) {
  const std::string text = std::to_string(form.instructions);
  return form.divisions ? text + ", of them " + std::to_string(form.divisions) + " division" : text;
}

Listing activations() {
  Listing l{{"activation", "level", "max error", "mean error", "NaN", "infinity", "AVX2"},
            {},
            nullptr,
            "max error: of any value; mean error: over normal inputs, which sums keep\n"
            "AVX2: instructions for 8 floats, loads and stores aside\n"};
  for (const auto& form : activation_forms()) {
    char error[32], mean[32];
    std::snprintf(error, sizeof error, "%.1e", form.max_error);
    std::snprintf(mean, sizeof mean, "%.1e", form.mean_error);
    l.rows.push_back({std::string(to_text(form.function)),
                      form.level < 0 ? Cell("precise") : Cell(form.level),
                      {form.max_error, error},
                      {form.mean_error, mean},
                      form.nan,
                      form.infinity,
                      cost_of(form)});
  }
  return l;
}

/// One thing that can be listed.
struct Topic {
  const char* word;
  Listing (*list)(const Folders&);
};
constexpr Topic kTopics[] = {
    {"targets", targets},
    {"suites", suites},
    {"networks", networks},
    {"ops", [](const Folders&) { return ops(); }},
    {"steps", [](const Folders&) { return steps(); }},
    {"activations", [](const Folders&) { return activations(); }},
};

Listing listing(const std::string& word, const Folders& folders) {
  std::vector<std::string> known;
  for (const Topic& topic : kTopics) {
    if (word == topic.word) return topic.list(folders);
    known.emplace_back(topic.word);
  }
  const std::string near = nearest(word, known);
  throw usage_error("list '" + word + "': allowed are " + joined(known) +
                    (near.empty() ? "" : ". Did you mean '" + near + "'?"));
}

}  // namespace

std::string list(const std::string& topic, const Folders& folders, bool as_json) {
  const Listing l = listing(topic, folders);
  return as_json ? l.to_json().dump(2) + "\n" : l.text();
}

}  // namespace halcyon
