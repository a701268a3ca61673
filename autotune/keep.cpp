#include "autotune/keep.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "kernels/error.h"
#include "results/files/atomic_file.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const Schedule& schedule) {
  std::vector<std::string> lines;
  for (const Step& step : schedule) lines.push_back(to_text(step));
  return lines;
}

/// Of the choice in the measurements that decided; of its trial when an earlier run made those.
std::string deciding_record(const SearchResult& result, const Searched& choice) {
  for (const Record& r : result.compared)
    if (r.schedule == to_text(choice.named.candidate.schedule)) return r.id;
  return choice.tried.record.id;
}

TunedState state_of(const Evidence& e) {
  return {e.state, e.speedup.estimate, e.speedup.low, e.speedup.high, e.pairs};
}

/// What the search itself found of a trial over the start; empty of one that was no leader.
std::vector<TunedState> states_alone(const SearchResult& result, const Searched& choice) {
  std::vector<TunedState> states;
  for (std::size_t i = 0; i < result.decision.evidence.size(); i++)
    if (&result.trials[result.leaders.at(i)] == &choice)
      for (const Evidence& e : result.decision.evidence[i]) states.push_back(state_of(e));
  return states;
}

/// Where a search's problem was ranked inside a network.
struct Place {
  const RankedProblem* ranked = nullptr;
  std::string network;
};
std::map<const SearchResult*, Place> places_of(const Tuning& tuning) {
  std::map<const SearchResult*, Place> places;
  for (const InNetwork& n : tuning.networks)
    for (const RankedProblem& p : n.problems) places[p.search] = {&p, n.network};
  return places;
}

/// Whether an entry would be served on the machine as its own. What is known by its brand only is,
/// of the same brand: else nothing that a machine finds could take it out.
bool is_of(const TunedEntry& e, const Machine& machine) {
  return e.cpu_id.empty() ? e.cpu == machine.cpu_model : e.cpu_id == cpu_id(machine).model;
}

/// Takes out what the start was shown to be faster than; the line that says so, or none.
std::string drop_loser(std::vector<TunedEntry>& entries, const Place& place, const Target& target,
                       const Machine& machine) {
  const RankedProblem& p = *place.ranked;
  for (std::size_t i = 0; i < p.over_start.size(); i++) {
    if (p.over_start[i].verdict != Verdict::worse) continue;
    const auto steps = lines_of(p.search->trials[p.alternatives[i]].named.candidate.schedule);
    const auto lost = std::find_if(entries.begin(), entries.end(), [&](const TunedEntry& e) {
      return e.problem == p.of.of.problem.text() && is_of(e, machine) &&
             e.threads == target.threads && e.steps == steps;
    });
    if (lost == entries.end()) continue;
    entries.erase(lost);
    return p.of.of.problem.text() + ": the start is faster inside " + place.network + ", " +
           to_text(p.over_start[i]);
  }
  return "";
}

}  // namespace

std::optional<TunedEntry> entry_of(const SearchResult& result, const RankedProblem* ranked,
                                   const std::string& network, const Target& target,
                                   const Document& document) {
  const Searched* choice = ranked ? &ranked->choice() : result.winner();
  if (!choice || choice == &result.start()) return std::nullopt;
  TunedEntry e;
  e.states = states_alone(result, *choice);
  if (ranked && !ranked->over_start.empty()) {
    const Evidence& inside = ranked->over_start[ranked->chosen()];
    if (inside.verdict != Verdict::better && choice != result.winner()) return std::nullopt;
    e.states.push_back(state_of(inside));
    e.network = network;
  }
  e.problem = result.of.of.problem.text();
  e.threads = target.threads;
  e.point = choice->named.point;
  e.steps = lines_of(choice->named.candidate.schedule);
  const FigureUnit unit = choice->tried.record.unit;
  e.unit = to_text(unit);
  e.device = target.device;
  e.target = target.name;
  e.isa = target.isa;
  e.fma_per_cycle = target.fma_per_cycle;
  if (unit == FigureUnit::ns) {
    e.cpu = document.machine.cpu_model;
    e.cpu_id = cpu_id(document.machine).model;
  }
  e.halide = document.toolchain.halide;
  e.record = deciding_record(result, *choice);
  return e;
}

std::vector<std::string> keep_winners(const Tuning& tuning, const Target& target,
                                      const std::string& folder) {
  std::map<std::string, std::vector<TunedEntry>> files;
  std::vector<std::string> lines;
  const auto places = places_of(tuning);
  for (const SearchResult& s : tuning.searches) {
    const auto found = places.find(&s);
    const Place place = found == places.end() ? Place{} : found->second;
    const auto entry = entry_of(s, place.ranked, place.network, target, tuning.document);
    if (!entry && !place.ranked) continue;
    const std::string path = tuned_path(folder, target.family, s.of.of.problem);
    std::vector<TunedEntry> entries;
    if (files.count(path))
      entries = files[path];
    else if (fs::exists(path))
      entries = read_tuned(path);
    if (entry) {
      lines.push_back("kept in " + path + ": " + entry->problem + ", " + speedups_text(*entry));
      put_tuned(entries, *entry);
    } else {
      const std::string lost = drop_loser(entries, place, target, tuning.document.machine);
      if (lost.empty()) continue;
      lines.push_back("taken from ");
      lines.back().append(path).append(": ").append(lost);
    }
    files[path] = std::move(entries);
  }
  for (const auto& [file, entries] : files) write_kept(file, to_json(entries));
  return lines;
}

void write_kept(const std::string& file, const nlohmann::json& value) {
  std::error_code error;
  fs::create_directories(fs::path(file).parent_path(), error);
  if (error) throw Error(Exit::environment, file + ": " + error.message());
  write_file_atomically(file, indented_text(value));
}

}  // namespace halcyon
