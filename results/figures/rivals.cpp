#include "results/figures/rivals.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "results/text/format.h"

namespace halcyon {
namespace {

constexpr std::uint64_t kSeed = 1;      // of the intervals' draws
constexpr std::size_t kLeastPairs = 8;  // fewer give no interval worth the name
constexpr const char* kBest = "best of them";

/// Every turn of an interleaved run gives each case one sample, so that samples of one number were
/// taken within a moment of each other: the pairs of which both were accepted, of several records
/// their sum. Samples of several processes are numbered within each. `by_turn` false pairs the
/// accepted ones in their order instead, for runs so disturbed that hardly a turn was accepted
/// whole.
TurnPairs pairs_of(const Match& m, bool by_turn) {
  const auto turns_of = [by_turn](const Record& r) {
    std::map<int, std::vector<double>> turns;  // of each process; 0: not accepted
    for (const Sample& s : r.samples)
      if (s.accepted || by_turn)
        turns[s.process.value_or(0)].push_back(s.accepted ? s.ns_per_call() : 0);
    return turns;
  };
  std::vector<std::map<int, std::vector<double>>> theirs;
  for (const Record* r : m.records) theirs.push_back(turns_of(*r));
  TurnPairs pairs;
  for (const auto& [process, mine] : turns_of(*m.own)) {
    for (std::size_t turn = 0; turn < mine.size(); turn++) {
      bool whole = mine[turn] > 0;
      double sum = 0;
      for (auto& processes : theirs) {
        const std::vector<double>& turns = processes[process];
        whole &= turn < turns.size() && turns[turn] > 0;
        if (whole) sum += turns[turn];
      }
      if (!whole) continue;
      pairs.own.push_back(mine[turn]);
      pairs.rival.push_back(sum);
      pairs.processes.push_back(process);
    }
  }
  return pairs;
}

std::optional<Interval> ratio_of_times(const Match& m) {
  const auto pairs = turn_pairs(m);
  if (!pairs) return std::nullopt;
  return paired_ratio(pairs->own, pairs->rival, pairs->processes, kSeed);
}

std::optional<Interval> ratio_of_counts(const Match& m) {
  double sum = 0;
  for (const Record* r : m.records) {
    if (!r->counts) return std::nullopt;
    sum += r->counts->per_call();
  }
  if (!m.own->counts || sum <= 0) return std::nullopt;
  const double ratio = sum / m.own->counts->per_call();
  return Interval{ratio, ratio, ratio};
}

auto case_of(const Record& r) { return std::tie(r.suite, r.case_id, r.target, r.unit); }
auto key_of(const MatchMean& m) { return std::tie(m.suite, m.target, m.state, m.rival); }

void add_to(std::vector<MatchMean>& means, std::vector<std::vector<double>>& ratios,
            const Match& m) {
  if (m.own->odd) return;
  const MatchMean wanted{m.own->suite, m.rival, m.own->target, m.own->state, {}, 0, {}};
  auto found = std::find_if(means.begin(), means.end(),
                            [&](const MatchMean& k) { return key_of(k) == key_of(wanted); });
  const auto at = static_cast<std::size_t>(found - means.begin());
  if (found == means.end()) {
    means.push_back(wanted);
    ratios.emplace_back();
  }
  if (m.ratio)
    ratios[at].push_back(m.ratio->estimate);
  else
    means[at].without.push_back(m.own->case_id);
}

/// Who is against whom.
std::vector<Match> without_ratios(const Document& document) {
  std::vector<Match> matches;
  std::vector<const Record*> firsts;  // of each case, in whatever state the run took first
  for (const Record& own : document.records) {
    if (!own.rival.empty()) continue;
    const bool first = std::none_of(firsts.begin(), firsts.end(),
                                    [&](const Record* f) { return case_of(*f) == case_of(own); });
    if (first) firsts.push_back(&own);
    const auto begin = static_cast<std::ptrdiff_t>(matches.size());
    for (const Record& r : document.records) {
      if (case_of(r) != case_of(own)) continue;
      const bool other_state = first && r.rival.empty() && r.state != own.state;
      if (!other_state && (r.rival.empty() || r.state != own.state)) continue;
      const std::string name = r.rival.empty() ? to_text(r.state) : r.rival;
      auto found = std::find_if(matches.begin() + begin, matches.end(),
                                [&](const Match& m) { return m.rival == name; });
      if (found == matches.end()) found = matches.insert(found, Match{&own, name, {}, {}});
      found->records.push_back(&r);
    }
  }
  return matches;
}

}  // namespace

std::optional<TurnPairs> turn_pairs(const Match& m) {
  const auto timed = [](const Record* r) { return r->statistics.has_value(); };
  if (!timed(m.own) || !std::all_of(m.records.begin(), m.records.end(), timed)) return std::nullopt;
  for (const bool by_turn : {true, false}) {
    TurnPairs pairs = pairs_of(m, by_turn);
    if (pairs.own.size() >= kLeastPairs) return pairs;
  }
  return std::nullopt;
}

std::optional<Interval> ratio_of(const Match& m) {
  return m.own->unit == FigureUnit::ns ? ratio_of_times(m) : ratio_of_counts(m);
}

std::vector<Match> matches_of(const Document& document) {
  std::vector<Match> matches = without_ratios(document);
  for (Match& m : matches) m.ratio = ratio_of(m);
  return matches;
}

bool has_matches(const Document& document) { return !without_ratios(document).empty(); }

std::vector<Match> best_rivals(const std::vector<Match>& matches) {
  std::vector<Match> best;
  for (const Match& m : matches) {
    if (!m.ratio || m.records[0]->rival.empty()) continue;
    if (best.empty() || best.back().own != m.own) {
      best.push_back(m);
    } else if (m.ratio->estimate < best.back().ratio->estimate) {
      best.back() = m;
    }
    best.back().rival = kBest;
  }
  return best;
}

std::vector<MatchMean> match_means(const std::vector<Match>& matches) {
  std::vector<MatchMean> means;
  std::vector<std::vector<double>> ratios;
  for (const Match& m : matches) add_to(means, ratios, m);
  if (std::count_if(means.begin(), means.end(), [&](const MatchMean& m) {
        return m.suite == means[0].suite && m.state == means[0].state;
      }) > 1)
    for (const Match& m : best_rivals(matches)) add_to(means, ratios, m);
  for (std::size_t i = 0; i < means.size(); i++) {
    means[i].cases = static_cast<int>(ratios[i].size());
    if (!ratios[i].empty()) means[i].ratio = geometric_mean_interval(ratios[i], kSeed);
  }
  return means;
}

const char* sign_of(const Interval& ratio) {
  const Verdict v = verdict(ratio, Rule::winner);
  return v == Verdict::better ? "▲" : v == Verdict::worse ? "▼" : "≈";
}

std::string ratio_text(const Interval& r) {
  const std::string estimate = fixed(r.estimate, 2);
  if (r.low == r.high) return estimate;
  return estimate + " (" + fixed(r.low, 2) + " to " + fixed(r.high, 2) + ")";
}

}  // namespace halcyon
