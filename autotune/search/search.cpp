#include "autotune/search/search.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "autotune/space/nearest.h"
#include "schedules/compile/sha256.h"
#include "schedules/fence/child.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr std::size_t kSuggestions = 2, kLeaders = 4, kGuestsAtOnce = 8;
constexpr double kDrift = 0.03;
constexpr int kStrikes = 2;

/// Made in place: of a temporary of so many optional parts g++ 12 believes that some are destroyed
/// before they are made.
Searched& add_untried(std::vector<Searched>& batch, NamedCandidate candidate) {
  Searched& s = batch.emplace_back();
  s.named = std::move(candidate);
  return s;
}

class Searcher {
 public:
  Searcher(const NamedCase& of, const Target& target, const SearchOptions& options, Worker& worker,
           Ledger& ledger, SearchListener& listener)
      : target_(target),
        options_(options),
        worker_(worker),
        ledger_(ledger),
        listener_(listener),
        space_(space_of(of.of.problem, target)) {
    result_.of = of;
    start_ = candidate(space_.start());
    key_ = sha256_hex(worker_.key_of(start_) + "\n" + options.strategy->name + "\n" +
                      std::to_string(options.seed))
               .substr(0, 16);
  }

  SearchResult operator()() {
    try {
      find_all();
    } catch (const Interrupted&) {
      return std::move(result_);  // what is done
    }
    result_.ended = true;
    listener_.decided(result_);
    return std::move(result_);
  }

 private:
  void find_all() {
    listener_.begin(result_.of, space_.size(), options_);
    find_first_window();
    const auto strategy = options_.strategy->make(space_, first_points(), options_.seed);
    while (!over()) {
      const std::size_t before = result_.trials.size();
      const auto batch =
          next_batch(*strategy, std::min(batch_size(before), options_.most_trials - before));
      if (batch.empty()) break;
      try_points(batch);
      for (std::size_t point : batch) strategy->tell(point, costs_.at(point));
      // All costs are multiples of the start's: where it fails there are none.
      if (!result_.start().tried.cost) break;
    }
    result_.whole_space = result_.trials.size() == space_.size();
    if (!result_.start().tried.cost) return;
    try_guests();
    decide_winner();
  }

  NamedCandidate candidate(std::size_t point) const {
    NamedCandidate c = candidate_at(result_.of, target_, space_.point(point));
    c.id += "." + std::to_string(point);
    return c;
  }

  bool over() const {
    throw_if_interrupted();
    return result_.trials.size() >= options_.most_trials ||
           result_.seconds >= options_.most_seconds;
  }

  /// The start, then points that are known, then those that won on similar problems, then what the
  /// recipe names. What was suggested when the search began holds for as long as it is resumed, or
  /// it would go another way.
  std::vector<std::size_t> first_points() {
    std::vector<std::size_t> first = {space_.start()};
    const json* begun = ledger_.noted("search", key_);
    if (!begun) {
      ledger_.note("search", key_, description());
      begun = ledger_.noted("search", key_);
    }
    const auto add = [&](std::size_t number) {
      if (std::find(first.begin(), first.end(), number) == first.end()) first.push_back(number);
    };
    for (const json& point : begun->at("suggested")) add(space_.nearest(point.get<Point>()));
    for (const std::size_t other : space_.others()) add(other);
    return first;
  }

  json description() const {
    std::vector<KnownPoint> known;
    for (const json& winner : ledger_.all("winner"))
      if (winner.value("family", "") == target_.family && !winner.at("point").is_null())
        known.push_back({winner.at("problem"), winner.at("point").get<Point>()});
    std::vector<Point> suggested = options_.known;
    for (const Point& p : points_of_nearest(result_.of.of.problem, known, kSuggestions))
      suggested.push_back(p);
    return {{"problem", result_.of.of.problem.text()},
            {"target", target_.name},
            {"strategy", options_.strategy->name},
            {"seed", options_.seed},
            {"points", space_.size()},
            {"suggested", suggested}};
  }

