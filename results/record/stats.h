#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "results/record/sample.h"
#include "results/record/statistics.h"

namespace halcyon {

double median(std::vector<double>);              // of a non-empty list
double quantile(std::vector<double>, double q);  // linear between order statistics
double geometric_mean(std::span<const double>);

/// From the accepted samples. Empty list of accepted: nullopt.
std::optional<Statistics> statistics_of(const std::vector<Sample>&, MacCounts);

struct Interval {
  double low = 0, estimate = 0, high = 0;
  bool operator==(const Interval&) const = default;
};
/// Median of b/a over pairs with its 95 % bootstrap interval (BCa, 10,000 draws, seeded).
Interval paired_ratio(std::span<const double> a, std::span<const double> b, std::uint64_t seed);
/// The same of pairs that several processes gave, of[i] the one of pair i: two processes of one
/// program differ by 1 to 2 %, by where their memory lies, and pairs of one of them say nothing of
/// that. The interval covers that of the pairs and, from three processes on, the 95 % interval by
/// Student's t of the processes' medians.
Interval paired_ratio(std::span<const double> a, std::span<const double> b, std::span<const int> of,
                      std::uint64_t seed);
/// Of log(b/a): by process the median over its pairs. What a process adds of its own shows between
/// them.
std::vector<double> process_medians(std::span<const double> a, std::span<const double> b,
                                    std::span<const int> of);
/// Geometric mean with a bootstrap interval.
Interval geometric_mean_interval(std::span<const double>, std::uint64_t seed);

/// How likely Student's t of so many degrees of freedom lies further from 0 than `t`, on either
/// side.
double student_chance(double t, int freedom);
/// The t that is passed with that chance.
double student_point(double chance, int freedom);
/// Chances of many tests at once, made larger so that one below 0.05 among them all is found by
/// luck in one run of 20 at most, whatever they have to do with each other (Holm 1979). In the
/// order of the argument.
std::vector<double> corrected_for_many(const std::vector<double>& chances);

/// The two rules, named in every verdict. `winner`: the whole interval clears 1.02 (or lies under
/// 1/1.02). `change`: the interval excludes 1.
enum class Rule { winner, change };
enum class Verdict { better, worse, no_difference };
Verdict verdict(const Interval& speedup, Rule);

}  // namespace halcyon
