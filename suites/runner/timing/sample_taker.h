#pragma once
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "suites/protocol/gate.h"
#include "suites/runner/check/check.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/timing/probe.h"
#include "suites/runner/timing/team.h"

namespace halcyon {

/// Work that samples are taken of.
struct Sampled {
  std::function<void()> prepare;      // brings caches into the state that is timed
  std::function<std::int64_t()> run;  // returns the ns that it took
  std::int64_t iterations = 1;        // in one run
  double expected_ns = 0;             // of one run, about: how long its probes should be
  bool exceeds_l2 = false;            // then read bandwidth counts, too
  DType peak = DType::f32;            // whose probe says what the core gives
};

/// Takes samples: probes, work, probes, on the cores that it gives the kernels' threads; and says
/// which of them count and what they amount to. Design section 7.
class SampleTaker {
 public:
  /// Throws std::runtime_error when the core is not allowed, or so many are not.
  SampleTaker(const std::string& isa, const Protocol&, int threads);

  const CacheBytes& caches() const { return caches_; }
  /// A set larger than the last-level cache: reading it makes caches cold. Tiny in state `warm`.
  ReadProbe& evict() { return evict_; }
  /// Fills the gate's window, so that the first sample is judged like the last.
  void warm_up();
  /// One sample, judged by the work's own read gate and entered into `progress`. After a rejected
  /// one it waits: what disturbed it lasts a while.
  Sample take(const Sampled&, ReadGate&, SampleTally& progress);
  /// What the samples of finished work amount to: ok, noisy, or impossible when faster than
  /// `macs_inside` of one call allow.
  Finding verdict(const SampleTally&, std::int64_t macs_inside, DType peak = DType::f32) const;

 private:
  /// Probes of one dtype and length, and what they are held to: short ones meet a host's
  /// interruptions or miss them, long ones meet their share. They have no level in common.
  struct Clock {
    DType peak;
    int times;  // kProbeNs
    TeamGate gate;
  };
  Clock& clock_for(const Sampled&);
  Readings fma(Clock&);
  Readings read();
  Sample sample(const Sampled&, ReadGate&);
  const FmaProbe& probe_of(DType peak);
  double fastest(DType peak) const;  // GFLOP/s of all threads together
  Finding impossible(double call_ns, std::int64_t macs_inside, DType peak) const;

  const Protocol& protocol_;
  const int threads_;
  CacheBytes caches_;
  const std::string isa_;
  std::map<DType, FmaProbe> probes_;
  TeamReadProbe read_;
  ReadProbe evict_;
  std::size_t next_slice_ = 0;  // of evict_
  std::deque<Clock> clocks_;
  int turns_ = 0;
};

}  // namespace halcyon
