#include "results/comparison/levels.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace halcyon {
namespace {

// What two processes of one program differ by, for runs that were measured in one process alone and
// cannot say it themselves: 1 to 2 % is what was seen.
constexpr double kUnknownSpread = 0.02;
constexpr int kUnknownFreedom = 4;

double mean(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

double squares(const std::vector<double>& v) {
  const double centre = mean(v);
  double sum = 0;
  for (const double x : v) sum += (x - centre) * (x - centre);
  return sum;
}

struct Spread {
  double deviation;  // of one process
  int freedom;
};
Spread spread_of(double sum_of_squares, int freedom) {
  if (freedom < 1) return {kUnknownSpread, kUnknownFreedom};
  return {std::sqrt(sum_of_squares / freedom), freedom};
}

}  // namespace

std::optional<Levels> levels_of(const std::vector<Sample>& samples) {
  std::map<int, std::vector<double>> calls;
  std::vector<double> fma, read;
  for (const Sample& s : samples) {
    if (!s.accepted) continue;
    calls[s.process.value_or(0)].push_back(s.ns_per_call());
    fma.insert(fma.end(), {s.probe_before, s.probe_after});
    if (s.read_before > 0 && s.read_after > 0)
      read.insert(read.end(), {s.read_before, s.read_after});
  }
  if (calls.empty()) return std::nullopt;
  Levels levels;
  for (const auto& [process, ns] : calls) levels.logs.push_back(std::log(median(ns)));
  const auto log_of = [](const std::vector<double>& rates) {
    const double rate = rates.empty() ? 0 : median(rates);
    return rate > 0 ? std::log(rate) : 0;
  };
  levels.fma = log_of(fma);
  levels.read = log_of(read);
  levels.probed_reads = !read.empty();
  return levels;
}

Shift shift_between(const Levels& a, const Levels& b) {
  Shift s;
  s.log_ratio = mean(b.logs) - mean(a.logs);
  // A time is inverse to the rate that decides it, and either may.
  const double by_fma = s.log_ratio + b.fma - a.fma;
  const double by_read =
      a.probed_reads && b.probed_reads ? s.log_ratio + b.read - a.read : s.log_ratio;
  s.least = std::min({s.log_ratio, by_fma, by_read});
  s.most = std::max({s.log_ratio, by_fma, by_read});
  const auto count = [](const Levels& l) { return static_cast<double>(l.logs.size()); };
  const bool both = a.logs.size() > 1 && b.logs.size() > 1;
  const Spread spread = spread_of(squares(a.logs) + squares(b.logs),
                                  both ? static_cast<int>(a.logs.size() + b.logs.size()) - 2 : 0);
  s.error = spread.deviation * std::sqrt(1 / count(a) + 1 / count(b));
  s.freedom = spread.freedom;
  const auto [a_low, a_high] = std::minmax_element(a.logs.begin(), a.logs.end());
  const auto [b_low, b_high] = std::minmax_element(b.logs.begin(), b.logs.end());
  s.apart = *a_high < *b_low || *b_high < *a_low;
  return s;
}

Interval Shift::interval(double chance) const {
  const double half = student_point(chance, freedom) * error;
  return {std::exp(least - half), std::exp(log_ratio), std::exp(most + half)};
}

double Shift::chance_beyond(double share) const {
  const double bar = std::log1p(share);
  const double beyond =
      std::max(least - bar, -bar - most);  // what is surely beyond, on either side
  if (beyond <= 0 || !apart) return 1;
  return error > 0 ? student_chance(beyond / error, freedom) : 0;
}

Interval reach_of(const Levels& levels, double chance) {
  const Spread spread = spread_of(squares(levels.logs), static_cast<int>(levels.logs.size()) - 1);
  const double n = static_cast<double>(levels.logs.size()), centre = mean(levels.logs);
  const double half = student_point(chance, spread.freedom) * spread.deviation / std::sqrt(n);
  return {std::exp(centre - half), std::exp(centre), std::exp(centre + half)};
}

}  // namespace halcyon
