#pragma once
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "suites/protocol/protocol.h"

namespace halcyon {

/// What a reading is held to: `share` of the level, which is a quantile of the window before it.
struct GateRule {
  double share, quantile, window_seconds;
};
inline GateRule clock_rule(const Protocol& p) {
  return {p.probe_gate, p.level_quantile, p.window_seconds};
}
inline GateRule memory_rule(const Protocol& p) {
  return {p.read_gate, p.level_quantile, p.window_seconds};
}

/// Decides which samples count: both probes around the work must come near the level of late.
/// Pure: times and rates are told, so that tests feed it made-up series.
class ProbeGate {
 public:
  explicit ProbeGate(const GateRule&);
  void saw(double at_seconds, double rate);
  /// The rule's quantile of the window, each second of it counting alike; 0 before the first
  /// reading. Not the best: where a host takes slices of a few us all the time, single probes that
  /// met none lie 8 % above what any piece of work gets, and a shared machine's best read bandwidth
  /// is an outlier. The median: what disturbs for less than half of the window is told apart; what
  /// disturbs for longer is what this machine gives, and shows in the probes that are kept.
  double level(double at_seconds) const;
  bool accepts(double before, double after, double at_seconds) const;
  /// The third highest of the whole run: a clock that jumps makes one probe too fast. 0 before
  /// there are three.
  double fastest() const { return highest_.back(); }

 private:
  static constexpr int kBuckets = 30;           // of the window
  static constexpr std::size_t kMostKept = 32;  // readings of a bucket; then every other goes
  struct Bucket {
    std::int64_t number = -1;
    std::int64_t seen = 0, stride = 1;  // every stride-th reading is kept
    std::vector<double> rates;
  };
  std::int64_t number_at(double seconds) const;

  GateRule rule_;
  double bucket_seconds_;
  std::array<double, 3> highest_{};  // descending
  std::array<Bucket, kBuckets> buckets_;
};

/// The gates of several threads, whose probes come together: one of each. What disturbs one thread
/// spoils the sample of all.
class TeamGate {
 public:
  TeamGate(int threads, const GateRule& rule)
      : gates_(static_cast<std::size_t>(threads), ProbeGate(rule)) {}
  void saw(double at_seconds, std::span<const double> rates);
  bool accepts(std::span<const double> before, std::span<const double> after,
               double at_seconds) const;
  /// The best of the whole run, of all threads together.
  double fastest() const;

 private:
  std::vector<ProbeGate> gates_;  // by thread
};

/// The read bandwidth before and after one piece of work, each held to the level of its own kind:
/// what the work leaves in L3 is part of what the second probe sees, and after a network of 35 MB
/// of weights it sees a tenth less.
class ReadGate {
 public:
  ReadGate(const Protocol& p, int threads) : before_(threads, memory_rule(p)), after_(before_) {}
  void saw_before(double at_seconds, std::span<const double> rates) {
    before_.saw(at_seconds, rates);
  }
  void saw_after(double at_seconds, std::span<const double> rates) {
    after_.saw(at_seconds, rates);
  }
  bool accepts(std::span<const double> before, std::span<const double> after,
               double at_seconds) const {
    return before_.accepts(before, before, at_seconds) && after_.accepts(after, after, at_seconds);
  }

 private:
  TeamGate before_, after_;
};

/// Enters into a sample whether it counts, and else what refused it: the gates that were asked, and
/// its own queue_delay.
void judge(Sample&, bool clock, bool memory, const Protocol&);

/// Where the sampling of one case stands.
struct SampleTally {
  int accepted = 0, taken = 0;
  double spent_seconds = 0;
  std::vector<double> calls_ns;  // of the accepted samples, a call each
  Rejected rejected;
  /// Enters a sample; `seconds`: what taking it took.
  void add(const Sample&, double seconds);
};
/// Of samples that were taken before.
SampleTally tally_of(const std::vector<Sample>&);
/// How well the median of figures is known: half of its 95 % interval (by ranks, which asks nothing
/// of their distribution) over itself. 0 of fewer than 8, which say nothing of it.
double median_uncertainty(std::vector<double> figures);
bool finished(const SampleTally&, const Protocol&);
/// Why the samples of a case that is finished make no figure, in one line; empty where they do.
std::string why_noisy(const SampleTally&, const Protocol&);
/// How often the work is repeated inside a sample, so that it lasts least_sample_us; 1 where every
/// call must find cold caches.
std::int64_t iterations_for(double call_ns, const Protocol&);
/// True when a call is faster than its arithmetic allows: macs that fall inside the input, at 1.05
/// of the fastest rate probed in the run (of all threads), in GFLOP/s; or takes no time at all.
bool is_impossible(double call_ns, std::int64_t macs_inside, double fastest_gflops);

/// The order of turns: every round is a fresh random permutation of the cases that are not
/// finished, so that neighbours in time differ. The same for the same seed, everywhere.
class TurnOrder {
 public:
  explicit TurnOrder(std::uint64_t seed) : random_(seed) {}
  void shuffle(std::vector<std::size_t>& cases);

 private:
  std::mt19937_64 random_;
};

}  // namespace halcyon
