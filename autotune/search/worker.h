#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "results/record/record.h"
#include "suites/trials/named_candidate.h"

namespace halcyon {

/// What came of a trial.
struct Tried {
  Record record;
  /// As a multiple of the start's, both measured interleaved; none without a figure. Of a pruned
  /// one: where it stood when it was dropped.
  std::optional<double> cost;
  double seconds = 0;  // it took, by the worker's clock
};

/// Figures of candidates that were measured interleaved, for one call.
struct Interleaved {
  std::string state;  // warm, cold-weights
  /// By candidate, by round; 0 where the sample was disturbed or not taken.
  std::vector<std::vector<double>> figures;
  std::vector<Record> records;  // by candidate, one of each
};

/// Tries candidates: compiles, checks, measures. The only part of a search that takes time.
class Worker {
 public:
  virtual ~Worker() = default;
  virtual FigureUnit unit() const = 0;
  /// Whether a candidate cannot reach this process: when it dies all the same, it was not the
  /// candidate's doing.
  virtual bool fenced() const = 0;
  /// Of all that decides what the trial gives: equal keys, equal trials.
  virtual std::string key_of(const NamedCandidate&) const = 0;
  /// What is known of a trial before it is tried.
  virtual Record record_of(const NamedCandidate&) const = 0;
  /// Tries candidates of one problem together with its start, which may be among them: they are
  /// measured interleaved. `least`: the lowest cost so far; those far above it need not be measured
  /// to the end. `done` once for each, in any order. Both throw Interrupted, then some were done.
  /// Returns the start's time of one call meanwhile; 0 when it has none.
  virtual double try_batch(const NamedCandidate& start, const std::vector<NamedCandidate>& batch,
                           double least,
                           const std::function<void(std::size_t index, Tried)>& done) = 0;
  /// Measures the start (first) and others thoroughly, in each state that decides.
  virtual std::vector<Interleaved> compare(const NamedCandidate& start,
                                           const std::vector<NamedCandidate>& leaders) = 0;
};

}  // namespace halcyon
