#include "suites/trials/searched.h"

#include <set>

#include "schedules/autoschedulers/autoschedule.h"

namespace halcyon {

void search_schedules(const std::vector<Trial*>& trials, const Request& request) {
  if (trials.empty()) return;
  std::vector<SearchTask> tasks;
  for (const Trial* t : trials) tasks.push_back({*t->by, t->candidate.problem});
  const auto found = search_all(tasks, trials.front()->candidate.target,
                                Cache(cache_folder(request.folders.cache)), jobs_of(request));
  for (std::size_t i = 0; i < trials.size(); i++) {
    Trial& t = *trials[i];
    t.schedule_source = describe(*t.by);
    t.candidate.schedule = found[i].schedule;
    t.search = found[i].outcome;
    if (found[i].outcome != Outcome::ok)
      t.search_detail = to_text(*t.by) + " gave nothing: " + found[i].detail;
  }
}

SearchedSchedules schedules_by(const std::string& word, const NamedCase& c, const Target& target,
                               int samples, const Request& request) {
  const Autoscheduler by = autoscheduler_from_text(word);
  SearchedSchedules found;
  found.asked = by.name == "adams2019" ? samples : 1;
  std::vector<Trial> all;
  for (int i = 0; i < found.asked; i++) {
    Trial t{c.id + "." + by.name + "." + std::to_string(i + 1), c.suite, c.of,
            {c.of.problem, {}, target_for(by, target)},         {},      ""};
    t.rival = word;
    t.by = by;
    t.by->seed = request.seed + static_cast<std::uint64_t>(i);
    t.by->threads = request.threads;
    all.push_back(std::move(t));
  }
  std::vector<Trial*> searched;
  for (Trial& t : all) searched.push_back(&t);
  search_schedules(searched, request);
  std::set<std::string> known;
  for (Trial& t : all) {
    found.failed += t.search != Outcome::ok;
    if (t.search == Outcome::ok && known.insert(to_text(t.candidate.schedule)).second)
      found.trials.push_back(std::move(t));
  }
  return found;
}

}  // namespace halcyon
