#include "results/comparison/compared.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "kernels/error.h"
#include "results/comparison/levels.h"
#include "results/figures/rivals.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

constexpr std::uint64_t kSeed = 1;     // of the intervals' draws
constexpr double kChance = 0.05;       // of a change that is none, in any row of a comparison
constexpr double kChangeApart = 0.02;  // two runs apart: less is not shown by them
constexpr double kSameApart = 0.05;    // within this they are the same
constexpr double kSameInTurns = 0.02;
constexpr double kChangeOfCounts = 0.01;    // exact, but a change that nobody notices is none
constexpr std::size_t kLeastToScatter = 8;  // rows, of which a scatter can be told

/// One of both sides: what is compared of a record, whatever it is of.
struct Side {
  Compared row;  // figures aside
  double figure = 0;
  Outcome outcome = Outcome::infra;
  const std::vector<Sample>* samples = nullptr;
};

double figure_of(const std::optional<Statistics>& s, const std::optional<Counts>& c) {
  return s ? s->median_ns : c ? c->per_call() : 0;
}

Side side_of(const Record& r) {
  Compared row;
  row.suite = r.suite, row.name = r.case_id, row.problem = r.problem;
  row.kernel_class = r.kernel_class, row.target = r.target, row.state = r.state;
  row.threads = r.threads, row.unit = r.unit, row.odd = r.odd;
  return {row, figure_of(r.statistics, r.counts), r.outcome, &r.samples};
}

Side side_of(const NetworkRecord& r) {
  Compared row;
  row.network = true;
  row.name = r.network, row.problem = r.input_nhwc, row.target = r.target;
  row.threads = r.threads, row.unit = r.unit;
  if (r.batch > 1) row.problem += ", batch " + std::to_string(r.batch);
  return {row, figure_of(r.statistics, r.counts), r.outcome, &r.samples};
}

std::vector<Side> sides_of(const Document& d) {
  std::vector<Side> sides;
  for (const Record& r : d.records)
    if (r.rival.empty()) sides.push_back(side_of(r));
  for (const NetworkRecord& n : d.networks) sides.push_back(side_of(n));
  return sides;
}

/// What has to be equal of two sides. The line of a problem begins with its dtype.
auto key_of(const Compared& c) {
  return std::tuple(c.network, c.network ? c.name : std::string(), c.problem, c.target, c.state,
                    c.threads, c.unit);
}

std::string name_of(const Compared& c) {
  return c.name + (c.network ? "" : std::string(", ") + to_text(c.state));
}

/// A row with its two sides.
struct Pair {
  const Side *before, *after;
};

/// Equal keys; among those of equal keys the same case of the same suite, else the first left.
std::vector<Pair> pairs_of(const std::vector<Side>& before, const std::vector<Side>& after,
                           RunComparison& out) {
  std::map<decltype(key_of(Compared())), std::vector<const Side*>> left;
  for (const Side& s : before) left[key_of(s.row)].push_back(&s);
  std::vector<const Side*> partner(after.size());
  const auto match = [&](std::size_t i, bool same_name) {
    auto& candidates = left[key_of(after[i].row)];
    const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const Side* a) {
      return !same_name || (a->row.name == after[i].row.name && a->row.suite == after[i].row.suite);
    });
    if (found == candidates.end()) return;
    partner[i] = *found;
    candidates.erase(found);
  };
  for (const bool same_name : {true, false})
    for (std::size_t i = 0; i < after.size(); i++)
      if (!partner[i]) match(i, same_name);
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < after.size(); i++)
    if (partner[i])
      pairs.push_back({partner[i], &after[i]});
    else
      out.only_after.push_back(name_of(after[i].row));
  for (const Side& s : before)
    if (const auto& rest = left[key_of(s.row)]; std::count(rest.begin(), rest.end(), &s) > 0)
      out.only_before.push_back(name_of(s.row));
  return pairs;
}

Compared row_of(const Side& before, const Side& after) {
  Compared row = after.row;
  row.before = before.figure;
  row.after = after.figure;
  return row;
}

/// What outcomes alone say; true when that is all there is to say.
bool judge_outcomes(Compared& row, Outcome before, Outcome after) {
  const std::string words = std::string(to_text(before)) + ", then " + std::string(to_text(after));
  if (is_failure(after) && !is_failure(before)) {
    row.change = Change::regressed, row.why = words;
  } else if (is_failure(before) && after == Outcome::ok) {
    row.change = Change::improved, row.why = words;
  } else if (before == Outcome::ok && after == Outcome::ok && row.before > 0 && row.after > 0) {
    return false;
  } else if (before == Outcome::ok && after == Outcome::ok) {  // of check: right, and not timed
    row.change = Change::same, row.why = "right in both";
  } else {
    row.why = before == after ? std::string(to_text(after)) + " in both" : words;
  }
  return true;
}

