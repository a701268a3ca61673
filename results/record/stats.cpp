#include "results/record/stats.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numbers>
#include <numeric>
#include <stdexcept>

namespace halcyon {
namespace {

constexpr int kDraws = 10000;
constexpr double kTail = 0.025;  // on each side of a 95 % interval

/// SplitMix64: the same numbers on every machine and with every library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  /// Uniform in 0 .. n-1 (n below 2^32; the bias is under n / 2^32).
  std::size_t below(std::size_t n) { return ((next() >> 32) * n) >> 32; }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// Bisection of normal_cdf: exact to the last digits that matter, called three times per interval.
double normal_quantile(double p) {
  double low = -10, high = 10;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (normal_cdf(middle) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

double quantile_of_sorted(const std::vector<double>& v, double q) {
  const double at = q * static_cast<double>(v.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, v.size() - 1);
  return v[below] + (at - static_cast<double>(below)) * (v[above] - v[below]);
}

double median_of(std::vector<double>& v) {  // reorders
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  if (v.size() % 2) return *middle;
  return (*std::max_element(v.begin(), middle) + *middle) / 2;
}

double mean(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

/// Half of the 95 % interval of the mean of at least two values.
double student_half(const std::vector<double>& v) {
  // Two-sided 95 % points of Student's t for 1, 2, .. degrees of freedom (NIST/SEMATECH e-Handbook
  // of Statistical Methods, 1.3.6.7.2); beyond, that of the last is a little wide.
  constexpr double kPoints[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};
  const double centre = mean(v), n = static_cast<double>(v.size());
  double squares = 0;
  for (const double x : v) squares += (x - centre) * (x - centre);
  return kPoints[std::min(v.size() - 2, std::size(kPoints) - 1)] * std::sqrt(squares / (n - 1) / n);
}

/// Skewness of the statistic's response to leaving out one value (the jackknife); 0 when flat.
template <class Statistic>
double acceleration(std::span<const double> values, Statistic statistic) {
  std::vector<double> left_out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::vector<double> rest(values.begin(), values.end());
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    left_out.push_back(statistic(rest));
  }
  const double centre = mean(left_out);
  double squares = 0, cubes = 0;
  for (double x : left_out) {
    squares += (centre - x) * (centre - x);
    cubes += (centre - x) * (centre - x) * (centre - x);
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// Bias-corrected and accelerated percentile interval (Efron 1987). `statistic` may reorder its
/// argument.
template <class Statistic>
Interval bootstrap(std::span<const double> values, Statistic statistic, std::uint64_t seed) {
  std::vector<double> draw(values.begin(), values.end());
  Interval interval;
  interval.low = interval.estimate = interval.high = statistic(draw);
  if (values.size() < 2) return interval;
  Random random(seed);
  std::vector<double> estimates(kDraws);
  double below = 0;  // a tie counts half: the median of few values repeats itself
  for (double& estimate : estimates) {
    for (double& x : draw) x = values[random.below(values.size())];
    estimate = statistic(draw);
    below += estimate < interval.estimate ? 1 : estimate == interval.estimate ? 0.5 : 0;
  }
  std::sort(estimates.begin(), estimates.end());
  const double bias = normal_quantile(std::clamp(below / kDraws, 1.0 / kDraws, 1 - 1.0 / kDraws));
  const double a = acceleration(values, statistic);
  const auto end = [&](double tail) {
    const double z = bias + normal_quantile(tail);
    return quantile_of_sorted(estimates, normal_cdf(bias + z / (1 - a * z)));
  };
  interval.low = end(kTail);
  interval.high = end(1 - kTail);
  return interval;
}

void demand(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(what);
}

}  // namespace

double quantile(std::vector<double> v, double q) {
  demand(!v.empty(), "quantile of nothing");
  demand(q >= 0 && q <= 1, "quantile outside 0 .. 1");
  std::sort(v.begin(), v.end());
  return quantile_of_sorted(v, q);
}

double median(std::vector<double> v) {
  demand(!v.empty(), "median of nothing");
  return median_of(v);
}

double geometric_mean(std::span<const double> v) {
  demand(!v.empty(), "geometric mean of nothing");
  double logs = 0;
  for (double x : v) {
    demand(x > 0, "geometric mean of a value that is not positive");
    logs += std::log(x);
  }
  return std::exp(logs / static_cast<double>(v.size()));
}

std::optional<Statistics> statistics_of(const std::vector<Sample>& samples, MacCounts counts) {
  std::vector<double> per_call, probes;
  for (const Sample& s : samples) {
    if (!s.accepted) continue;
    per_call.push_back(s.ns_per_call());
    probes.insert(probes.end(), {s.probe_before, s.probe_after});
  }
  if (per_call.empty()) return std::nullopt;
  Statistics out;
  out.median_ns = median(per_call);
  out.q25_ns = quantile(per_call, 0.25);
  out.min_ns = *std::min_element(per_call.begin(), per_call.end());
  out.accepted = static_cast<int>(per_call.size());
  out.taken = static_cast<int>(samples.size());
  out.peak_gflops = median(probes);
  out.gflops = 2 * static_cast<double>(counts.macs) / out.median_ns;
  const double inside_gflops = 2 * static_cast<double>(counts.inside) / out.median_ns;
  if (out.peak_gflops > 0) out.percent_of_peak = 100 * inside_gflops / out.peak_gflops;
  return out;
}

Interval paired_ratio(std::span<const double> a, std::span<const double> b, std::uint64_t seed) {
  demand(a.size() == b.size() && !a.empty(), "pairs of unequal or no values");
  std::vector<double> ratios(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    demand(a[i] > 0 && b[i] > 0, "ratio of a value that is not positive");
    ratios[i] = b[i] / a[i];
  }
  return bootstrap(
      ratios, [](const std::vector<double>& v) { return median(v); }, seed);
}

Interval paired_ratio(std::span<const double> a, std::span<const double> b, std::span<const int> of,
                      std::uint64_t seed) {
  demand(of.size() == a.size(), "pairs of unknown processes");
  Interval all = paired_ratio(a, b, seed);
  const std::vector<double> medians = process_medians(a, b, of);
  if (medians.size() < 3) return all;
  const double centre = mean(medians), half = student_half(medians);
  all.low = std::min(all.low, std::exp(centre - half));
  all.high = std::max(all.high, std::exp(centre + half));
  return all;
}

std::vector<double> process_medians(std::span<const double> a, std::span<const double> b,
                                    std::span<const int> of) {
  std::map<int, std::vector<double>> ratios;
  for (std::size_t i = 0; i < of.size(); ++i) ratios[of[i]].push_back(std::log(b[i] / a[i]));
  std::vector<double> medians;
  for (auto& [process, logs] : ratios) medians.push_back(median_of(logs));
  return medians;
}

double student_chance(double t, int freedom) {
  demand(freedom >= 1, "no degree of freedom");
  // Abramowitz and Stegun, 26.7.3 and 26.7.4: finite sums in the angle.
  const double angle = std::atan(std::abs(t) / std::sqrt(freedom)), c = std::cos(angle);
  const bool odd = freedom % 2 == 1;
  double term = odd ? c : 1, sum = freedom == 1 ? 0 : term;
  for (int i = odd ? 3 : 2; i < freedom; i += 2) sum += term *= c * c * (i - 1) / i;
  const double inside =
      odd ? 2 / std::numbers::pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
  return std::max(0.0, 1 - inside);
}

double student_point(double chance, int freedom) {
  double low = 0, high = 1e6;
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (student_chance(middle, freedom) > chance ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<double> corrected_for_many(const std::vector<double>& chances) {
  std::vector<std::size_t> order(chances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return chances[a] < chances[b]; });
  std::vector<double> corrected(chances.size());
  double least = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double left = static_cast<double>(chances.size() - rank);
    least = std::max(least, std::min(1.0, left * chances[order[rank]]));
    corrected[order[rank]] = least;
  }
  return corrected;
}

Interval geometric_mean_interval(std::span<const double> v, std::uint64_t seed) {
  demand(!v.empty(), "geometric mean of nothing");
  std::vector<double> logs(v.size());
  for (std::size_t i = 0; i < v.size(); ++i) {
    demand(v[i] > 0, "geometric mean of a value that is not positive");
    logs[i] = std::log(v[i]);
  }
  const Interval of_logs = bootstrap(logs, mean, seed);
  return {std::exp(of_logs.low), std::exp(of_logs.estimate), std::exp(of_logs.high)};
}

Verdict verdict(const Interval& speedup, Rule rule) {
  const double bar = rule == Rule::winner ? 1.02 : 1;
  if (speedup.low > bar) return Verdict::better;
  if (speedup.high < 1 / bar) return Verdict::worse;
  return Verdict::no_difference;
}

}  // namespace halcyon
