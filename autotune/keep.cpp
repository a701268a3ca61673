#include "autotune/keep.h"

#include <filesystem>
#include <map>

#include "kernels/error.h"
#include "results/atomic_file.h"
#include "results/json_text.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const Schedule& schedule) {
  std::vector<std::string> lines;
  for (const Step& step : schedule) lines.push_back(to_text(step));
  return lines;
}

/// Of the winner in the measurements that decided; of its trial when an earlier run made those.
std::string deciding_record(const SearchResult& result) {
  const Searched& winner = *result.winner();
  for (const Record& r : result.compared)
    if (r.schedule == to_text(winner.trial.candidate.schedule)) return r.id;
  return winner.tried.record.id;
}

void write_entries(const std::string& file, const std::vector<TunedEntry>& entries) {
  std::error_code error;
  fs::create_directories(fs::path(file).parent_path(), error);
  if (error) throw Error(Exit::environment, file + ": " + error.message());
  write_file_atomically(file, indented_text(to_json(entries)));
}

}  // namespace

TunedEntry entry_of(const SearchResult& result, const Target& target, const Document& document) {
  const Searched& winner = *result.winner();
  TunedEntry e;
  e.problem = result.of.of.problem.text();
  e.threads = target.threads;
  e.point = winner.trial.point;
  e.steps = lines_of(winner.trial.candidate.schedule);
  for (const Evidence& s : result.decision.evidence[*result.decision.winner])
    e.states.push_back({s.state, s.speedup.estimate, s.speedup.low, s.speedup.high, s.pairs});
  e.unit = winner.tried.record.unit;
  e.meter = target.meter;
  e.target = target.name;
  e.isa = target.isa;
  e.fma_per_cycle = target.fma_per_cycle;
  e.cpu = e.unit == "ns" ? document.machine.cpu_model : "";
  e.halide = document.toolchain.halide;
  e.record = deciding_record(result);
  return e;
}

std::vector<std::string> keep_winners(const Tuning& tuning, const Target& target,
                                      const std::string& folder) {
  std::map<std::string, std::vector<TunedEntry>> files;
  std::vector<std::string> lines;
  for (const SearchResult& s : tuning.searches) {
    if (!s.winner()) continue;
    const std::string path = tuned_path(folder, target.family, s.of.of.problem);
    if (!files.count(path) && fs::exists(path)) files[path] = read_tuned(path);
    const TunedEntry entry = entry_of(s, target, tuning.document);
    lines.push_back("kept in " + path + ": " + entry.problem + ", " + speedups_text(entry));
    put_tuned(files[path], entry);
  }
  for (const auto& [file, entries] : files) write_entries(file, entries);
  return lines;
}

}  // namespace halcyon