  void try_points(const std::vector<std::size_t>& points) {
    std::vector<Searched> batch;
    batch.reserve(points.size());
    for (std::size_t point : points) add_untried(batch, candidate(point)).point = point;
    try_all(std::move(batch));
  }

  /// All at once would make one large bundle of them.
  void try_guests() {
    for (std::size_t i = 0; i < options_.guests.size(); i += kGuestsAtOnce) {
      std::vector<Searched> batch;
      for (std::size_t g = i; g < std::min(i + kGuestsAtOnce, options_.guests.size()); ++g)
        add_untried(batch, options_.guests[g]);
      try_all(std::move(batch));
    }
  }

  void try_all(std::vector<Searched> batch) {
    std::vector<Searched> together, suspects;
    std::set<std::string> keys;
    for (Searched& s : batch) {
      s.key = worker_.key_of(s.named);
      if (ledger_.find(s.key) || !keys.insert(s.key).second) continue;
      const int strikes = ledger_.strikes(s.key);
      if (strikes >= kStrikes)
        quarantine(s, strikes);
      else
        (strikes > 0 ? suspects : together).push_back(s);
    }
    try {
      if (!together.empty()) run_batch(together);
      for (const Searched& suspect : suspects) run_batch({suspect});
    } catch (const Interrupted&) {
      take_ended(batch);
      throw;
    }
    take_ended(batch);
  }

  /// All of a batch, unless an interrupt came first.
  void take_ended(std::vector<Searched>& batch) {
    if (result_.trials.empty() && !ledger_.find(batch.front().key)) return;  // the start is first
    for (Searched& s : batch)
      if (const Tried* tried = ledger_.find(s.key)) {
        s.tried = *tried;
        take(std::move(s));
      }
  }

  /// The machine or the tuner died both times that it was tried, the second time alone.
  void quarantine(const Searched& s, int strikes) {
    Tried tried{worker_.record_of(s.named), std::nullopt, 0};
    tried.record.outcome = Outcome::quarantined;
    tried.record.detail = std::to_string(strikes) +
                          " trials of it started and never ended: what ran them died meanwhile";
    ledger_.end(s.key, tried);
  }

  void run_batch(const std::vector<Searched>& batch) {
    std::vector<NamedCandidate> candidates;
    for (const Searched& s : batch) {
      ledger_.start(s.key, worker_.fenced());
      candidates.push_back(s.named);
    }
    const double figure = worker_.try_batch(
        start_, candidates, least_,
        [&](std::size_t i, const Tried& tried) { ledger_.end(batch[i].key, tried); });
    if (figure > 0) note_window(figure);
  }

  void take(Searched s) {
    const Tried& tried = s.tried;
    if (s.point) costs_[*s.point] = tried.cost;
    const bool timed = tried.record.outcome == Outcome::ok && tried.cost;
    if (timed) least_ = std::min(least_, *tried.cost);
    result_.seconds += tried.seconds;
    result_.trials.push_back(std::move(s));
    listener_.tried(result_);
  }

  void find_first_window() {
    for (const json& window : ledger_.all("window"))
      if (window.value("key", "") == key_) {
        if (first_figure_ == 0) first_figure_ = window.at("start").get<double>();
        result_.noisy_windows += window.at("noisy").get<bool>();
      }
  }

  void note_window(double figure) {
    if (first_figure_ == 0) first_figure_ = figure;
    const double drift = figure / first_figure_ - 1;
    const bool noisy = !(std::abs(drift) <= kDrift);
    ledger_.note("window", key_, {{"start", figure}, {"drift", drift}, {"noisy", noisy}});
    result_.noisy_windows += noisy;
    if (noisy) listener_.drifted(result_, drift);
  }

