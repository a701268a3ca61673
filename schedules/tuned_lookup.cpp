#include "schedules/tuned_lookup.h"

#include <algorithm>
#include <filesystem>

#include "schedules/sweep.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// An entry and how it was come by.
struct Match {
  TunedEntry entry;
  std::string file, kin;  // kin: "this CPU", "family zen4", "isa avx512"
};

std::vector<std::string> families_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<TunedEntry> entries_for(const std::string& file, const Problem& problem) {
  if (!fs::exists(file)) return {};
  std::vector<TunedEntry> entries = read_tuned(file);
  std::erase_if(entries, [&](const TunedEntry& e) { return e.problem != problem.text(); });
  return entries;
}

/// The nearest machine first.
std::vector<Match> matches(const std::string& folder, const Problem& problem, const Target& target,
                           const std::string& cpu) {
  std::vector<Match> all;
  const std::string file = tuned_path(folder, target.family, problem);
  for (TunedEntry& e : entries_for(file, problem)) {
    const bool same = !cpu.empty() && e.cpu == cpu;
    all.insert(same ? all.begin() : all.end(),
               {std::move(e), file, same ? "this CPU" : "family " + target.family});
  }
  for (const std::string& family : families_in(folder)) {
    if (family == target.family) continue;
    const std::string other = tuned_path(folder, family, problem);
    for (TunedEntry& e : entries_for(other, problem))
      if (e.isa == target.isa) all.push_back({std::move(e), other, "isa " + target.isa});
  }
  return all;
}

/// Throws Error where an entry is stale.
TunedLookup::Found use(const TunedEntry& entry, const Problem& problem, const Target& target) {
  std::string text;
  for (const std::string& line : entry.steps) text += line + "\n";
  TunedLookup::Found found{parse_schedule(text), {}};
  const Recipe& recipe = recipe_for(problem);
  const Point point = parse_point(to_text(entry.point), recipe, problem, target);
  if (recipe.expand(problem, target, point) == found.steps) found.point = point;
  return found;
}

}  // namespace

TunedLookup look_up_tuned(const std::string& folder, const Problem& problem, const Target& target,
                          const std::string& cpu) {
  TunedLookup lookup{
      std::nullopt,
      "no tuned schedule for family " + target.family + " or isa " + target.isa + " in " + folder,
      false};
  for (const Match& match : matches(folder, problem, target, cpu)) {
    try {
      return {use(match.entry, problem, target),
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
    if (entry.path().extension() == ".json") count += read_tuned(entry.path().string()).size();
  return count;
}

}  // namespace halcyon
