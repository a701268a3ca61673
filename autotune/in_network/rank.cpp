#include "autotune/in_network/rank.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "autotune/search/halving.h"
#include "kernels/strict_json.h"
#include "results/record/stats.h"
#include "schedules/compile/sha256.h"
#include "schedules/fence/child.h"
#include "schedules/tuned/tuned.h"
#include "suites/networks/planned_network.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr std::size_t kFastest = 3;
constexpr double kWithin = 1.1;

/// The calls of a problem, and those that come right behind one.
std::set<std::size_t> calls_around(const Plan& plan, std::size_t problem) {
  const std::vector<std::size_t> cases = case_of_calls(plan);
  std::set<std::size_t> calls;
  for (std::size_t i = 0; i < cases.size(); i++) {
    if (cases[i] != problem) continue;
    calls.insert(i);
    if (i + 1 < cases.size()) calls.insert(i + 1);
  }
  return calls;
}

class Ranking {
 public:
  Ranking(const NetworkToRank& network, const std::vector<std::vector<Point>>& known,
          std::uint64_t seed, NetworkWorker& worker, Ledger& ledger, RankingListener& listener)
      : network_(network),
        plan_(*network.form.plan),
        seed_(seed),
        worker_(worker),
        ledger_(ledger),
        listener_(listener),
        incumbent_(network.form) {
    result_.network = plan_.network;
    for (std::size_t i = 0; i < network.searches.size(); i++) add(*network.searches[i], known[i]);
    double sum = 0;
    for (const RankedProblem& p : result_.problems) sum += p.share;
    for (RankedProblem& p : result_.problems) p.share /= sum;
    std::stable_sort(result_.problems.begin(), result_.problems.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
  }

  InNetwork operator()() {
    starts_ = incumbent_;
    for (const RankedProblem& p : result_.problems) {
      set(starts_, p, p.search->start());
      set(incumbent_, p, p.choice());
    }
    listener_.ranking(result_);
    try {
      for (RankedProblem& p : result_.problems) {
        rank(p);
        set(incumbent_, p, p.choice());
        listener_.ranked(result_, p);
      }
      compare_whole();
      listener_.confirmed(result_);
    } catch (const Interrupted&) {
      // The others stay as the searches left them.
    }
    return std::move(result_);
  }

 private:
  void add(const SearchResult& search, const std::vector<Point>& known) {
    RankedProblem p{search.of};
    p.search = &search;
    p.alternatives = alternatives_of(search, known);
    const auto& statistics = search.start().tried.record.statistics;
    if (p.alternatives.empty() || !statistics) {
      result_.unranked.push_back(search.of.id + ": " +
                                 std::string(to_text(search.start().tried.record.outcome)));
      return;
    }
    p.share = statistics->median_ns * search.of.of.count;
    result_.problems.push_back(std::move(p));
  }

  std::size_t place_of(const RankedProblem& p) const {
    const auto& all = network_.form.candidates;
    const auto found = std::find_if(all.begin(), all.end(), [&](const NamedCandidate& t) {
      return t.of.problem == p.of.of.problem;
    });
    return static_cast<std::size_t>(found - all.begin());
  }
  void set(NetworkForm& form, const RankedProblem& p, const Searched& s) const {
    form.candidates.at(place_of(p)) = s.named;
  }

  /// Of all that decides what a comparison gives, but for the choices of other problems.
  std::string key_of(const json& parts) const {
    json calls = json::array();
    for (const PlanCall& call : plan_.calls) calls.push_back(call.problem.text());
    return sha256_hex(json{calls, plan_.batch, parts}.dump()).substr(0, 16);
  }

  json keys_of(const RankedProblem& p) const {
    json keys = json::array();
    for (const std::size_t a : p.alternatives) keys.push_back(p.search->trials[a].key);
    return keys;
  }

  void rank(RankedProblem& p) {
    if (p.alternatives.size() == 1) {
      p.decision.why = "nothing came near it";
      return;
    }
    const std::string key = key_of({p.of.of.problem.text(), keys_of(p)});
    if (const json* known = ledger_.noted(kInNetwork, key)) {
      recall(p, *known);
      return;
    }
    std::vector<NetworkForm> forms(p.alternatives.size(), incumbent_);
    for (std::size_t i = 0; i < forms.size(); i++)
      set(forms[i], p, p.search->trials[p.alternatives[i]]);
    const auto rounds = worker_.measure(forms);
    if (!measured(rounds.front())) {  // not the alternatives' doing: it is tried again next time
      p.decision.why = "the network gave no figure: " + rounds.front().detail;
      return;
    }
    judge(p, rounds);
    const bool compared = std::any_of(p.decision.evidence.begin(), p.decision.evidence.end(),
                                      [](const auto& of) { return of.front().pairs > 0; });
    if (compared)
      note(p, key, rounds);
    else
      p.decision.why = "every round was disturbed";  // it is tried again next time
  }

  void judge(RankedProblem& p, const std::vector<FormRounds>& rounds) const {
    const auto calls = calls_around(plan_, place_of(p));
    Interleaved inside{kInNetwork, {}, {}};
    for (const FormRounds& form : rounds) inside.figures.push_back(time_at(form, calls));
    std::vector<Simplicity> simplicity;
    for (std::size_t i = 1; i < p.alternatives.size(); i++)
      simplicity.push_back(simplicity_of(p.search->trials[p.alternatives[i]], p.search->start()));
    p.decision = decide({inside}, FigureUnit::ns, simplicity, seed_);
    if (p.decision.winner)
      p.decision.why =
          "faster inside the network: " + to_text(p.decision.evidence[*p.decision.winner].front());
    const auto start = static_cast<std::size_t>(
        std::find(p.alternatives.begin(), p.alternatives.end(), 0u) - p.alternatives.begin());
    for (const auto& figures : inside.figures)
      p.over_start.push_back(
          compare(kInNetwork, FigureUnit::ns, inside.figures.at(start), figures, seed_));
    const auto whole = [&] {
      return compare(kWholeRun, FigureUnit::ns, rounds.front().whole_ns,
                     rounds[p.chosen()].whole_ns, seed_);
    };
    p.whole = whole();
    if (p.whole->speedup.high < 1) {  // its calls gain what others lose, as of caches
      p.decision.why = "its calls are faster, the whole run is slower: " + to_text(*p.whole);
      p.decision.winner.reset();
      p.whole = whole();
    }
  }

  void note(const RankedProblem& p, const std::string& key, const std::vector<FormRounds>& rounds) {
    const auto calls = calls_around(plan_, place_of(p));
    json over_start = json::array(), forms = json::array();
    for (const Evidence& e : p.over_start) over_start.push_back(to_json(e));
    for (const FormRounds& form : rounds)
      forms.push_back({{"outcome", to_text(form.outcome)},
                       {"detail", form.detail},
                       {"calls_ns", time_at(form, calls)},
                       {"whole_ns", form.whole_ns}});
    ledger_.note(kInNetwork, key,
                 {{"network", plan_.network},
                  {"cut", plan_.cut},
                  {"problem", p.of.of.problem.text()},
                  {"alternatives", keys_of(p)},
                  {"forms", forms},
                  {"decision", to_json(p.decision)},
                  {"over_start", over_start},
                  {"whole", to_json(*p.whole)}});
  }

  static void recall(RankedProblem& p, const json& noted) {
    p.decision = decision_from_json(noted.at("decision"), kInNetwork);
    for (const json& e : noted.at("over_start"))
      p.over_start.push_back(evidence_from_json(e, kInNetwork));
    p.whole = evidence_from_json(noted.at("whole"), kInNetwork);
    if (p.over_start.size() != p.alternatives.size() ||
        p.decision.evidence.size() + 1 != p.alternatives.size())
      throw Error(Exit::data, "journal: an in-network decision about '" + p.of.of.problem.text() +
                                  "' is not over its alternatives");
  }

  void compare_whole() {
    json keys = json::array();
    bool same = true;
    for (const RankedProblem& p : result_.problems) {
      keys.push_back({p.search->start().key, p.choice().key});
      same = same && p.search->start().key == p.choice().key;
    }
    if (same) return;
    const std::string kind = "in-network-whole", key = key_of(keys);
    if (!ledger_.noted(kind, key)) {
      const auto rounds = worker_.measure({starts_, incumbent_});
      if (!measured(rounds[0]) || !measured(rounds[1])) return;
      ledger_.note(kind, key,
                   {{"network", plan_.network},
                    {"start_ns", rounds[0].whole_ns},
                    {"chosen_ns", rounds[1].whole_ns}});
    }
    Reader noted(*ledger_.noted(kind, key), "journal: " + kind, "", Exit::data);
    const auto start = noted.numbers("start_ns", 0, 1e300);
    const auto chosen = noted.numbers("chosen_ns", 0, 1e300);
    result_.whole = compare(kWholeRun, FigureUnit::ns, start, chosen, seed_);
    result_.start_ns = median_of_rounds(start);
    result_.chosen_ns = median_of_rounds(chosen);
  }

  const NetworkToRank& network_;
  const Plan& plan_;
  const std::uint64_t seed_;
  NetworkWorker& worker_;
  Ledger& ledger_;
  RankingListener& listener_;
  InNetwork result_;
  NetworkForm incumbent_, starts_;
};

}  // namespace

