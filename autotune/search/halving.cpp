#include "autotune/search/halving.h"

#include <algorithm>

#include "results/record/stats.h"

namespace halcyon {

std::vector<Rung> rungs(const Protocol& protocol, bool measures_time) {
  if (!measures_time) return {{protocol, 0, true}};
  // Laggards of a quarter are seen in 5 samples, even where single ones are off by 10 %.
  constexpr int kLook = 5;
  constexpr double kKeepWithin = 1.25;
  Protocol look = protocol;
  look.wanted_samples = kLook;
  look.least_samples = 3;
  look.case_cap_seconds = protocol.case_cap_seconds / 4;
  return {{look, kKeepWithin, false}, {protocol, 0, true}};
}

std::vector<double> rounds_of(const Measured& m) {
  if (m.counts) return {m.counts->per_call()};
  std::vector<double> rounds;
  for (const Sample& s : m.samples) rounds.push_back(s.accepted ? s.ns_per_call() : 0);
  return rounds;
}

double median_of_rounds(const std::vector<double>& rounds) {
  std::vector<double> taken;
  for (double figure : rounds)
    if (figure > 0) taken.push_back(figure);
  return taken.empty() ? 0 : median(taken);
}

std::optional<double> relative_cost(const std::vector<double>& start,
                                    const std::vector<double>& candidate) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(start.size(), candidate.size()); i++)
    if (start[i] > 0 && candidate[i] > 0) ratios.push_back(candidate[i] / start[i]);
  if (ratios.empty()) return std::nullopt;
  return median(ratios);
}

void append_rounds(const std::vector<Measured>& measured,
                   std::vector<std::vector<double>>& figures) {
  std::size_t rounds = 0;
  for (std::size_t i = 0; i < measured.size(); i++) {
    const auto own = rounds_of(measured[i]);
    figures[i].insert(figures[i].end(), own.begin(), own.end());
    rounds = std::max(rounds, figures[i].size());
  }
  for (auto& row : figures) row.resize(rounds, 0);
}

void add_process(const Measured& m, Measured& sum) {
  std::vector<Sample> samples = std::move(sum.samples);
  samples.insert(samples.end(), m.samples.begin(), m.samples.end());
  const bool failed_before = !sum.id.empty() && sum.outcome != Outcome::ok;
  if (!failed_before) sum = m;
  sum.samples = std::move(samples);
}

}  // namespace halcyon