  /// Those that came before the start, best first.
  std::vector<std::size_t> leaders() const {
    std::vector<std::size_t> all;
    std::set<std::string> keys = {result_.start().key};
    for (std::size_t i = 0; i < result_.trials.size(); i++) {
      const Searched& s = result_.trials[i];
      const bool ahead = s.tried.record.outcome == Outcome::ok && s.tried.cost && *s.tried.cost < 1;
      if (ahead && keys.insert(s.key).second) all.push_back(i);
    }
    std::stable_sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) {
      return *result_.trials[a].tried.cost < *result_.trials[b].tried.cost;
    });
    if (all.size() > kLeaders) all.resize(kLeaders);
    return all;
  }

  void decide_winner() {
    result_.leaders = leaders();
    json keys = json::array();
    for (std::size_t leader : result_.leaders) keys.push_back(result_.trials[leader].key);
    const json* known = ledger_.noted("winner", key_);
    if (known && known->at("leaders") == keys) {
      result_.decision = decision_from_json(known->at("decision"), "winner");
      return;
    }
    std::vector<Interleaved> measured;
    if (!result_.leaders.empty()) measured = compare_leaders();
    std::vector<Simplicity> simplicity;
    for (std::size_t leader : result_.leaders)
      simplicity.push_back(simplicity_of(result_.trials[leader], result_.start()));
    result_.decision = decide(measured, worker_.unit(), simplicity, options_.seed);
    note_winner(keys);
  }

  std::vector<Interleaved> compare_leaders() {
    listener_.comparing(result_);
    std::vector<NamedCandidate> leaders;
    for (std::size_t leader : result_.leaders) leaders.push_back(result_.trials[leader].named);
    auto measured = worker_.compare(start_, leaders);
    for (Interleaved& state : measured)
      for (Record& r : state.records) {
        ledger_.append(r);
        result_.compared.push_back(std::move(r));
      }
    return measured;
  }

  void note_winner(const json& keys) {
    const Searched* winner = result_.winner();
    ledger_.note("winner", key_,
                 {{"problem", result_.of.of.problem.text()},
                  {"target", target_.name},
                  {"family", target_.family},
                  {"unit", to_text(worker_.unit())},
                  {"trials", result_.trials.size()},
                  {"leaders", keys},
                  {"trial", winner ? json(winner->key) : json()},
                  {"point", winner && winner->point ? json(winner->named.point) : json()},
                  {"decision", to_json(result_.decision)}});
  }

  const Target& target_;
  const SearchOptions& options_;
  Worker& worker_;
  Ledger& ledger_;
  SearchListener& listener_;
  const Space space_;
  SearchResult result_;
  NamedCandidate start_;
  std::string key_;  // of this search
  std::map<std::size_t, std::optional<double>> costs_;
  double least_ = 1;         // of the start's
  double first_figure_ = 0;  // the start's in the first window
};

}  // namespace

SearchResult search(const NamedCase& of, const Target& target, const SearchOptions& options,
                    Worker& worker, Ledger& ledger, SearchListener& listener) {
  return Searcher(of, target, options, worker, ledger, listener)();
}

Simplicity simplicity_of(const Searched& s, const Searched& start) {
  int knobs = 0;  // all of a schedule that is no point
  for (const auto& [knob, value] : start.named.point) {
    const auto own = s.named.point.find(knob);
    knobs += own == s.named.point.end() || own->second != value;
  }
  return {s.named.candidate.schedule.size(), knobs};
}

const Searched* SearchResult::best_of(const std::string& rival) const {
  const Searched* best = nullptr;
  for (const Searched& s : trials)
    if (s.named.rival == rival && s.tried.cost && (!best || *s.tried.cost < *best->tried.cost))
      best = &s;
  return best;
}

std::string outcomes_text(std::span<const SearchResult> results) {
  std::map<Outcome, int> counts;
  for (const SearchResult& result : results)
    for (const Searched& s : result.trials) counts[s.tried.record.outcome]++;
  std::string text;
  for (const auto& [outcome, count] : counts)
    text +=
        (text.empty() ? "" : ", ") + std::string(to_text(outcome)) + " " + std::to_string(count);
  return text;
}

}  // namespace halcyon
