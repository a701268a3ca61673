#include "suites/protocol/gate.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "results/text/format.h"

namespace halcyon {
namespace {

/// Puts `rate` into a descending list if it belongs there.
void keep_highest(std::array<double, 3>& highest, double rate) {
  for (double& kept : highest)
    if (rate > kept) std::swap(rate, kept);
}

}  // namespace

ProbeGate::ProbeGate(const GateRule& rule)
    : rule_(rule), bucket_seconds_(rule.window_seconds / kBuckets) {}

std::int64_t ProbeGate::number_at(double seconds) const {
  return static_cast<std::int64_t>(std::floor(seconds / bucket_seconds_));
}

void ProbeGate::saw(double at_seconds, double rate) {
  keep_highest(highest_, rate);
  const std::int64_t number = number_at(at_seconds);
  Bucket& bucket = buckets_[static_cast<std::size_t>(number % kBuckets)];
  if (bucket.number != number) bucket = {number, 0, 1, {}};
  if (bucket.seen++ % bucket.stride == 0) bucket.rates.push_back(rate);
  if (bucket.rates.size() < kMostKept) return;
  for (std::size_t i = 0; 2 * i < bucket.rates.size(); i++) bucket.rates[i] = bucket.rates[2 * i];
  bucket.rates.resize((bucket.rates.size() + 1) / 2);
  bucket.stride *= 2;
}

double ProbeGate::level(double at_seconds) const {
  const std::int64_t number = number_at(at_seconds);
  std::vector<double> rates;
  for (const Bucket& b : buckets_)
    if (b.number >= 0 && number - b.number < kBuckets)
      rates.insert(rates.end(), b.rates.begin(), b.rates.end());
  if (rates.empty()) return 0;
  const auto at = rates.begin() + static_cast<std::ptrdiff_t>(
                                      rule_.quantile * static_cast<double>(rates.size() - 1));
  std::nth_element(rates.begin(), at, rates.end());
  return *at;
}

bool ProbeGate::accepts(double before, double after, double at_seconds) const {
  const double bar = rule_.share * level(at_seconds);
  return before >= bar && after >= bar;
}

void TeamGate::saw(double at_seconds, std::span<const double> rates) {
  for (std::size_t t = 0; t < gates_.size(); t++) gates_[t].saw(at_seconds, rates[t]);
}

bool TeamGate::accepts(std::span<const double> before, std::span<const double> after,
                       double at_seconds) const {
  for (std::size_t t = 0; t < gates_.size(); t++)
    if (!gates_[t].accepts(before[t], after[t], at_seconds)) return false;
  return true;
}

double TeamGate::fastest() const {
  double sum = 0;
  for (const ProbeGate& gate : gates_) sum += gate.fastest();
  return sum;
}

void judge(Sample& s, bool clock, bool memory, const Protocol& protocol) {
  const auto hold = [&](Gate gate, bool passed) {
    if (!passed) s.refused_by.push_back(gate);
  };
  hold(Gate::clock, clock);
  hold(Gate::memory, memory);
  hold(Gate::queue, s.queue_delay <= protocol.queue_delay_limit);
  s.accepted = s.refused_by.empty();
}

void SampleTally::add(const Sample& s, double seconds) {
  taken++;
  spent_seconds += seconds;
  rejected.add(s);
  if (!s.accepted) return;
  accepted++;
  calls_ns.push_back(s.ns_per_call());
}

double median_uncertainty(std::vector<double> figures) {
  constexpr std::size_t kLeast = 8;
  if (figures.size() < kLeast) return 0;
  std::sort(figures.begin(), figures.end());
  // The number of figures below the true median is binomial(n, 1/2).
  const double middle = static_cast<double>(figures.size() - 1) / 2,
               reach = 1.96 * std::sqrt(static_cast<double>(figures.size())) / 2;
  const auto low = static_cast<std::size_t>(std::max(0.0, std::floor(middle - reach)));
  const auto high =
      std::min(figures.size() - 1, static_cast<std::size_t>(std::ceil(middle + reach)));
  return (figures[high] - figures[low]) / 2 / figures[figures.size() / 2];
}

bool finished(const SampleTally& p, const Protocol& protocol) {
  if (p.spent_seconds >= protocol.case_cap_seconds) return true;
  return p.accepted >= protocol.wanted_samples &&
         median_uncertainty(p.calls_ns) <= protocol.median_limit;
}

SampleTally tally_of(const std::vector<Sample>& samples) {
  SampleTally tally;
  for (const Sample& s : samples) tally.add(s, 0);
  return tally;
}

std::string why_noisy(const SampleTally& p, const Protocol& protocol) {
  if (p.accepted < protocol.least_samples)
    return too_few_text(p.accepted, p.taken, protocol.least_samples) + "; refused by " +
           to_text(p.rejected);
  const double uncertainty = median_uncertainty(p.calls_ns);
  if (uncertainty <= protocol.median_limit) return "";
  return "the median of " + std::to_string(p.accepted) + " samples is known to " +
         percent_text(100 * uncertainty) + " only, allowed " +
         percent_text(100 * protocol.median_limit);
}

std::int64_t iterations_for(double call_ns, const Protocol& protocol) {
  if (protocol.state == CacheState::cold) return 1;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(
                                       protocol.least_sample_us * 1e3 / std::max(call_ns, 1.0))));
}

bool is_impossible(double call_ns, std::int64_t macs_inside, double fastest_gflops) {
  constexpr double kMargin = 1.05;
  if (!(call_ns > 0)) return true;
  const double gflops = 2 * static_cast<double>(macs_inside) / call_ns;
  return fastest_gflops > 0 && gflops > kMargin * fastest_gflops;
}

void TurnOrder::shuffle(std::vector<std::size_t>& cases) {
  for (std::size_t i = cases.size(); i > 1; i--)  // std::shuffle differs between libraries
    std::swap(cases[i - 1], cases[random_() % i]);
}

}  // namespace halcyon
