#include "autotune/narrator.h"

#include <nlohmann/json.hpp>

#include "autotune/search.h"

namespace halcyon {
namespace {

using nlohmann::json;

std::string ratio_text(double ratio) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2fx", ratio);
  return text;
}

double best_speedup(const SearchResult& result) {
  double least = 1;
  for (const Searched& s : result.trials)
    if (s.tried.record.outcome == Outcome::ok && s.tried.cost)
      least = std::min(least, *s.tried.cost);
  return 1 / least;
}

}  // namespace

void Narrator::open(std::size_t problems, std::size_t trials_each) {
  problems_ = problems;
  trials_each_ = trials_each;
  progress_.begin("tuning", problems * trials_each);
}

void Narrator::begin(const NamedCase& of, std::size_t points, const SearchOptions& options) {
  problem_++;
  expected_ = trials_each_ + options.guests.size();
  if (trials_each_ > 0) progress_.expect(options.guests.size());
  if (events_)
    events_({{"event", "search"},
             {"case", of.id},
             {"problem", of.of.problem.text()},
             {"points", points},
             {"strategy", options.strategy->name},
             {"seed", options.seed}});
}

void Narrator::tried(const SearchResult& result) {
  const Searched& last = result.trials.back();
  progress_.step(result.of.id + " (" + std::to_string(problem_) + " of " +
                 std::to_string(problems_) + ")  best " + ratio_text(best_speedup(result)) + "  " +
                 outcomes_text({&result, 1}));
  if (events_)
    events_({{"event", "trial"},
             {"case", result.of.id},
             {"number", result.trials.size()},
             {"source", last.trial.schedule_source},
             {"point", to_text(last.trial.point)},
             {"outcome", to_text(last.tried.record.outcome)},
             {"detail", last.tried.record.detail},
             {"cost", last.tried.cost ? json(*last.tried.cost) : json()},
             {"best_speedup", best_speedup(result)}});
}

void Narrator::drifted(const SearchResult& result, double drift) {
  char text[96];
  std::snprintf(text, sizeof text, ": noisy: the start drifted by %+.1f %% since the first batch",
                100 * drift);
  progress_.say(result.of.id + text);
  if (events_) events_({{"event", "noisy"}, {"case", result.of.id}, {"drift", drift}});
}

void Narrator::comparing(const SearchResult& result) {
  if (events_)
    events_({{"event", "compare"}, {"case", result.of.id}, {"leaders", result.leaders.size()}});
}

void Narrator::decided(const SearchResult& result) {
  if (trials_each_ > 0 && expected_ > result.trials.size())
    progress_.drop(expected_ - result.trials.size());
  const Searched* winner = result.winner();
  const Record& start = result.start().tried.record;
  std::string line = result.of.id + ": ";
  if (!result.start().tried.cost)
    line += "the start is " + std::string(to_text(start.outcome)) + ": " + start.detail;
  else if (!winner)
    line += "the start stands; " + result.decision.why;
  else
    line += name_of(winner->trial) + "; " + result.decision.why;
  progress_.say(line);
  if (events_)
    events_({{"event", "decided"},
             {"case", result.of.id},
             {"trials", result.trials.size()},
             {"winner", winner ? json(name_of(winner->trial)) : json()},
             {"decision", to_json(result.decision)}});
}

}  // namespace halcyon
