#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "suites/runner/bundle/case_memory.h"
#include "suites/runner/check/check.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/timing/probe.h"

namespace halcyon {

/// One case made ready for timing: arguments in memory, verified, its repetitions chosen.
class TimedCase {
 public:
  /// `evict`: a set larger than the last-level cache; reading it makes caches cold.
  TimedCase(const BundledCase&, const Protocol&, const CacheBytes&, ReadProbe& evict);

  /// Calls once on poisoned outputs and judges outputs and inputs, on the buffers that are timed.
  Finding verify(Check& seen);
  /// Chooses the repetitions from a few calls.
  void calibrate();
  /// Brings caches into the state that the case is timed in.
  void prepare();
  /// ns of iterations() calls.
  std::int64_t run();

  const BundledCase& bundled() const { return case_; }
  std::int64_t iterations() const { return iterations_; }
  double expected_ns() const { return call_ns_ * static_cast<double>(iterations_); }  // of a run
  bool exceeds_l2() const { return exceeds_l2_; }

 private:
  bool rotates() const { return !weights_.empty() && protocol_.state == CacheState::cold_weights; }
  void make_copies();
  void bind_copy(std::size_t copy);

  const BundledCase& case_;
  const Protocol& protocol_;
  ReadProbe& evict_;
  CaseMemory memory_;
  Call& call_;
  bool exceeds_l2_;
  double call_ns_ = 0;
  std::int64_t iterations_ = 1;
  struct Weight {
    std::size_t argument, offset;  // within one copy
  };
  std::vector<Weight> weights_;
  std::size_t copy_stride_ = 0;
  std::vector<std::size_t> copy_order_;  // the first is for the warm call
  std::unique_ptr<Pages> copies_;
};

}  // namespace halcyon
