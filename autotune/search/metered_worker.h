#pragma once
#include "autotune/search/lineup.h"
#include "autotune/search/worker.h"

namespace halcyon {

/// Tries candidates on the target's device: compiled here in children, linked into one bundle with
/// their start, checked in a process each, measured interleaved.
class MeteredWorker : public Worker {
 public:
  explicit MeteredWorker(Workplace place) : place_(std::move(place)) {}

  FigureUnit unit() const override { return place_.meter.unit(); }
  bool fenced() const override;
  std::string key_of(const NamedCandidate&) const override;
  Record record_of(const NamedCandidate&) const override;
  double try_batch(const NamedCandidate& start, const std::vector<NamedCandidate>& batch,
                   double least, const std::function<void(std::size_t, Tried)>& done) override;
  std::vector<Interleaved> compare(const NamedCandidate& start,
                                   const std::vector<NamedCandidate>& leaders) override;

  const TimeSpent& spent() const { return place_.spent; }

 private:
  Workplace place_;
};

}  // namespace halcyon
