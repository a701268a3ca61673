#include "suites/runner/gate.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace halcyon {
namespace {

/// Puts `rate` into a descending list if it belongs there.
void keep_highest(std::array<double, 3>& highest, double rate) {
  for (double& kept : highest)
    if (rate > kept) std::swap(rate, kept);
}

/// The third highest; of fewer, the lowest there is.
double robust_best(const std::array<double, 3>& highest) {
  double best = 0;
  for (const double rate : highest)
    if (rate > 0) best = rate;
  return best;
}

}  // namespace

ProbeGate::ProbeGate(double share, double window_seconds)
    : share_(share), bucket_seconds_(window_seconds / kBuckets) {}

std::int64_t ProbeGate::number_at(double seconds) const {
  return static_cast<std::int64_t>(std::floor(seconds / bucket_seconds_));
}

void ProbeGate::saw(double at_seconds, double rate) {
  const std::int64_t number = number_at(at_seconds);
  Bucket& bucket = buckets_[static_cast<std::size_t>(number % kBuckets)];
  if (bucket.number != number) bucket = {number, {}};
  keep_highest(bucket.highest, rate);
  fastest_ = std::max(fastest_, highest_at(at_seconds).back());
}

std::array<double, 3> ProbeGate::highest_at(double seconds) const {
  const std::int64_t number = number_at(seconds);
  std::array<double, 3> highest{};
  for (const Bucket& b : buckets_)
    if (b.number >= 0 && number - b.number < kBuckets)
      for (const double rate : b.highest) keep_highest(highest, rate);
  return highest;
}

double ProbeGate::best(double at_seconds) const { return robust_best(highest_at(at_seconds)); }

bool ProbeGate::accepts(double before, double after, double at_seconds) const {
  const double bar = share_ * best(at_seconds);
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

bool finished(const SampleTally& p, const Protocol& protocol) {
  return p.accepted >= protocol.wanted_samples || p.spent_seconds >= protocol.case_cap_seconds;
}

Outcome outcome_of(const SampleTally& p, const Protocol& protocol) {
  return p.accepted >= protocol.least_samples ? Outcome::ok : Outcome::noisy;
}

std::int64_t iterations_for(double call_ns, const Protocol& protocol) {
  if (protocol.state == "cold") return 1;
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
