#include "autotune/narrator.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "autotune/in_network/rank.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

using nlohmann::json;

double best_speedup(const SearchResult& result) {
  double least = 1;
  for (const Searched& s : result.trials)
    if (s.tried.record.outcome == Outcome::ok && s.tried.cost)
      least = std::min(least, *s.tried.cost);
  return 1 / least;
}

}  // namespace

void Narrator::open(std::vector<std::size_t> trials) {
  trials_ = std::move(trials);
  progress_.begin("tuning", std::accumulate(trials_.begin(), trials_.end(), std::size_t{0}));
}

void Narrator::begin(const NamedCase& of, std::size_t points, const SearchOptions& options) {
  problem_++;
  const std::size_t trials = problem_ <= trials_.size() ? trials_[problem_ - 1] : 0;
  expected_ = trials > 0 ? trials + options.guests.size() : 0;
  if (trials > 0) progress_.expect(options.guests.size());
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
                 std::to_string(trials_.size()) + ")  best " + times_text(best_speedup(result)) +
                 "  " + outcomes_text({&result, 1}));
  if (events_)
    events_({{"event", "trial"},
             {"case", result.of.id},
             {"number", result.trials.size()},
             {"source", last.named.schedule_source},
             {"point", to_text(last.named.point)},
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
  if (expected_ > result.trials.size()) progress_.drop(expected_ - result.trials.size());
  const Searched* winner = result.winner();
  const Record& start = result.start().tried.record;
  std::string line = result.of.id + ": ";
  if (!result.start().tried.cost)
    line += "the start is " + std::string(to_text(start.outcome)) + ": " + start.detail;
  else if (!winner)
    line += "the start stands; " + result.decision.why;
  else
    line += name_of(winner->named) + "; " + result.decision.why;
  progress_.say(line);
  if (events_)
    events_({{"event", "decided"},
             {"case", result.of.id},
             {"trials", result.trials.size()},
             {"winner", winner ? json(name_of(winner->named)) : json()},
             {"decision", to_json(result.decision)}});
}

void Narrator::ranking(const InNetwork& n) {
  ranked_ = 0;
  progress_.begin("ranking inside " + n.network, n.problems.size());
  if (events_)
    events_({{"event", "in_network"}, {"network", n.network}, {"problems", n.problems.size()}});
}

void Narrator::ranked(const InNetwork& n, const RankedProblem& p) {
  ranked_++;
  int changed = 0;
  double whole = 1;
  for (const RankedProblem& one : n.problems) {
    if (one.chosen() == 0) continue;
    changed++;
    whole *= one.whole->speedup.estimate;
  }
  progress_.step(p.of.id + " (" + std::to_string(ranked_) + " of " +
                 std::to_string(n.problems.size()) + ")  best so far " + times_text(whole) +
                 " of the whole, " + std::to_string(changed) + " changed");
  if (p.alternatives.size() > 1)
    progress_.say(p.of.id + ": " +
                  (p.chosen() > 0 ? name_of(p.choice().named) : "nothing changes") + "; " +
                  p.decision.why);
  if (events_)
    events_({{"event", "ranked"},
             {"network", n.network},
             {"case", p.of.id},
             {"number", ranked_},
             {"share", p.share},
             {"alternatives", p.alternatives.size()},
             {"chosen", name_of(p.choice().named)},
             {"decision", to_json(p.decision)}});
}

void Narrator::confirmed(const InNetwork& n) {
  if (events_)
    events_({{"event", "confirmed"},
             {"network", n.network},
             {"start_ns", n.start_ns},
             {"chosen_ns", n.chosen_ns},
             {"whole", n.whole ? to_json(*n.whole) : json()}});
}

void Narrator::fusing(const InNetwork& n) {
  ranked_ = 0;
  if (n.chains.empty()) return;
  progress_.begin("fusing inside " + n.network, n.chains.size());
  if (events_) events_({{"event", "fusing"}, {"network", n.network}, {"chains", n.chains.size()}});
}

void Narrator::fused(const InNetwork& n, const RankedChain& c) {
  ranked_++;
  const auto all = std::count_if(n.chains.begin(), n.chains.end(),
                                 [](const RankedChain& one) { return one.fused; });
  progress_.step(c.problem + " (" + std::to_string(ranked_) + " of " +
                 std::to_string(n.chains.size()) + ")  " + std::to_string(all) + " fused");
  progress_.say(c.problem + ": " + (c.fused ? "fused; " : "apart; ") + c.why);
  if (events_)
    events_({{"event", "fused"},
             {"network", n.network},
             {"problem", c.problem},
             {"number", ranked_},
             {"places", c.places},
             {"share", c.share},
             {"fused", c.fused},
             {"evidence", c.evidence ? to_json(*c.evidence) : json()},
             {"whole", c.whole ? to_json(*c.whole) : json()}});
}

}  // namespace halcyon
