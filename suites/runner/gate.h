#pragma once
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "suites/meter.h"

namespace halcyon {

/// Decides which samples count: both probes around the work must come near the best probe of late.
/// Pure: times and rates are told, so that tests feed it made-up series.
class ProbeGate {
 public:
  /// `share` of the best that is asked.
  ProbeGate(double share, double window_seconds);
  void saw(double at_seconds, double rate);
  /// The bar is a share of this: not the maximum but the third highest of the window. A clock that
  /// jumps makes one probe too fast, and would have every later sample refused. (No cap at the
  /// core's physical rate: the kernel's idea of the highest clock often leaves out the boost.)
  double best(double at_seconds) const;
  bool accepts(double before, double after, double at_seconds) const;
  /// The best of the whole run.
  double fastest() const { return fastest_; }

 private:
  static constexpr int kBuckets = 30;  // of the window; a bucket keeps its three highest
  struct Bucket {
    std::int64_t number = -1;
    std::array<double, 3> highest{};
  };
  std::int64_t number_at(double seconds) const;
  std::array<double, 3> highest_at(double seconds) const;

  double share_, bucket_seconds_, fastest_ = 0;
  std::array<Bucket, kBuckets> buckets_;
};

/// The gates of several threads, whose probes come together: one of each. What disturbs one thread
/// spoils the sample of all.
class TeamGate {
 public:
  TeamGate(int threads, double share, double window_seconds)
      : gates_(static_cast<std::size_t>(threads), ProbeGate(share, window_seconds)) {}
  void saw(double at_seconds, std::span<const double> rates);
  bool accepts(std::span<const double> before, std::span<const double> after,
               double at_seconds) const;
  /// The best of the whole run, of all threads together.
  double fastest() const;

 private:
  std::vector<ProbeGate> gates_;  // by thread
};

/// The read bandwidth before and after one piece of work, each held to the best of its own kind:
/// what the work leaves in L3 is part of what the second probe sees, and after a network of 35 MB
/// of weights it sees a tenth less.
class ReadGate {
 public:
  ReadGate(const Protocol& p, int threads)
      : before_(threads, p.read_gate, p.best_window_seconds), after_(before_) {}
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

/// Where the sampling of one case stands.
struct SampleTally {
  int accepted = 0, taken = 0;
  double spent_seconds = 0;
};
bool finished(const SampleTally&, const Protocol&);
/// ok or noisy, for a case that is finished.
Outcome outcome_of(const SampleTally&, const Protocol&);
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