void judge_counts(Compared& row) {
  const double ratio = row.after / row.before;
  row.ratio = Interval{ratio, ratio, ratio};
  row.change = ratio > 1 + kChangeOfCounts         ? Change::regressed
               : ratio < 1 / (1 + kChangeOfCounts) ? Change::improved
                                                   : Change::same;
}

bool lies_within(const Interval& ratio, double share) {
  return ratio.low >= 1 / (1 + share) && ratio.high <= 1 + share;
}

/// Gives rows that have a chance their verdict: `same`: the share within which there is no change.
void judge_chances(std::vector<Compared*> rows, double same) {
  std::vector<double> chances;
  for (const Compared* row : rows) chances.push_back(*row->chance);
  chances = corrected_for_many(chances);
  for (std::size_t i = 0; i < rows.size(); i++) {
    Compared& row = *rows[i];
    row.chance = chances[i];
    if (chances[i] <= kChance)
      row.change = row.ratio->estimate > 1 ? Change::regressed : Change::improved;
    else
      row.change = lies_within(*row.ratio, same) ? Change::same : Change::unclear;
  }
}

/// What the rows of two runs scatter by about their median: as a standard deviation, robust against
/// those that did change.
double scatter_of(const std::vector<Shift>& shifts) {
  if (shifts.size() < kLeastToScatter) return 0;
  std::vector<double> ratios;
  for (const Shift& s : shifts) ratios.push_back(s.log_ratio);
  const double centre = median(ratios);
  for (double& r : ratios) r = std::abs(r - centre);
  return 1.4826 * median(ratios);
}

void judge_times(const std::vector<Pair>& pairs, std::vector<Compared>& rows,
                 const std::vector<std::size_t>& timed) {
  std::vector<Shift> shifts;
  std::vector<Compared*> judged;
  for (const std::size_t i : timed) {
    shifts.push_back(
        shift_between(*levels_of(*pairs[i].before->samples), *levels_of(*pairs[i].after->samples)));
    judged.push_back(&rows[i]);
  }
  const double scatter = scatter_of(shifts);
  for (std::size_t k = 0; k < shifts.size(); k++) {
    shifts[k].error = std::max(shifts[k].error, scatter);
    judged[k]->ratio = shifts[k].interval(kChance);
    judged[k]->chance = shifts[k].chance_beyond(kChangeApart);
  }
  judge_chances(judged, kSameApart);
}

/// By suite, and of networks; counts and times apart.
std::vector<ComparedMean> means_of(const std::vector<Compared>& rows) {
  std::vector<ComparedMean> means;
  std::vector<std::vector<double>> ratios;
  for (const Compared& row : rows) {
    if (!row.ratio || row.odd) continue;
    const std::string what = row.network ? "networks" : row.suite;
    auto found = std::find_if(means.begin(), means.end(), [&](const ComparedMean& m) {
      return m.what == what && m.unit == row.unit;
    });
    const auto at = static_cast<std::size_t>(found - means.begin());
    if (found == means.end()) {
      means.push_back({what, row.unit, {}, 0});
      ratios.emplace_back();
    }
    ratios[at].push_back(row.ratio->estimate);
  }
  for (std::size_t i = 0; i < means.size(); i++) {
    means[i].rows = static_cast<int>(ratios[i].size());
    means[i].ratio = geometric_mean_interval(ratios[i], kSeed);
  }
  return means;
}

std::string run_text(const Document& d) {
  return d.run + ", commit " + d.toolchain.commit.substr(0, 12) +
         (d.toolchain.dirty ? " (dirty)" : "");
}

Interval inverse(const Interval& ratio) {
  return {1 / ratio.high, 1 / ratio.estimate, 1 / ratio.low};
}

/// The chance of pairs of an interleaved run; 1 where the interval of their ratio has 1 in it.
double chance_in_turns(const TurnPairs& pairs, const Interval& ratio) {
  if (verdict(ratio, Rule::change) == Verdict::no_difference) return 1;
  const std::vector<double> logs = process_medians(pairs.own, pairs.rival, pairs.processes);
  if (logs.size() < 3) return 1;
  const double n = static_cast<double>(logs.size());
  double sum = 0, squares = 0;
  for (const double x : logs) sum += x;
  for (const double x : logs) squares += (x - sum / n) * (x - sum / n);
  const double error = std::sqrt(squares / (n - 1) / n);
  return error > 0 ? student_chance(sum / n / error, static_cast<int>(n) - 1) : 0;
}

void judge_in_turns(Compared& row, const std::optional<TurnPairs>& pairs,
                    const std::optional<Interval>& ratio) {
  if (!pairs || !ratio) return void(row.why = "too few turns counted in both");
  row.ratio = inverse(*ratio);
  row.chance = chance_in_turns(*pairs, *ratio);
}