std::vector<double> time_at(const FormRounds& form, const std::set<std::size_t>& calls) {
  std::vector<double> rounds;
  for (const auto& stamps : form.calls_ns) {
    rounds.push_back(0);
    for (const std::size_t call : calls)
      if (!stamps.empty()) rounds.back() += stamps.at(call);
  }
  return rounds;
}

std::vector<std::size_t> alternatives_of(const SearchResult& search, std::span<const Point> known) {
  const auto& trials = search.trials;
  const auto figure = [&](std::size_t i) {
    return trials[i].tried.record.outcome == Outcome::ok && trials[i].tried.cost;
  };
  std::vector<std::size_t> all, ranked;
  std::set<std::string> keys;
  const auto add = [&](std::size_t i) {
    const bool takes_part = figure(i) && keys.insert(trials[i].key).second;
    if (takes_part) all.push_back(i);
    return takes_part;
  };
  if (trials.empty() || !figure(0)) return all;
  add(search.decision.winner ? search.leaders[*search.decision.winner] : 0);
  add(0);
  for (std::size_t i = 0; i < trials.size(); i++)
    if (figure(i)) ranked.push_back(i);
  std::stable_sort(ranked.begin(), ranked.end(), [&](std::size_t a, std::size_t b) {
    return *trials[a].tried.cost < *trials[b].tried.cost;
  });
  const double bar = kWithin * *trials[ranked.front()].tried.cost;
  for (std::size_t i = 0; i < std::min(kFastest, ranked.size()); i++)
    if (*trials[ranked[i]].tried.cost <= bar) add(ranked[i]);
  for (const Point& point : known)
    for (std::size_t i = 0; i < trials.size(); i++)
      if (trials[i].point && trials[i].named.point == point) add(i);
  return all;
}

InNetwork rank_in_network(const NetworkToRank& network,
                          const std::vector<std::vector<Point>>& known, std::uint64_t seed,
                          NetworkWorker& worker, Ledger& ledger, RankingListener& listener) {
  return Ranking(network, known, seed, worker, ledger, listener)();
}

}  // namespace halcyon
