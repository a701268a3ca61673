#include "suites/trials/searched.h"

#include <set>

namespace halcyon {

void search_schedules(const std::vector<NamedCandidate*>& candidates, const Request& request) {
  if (candidates.empty()) return;
  std::vector<SearchTask> tasks;
  for (const NamedCandidate* c : candidates) tasks.push_back({*c->by, c->candidate.problem});
  const auto found = search_all(tasks, candidates.front()->candidate.target,
                                Cache(cache_folder(request.folders.cache)), jobs_of(request));
  for (std::size_t i = 0; i < candidates.size(); i++) {
    NamedCandidate& c = *candidates[i];
    c.schedule_source = describe(*c.by);
    c.candidate.schedule = found[i].schedule;
    c.search = found[i].outcome;
    if (found[i].outcome != Outcome::ok)
      c.search_detail = to_text(*c.by) + " gave nothing: " + found[i].detail;
  }
}

SearchedSchedules schedules_by(Autoscheduler by, const NamedCase& of, const Target& target,
                               int samples, const Request& request) {
  by.threads = request.threads;
  SearchedSchedules found;
  found.asked = by.name == "adams2019" ? samples : 1;
  std::vector<NamedCandidate> all;
  for (int i = 0; i < found.asked; i++) {
    by.seed = request.seed + static_cast<std::uint64_t>(i);
    NamedCandidate c{of.id + "." + by.name + "." + std::to_string(i + 1), of.suite, of.of,
                     {of.of.problem, {}, target_for(by, target)},         {},       ""};
    c.rival = to_text(by);
    c.by = by;
    all.push_back(std::move(c));
  }
  std::vector<NamedCandidate*> searched;
  for (NamedCandidate& c : all) searched.push_back(&c);
  search_schedules(searched, request);
  std::set<std::string> known;
  for (NamedCandidate& c : all) {
    found.failed += c.search != Outcome::ok;
    if (c.search == Outcome::ok && known.insert(to_text(c.candidate.schedule)).second)
      found.candidates.push_back(std::move(c));
  }
  return found;
}

}  // namespace halcyon