std::optional<TurnPairs> turn_pairs(const PeerComparison& c) {
  const std::vector<Sample>&own = c.own.samples, &other = c.peers[0].samples;
  TurnPairs pairs;
  for (std::size_t i = 0; i < std::min(own.size(), other.size()); i++) {
    if (!own[i].accepted || !other[i].accepted) continue;
    pairs.own.push_back(own[i].ns_per_call());
    pairs.rival.push_back(other[i].ns_per_call());
    pairs.processes.push_back(own[i].process.value_or(0));
  }
  if (pairs.own.empty()) return std::nullopt;
  return pairs;
}

Outcome outcome_of(PeerOutcome outcome) {
  switch (outcome) {
    case PeerOutcome::ok:
      return Outcome::ok;
    case PeerOutcome::noisy:
      return Outcome::noisy;
    case PeerOutcome::wrong:
      return Outcome::wrong;
    default:
      return Outcome::no_result;
  }
}

}  // namespace

const char* to_text(Change change) {
  constexpr const char* kWords[] = {"regressed", "improved", "unclear", "same"};
  return kWords[static_cast<int>(change)];
}

bool RunComparison::has(Change change) const {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const Compared& row) { return row.change == change; });
}

RunComparison compare_runs(const Document& before, const Document& after, bool across_machines) {
  RunComparison out;
  out.before = run_text(before);
  out.after = run_text(after);
  out.machine_before = cpu_text(before.machine);
  out.machine = cpu_text(after.machine);
  const std::vector<Side> a = sides_of(before), b = sides_of(after);
  const std::vector<Pair> pairs = pairs_of(a, b, out);
  if (pairs.empty()) throw usage_error("no case and no network is in both runs");
  std::vector<std::size_t> timed;
  for (const Pair& p : pairs) {
    Compared& row = out.rows.emplace_back(row_of(*p.before, *p.after));
    if (judge_outcomes(row, p.before->outcome, p.after->outcome)) continue;
    if (row.unit == FigureUnit::ns)
      timed.push_back(out.rows.size() - 1);
    else
      judge_counts(row);
  }
  const bool one_machine = cpu_id(after.machine).known() && out.machine == out.machine_before;
  if (!timed.empty() && !one_machine) {
    if (!across_machines)
      throw usage_error("times of different machines are not compared: " + out.machine_before +
                        " and " + out.machine +
                        "; --across-machines shows them beside each other, without a verdict");
    out.pairing = Pairing::across_machines;
    for (const std::size_t i : timed) {
      const double ratio = out.rows[i].after / out.rows[i].before;
      out.rows[i].ratio = Interval{ratio, ratio, ratio};
      out.rows[i].why = "another machine: no verdict";
    }
  } else {
    judge_times(pairs, out.rows, timed);
  }
  out.means = means_of(out.rows);
  return out;
}

RunComparison compare_builds(const Document& d) {
  RunComparison out;
  out.pairing = Pairing::interleaved;
  out.after = "this build, commit " + d.toolchain.commit.substr(0, 12) +
              (d.toolchain.dirty ? " (dirty)" : "");
  out.machine_before = out.machine = cpu_text(d.machine);
  for (const Match& m : matches_of(d)) {
    if (!is_of_build(m.rival) || m.records.size() != 1) continue;
    out.before = m.rival;
    Compared& row = out.rows.emplace_back(row_of(side_of(*m.records[0]), side_of(*m.own)));
    if (judge_outcomes(row, m.records[0]->outcome, m.own->outcome)) continue;
    if (row.unit != FigureUnit::ns)
      judge_counts(row);
    else
      judge_in_turns(row, turn_pairs(m), m.ratio);
  }
  for (const NetworkRecord& n : d.networks) {
    if (!n.peers || !is_of_builds(*n.peers) || n.peers->peers.empty()) continue;
    const PeerResult& other = n.peers->peers[0];
    out.before = other.name;
    Compared& row = out.rows.emplace_back(side_of(n).row);
    row.before = other.statistics ? other.statistics->median_ns : 0;
    row.after = n.statistics ? n.statistics->median_ns : 0;
    if (!judge_outcomes(row, outcome_of(other.outcome), n.outcome))
      judge_in_turns(row, turn_pairs(*n.peers), other.ratio);
  }
  if (out.rows.empty())
    throw usage_error(
        "compares a run with another: name two, or one that `bench --against-build` made");
  std::vector<Compared*> judged;
  for (Compared& row : out.rows)
    if (row.chance) judged.push_back(&row);
  judge_chances(judged, kSameInTurns);
  out.means = means_of(out.rows);
  return out;
}

}  // namespace halcyon
