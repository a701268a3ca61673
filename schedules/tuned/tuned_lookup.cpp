#include "schedules/tuned/tuned_lookup.h"

#include <algorithm>
#include <filesystem>

#include "schedules/recipes/sweep.h"
#include "schedules/tuned/tuned_plans.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> families_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TunedLookup::Found fitted(const TunedEntry& entry, const Problem& problem, const Target& target) {
  std::string text;
  for (const std::string& line : entry.steps) text += line + "\n";
  TunedLookup::Found found{parse_schedule(text), {}};
  if (entry.point.empty()) return found;  // an autoscheduler's
  const Recipe& recipe = recipe_for(problem);
  const Point point = parse_point(to_text(entry.point), recipe, problem, target);
  if (recipe.expand(problem, target, point) == found.steps) found.point = point;
  return found;
}

/// An entry and how it was come by.
struct TunedStore::Offer {
  TunedEntry entry;
  std::string file, kin;  // kin: "this CPU", "family zen4", "isa avx512"
};

const std::vector<TunedEntry>& TunedStore::entries_in(const std::string& file) {
  const auto known = files_.find(file);
  if (known != files_.end()) return known->second;
  return files_[file] = fs::exists(file) ? read_tuned(file) : std::vector<TunedEntry>();
}

std::vector<TunedEntry> TunedStore::entries_for(const std::string& file, const Problem& problem,
                                                int threads) {
  std::vector<TunedEntry> found;
  for (const TunedEntry& e : entries_in(file))
    if (e.problem == problem.text() && e.threads == threads) found.push_back(e);
  return found;
}

/// The nearest machine first. Of other families those that start as many FMAs a cycle: on Zen 5,
/// which starts two of 512 bits, winners of Zen 4, which starts one, took 0.7 to 1.8 of the time.
std::vector<TunedStore::Offer> TunedStore::offers(const Problem& problem, const Target& target,
                                                  const std::string& cpu) {
  std::vector<Offer> all;
  const std::string file = tuned_path(folder_, target.family, problem);
  for (TunedEntry& e : entries_for(file, problem, target.threads)) {
    const bool same = !cpu.empty() && e.cpu_id == cpu;
    all.insert(same ? all.begin() : all.end(),
               {std::move(e), file, same ? "this CPU" : "family " + target.family});
  }
  for (const std::string& family : families_in(folder_)) {
    if (family == target.family) continue;
    const std::string other = tuned_path(folder_, family, problem);
    for (TunedEntry& e : entries_for(other, problem, target.threads))
      if (e.isa == target.isa && e.fma_per_cycle == target.fma_per_cycle)
        all.push_back({std::move(e), other, "isa " + target.isa});
  }
  return all;
}

TunedLookup TunedStore::look_up(const Problem& problem, const Target& target,
                                const std::string& cpu) {
  const std::string of_threads =
      target.threads > 1 ? " of " + std::to_string(target.threads) + " threads" : "";
  TunedLookup lookup{std::nullopt,
                     "no tuned schedule" + of_threads + " for family " + target.family +
                         " or isa " + target.isa + " in " + folder_,
                     false};
  for (const Offer& match : offers(problem, target, cpu)) {
    try {
      return {fitted(match.entry, problem, target),
              match.file + " (" + match.kin + "): " + speedups_text(match.entry) +
                  (match.entry.unit == "ns" ? "" : " by " + match.entry.unit),
              false};
    } catch (const Error& e) {
      if (lookup.stale) continue;  // the nearest one is what a person would mend
      lookup.stale = true;
      lookup.why = match.file + ": \"" + problem.text() + "\" is stale: " + e.what();
    }
  }
  return lookup;
}

std::size_t count_tuned(const std::string& folder, const Target& target) {
  std::size_t count = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder + "/" + target.family, none))
    if (entry.path().extension() == ".json" && !holds_plans(entry.path()))
      count += read_tuned(entry.path().string()).size();
  return count;
}

}  // namespace halcyon
