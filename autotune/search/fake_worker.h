#pragma once
#include <unistd.h>

#include <functional>

#include "autotune/search/worker.h"
#include "schedules/compile/sha256.h"

namespace halcyon {

/// A worker for tests: costs are a function of the trial, and so is its clock.
class FakeWorker : public Worker {
 public:
  using Cost = std::function<std::optional<double>(const NamedCandidate&)>;
  explicit FakeWorker(Cost cost) : cost_(std::move(cost)) {}

  FigureUnit unit() const override { return FigureUnit::instructions; }
  bool fenced() const override { return fenced_; }
  std::string key_of(const NamedCandidate& t) const override {
    return sha256_hex(t.of.problem.text() + "\n" + to_text(t.candidate.schedule)).substr(0, 16);
  }
  Record record_of(const NamedCandidate& t) const override {
    Record r;
    r.case_id = t.id;
    r.problem = t.of.problem.text();
    r.point = t.point;
    r.unit = unit();
    return r;
  }
  double try_batch(const NamedCandidate&, const std::vector<NamedCandidate>& batch, double,
                   const std::function<void(std::size_t, Tried)>& done) override {
    sizes.push_back(batch.size());
    for (std::size_t i = 0; i < batch.size(); i++) {
      if (pause_us) usleep(pause_us);
      const auto cost = cost_(batch[i]);
      Tried tried{record_of(batch[i]), cost, kSeconds};
      tried.record.outcome = cost ? Outcome::ok : Outcome::run_crash;
      tried.record.check.passed = cost.has_value();
      done(i, tried);
      tried_keys.push_back(key_of(batch[i]));
      if (acknowledged) acknowledged(tried_keys.back());
    }
    return 0;
  }
  std::vector<Interleaved> compare(const NamedCandidate& start,
                                   const std::vector<NamedCandidate>& leaders) override {
    compared++;
    Interleaved all{"warm", {{*cost_(start)}}, {}};
    for (const NamedCandidate& t : leaders) all.figures.push_back({cost_(t).value_or(0)});
    return {all};
  }

  static constexpr double kSeconds = 2;  // of a trial
  unsigned pause_us = 0;
  bool fenced_ = true;
  std::vector<std::string> tried_keys;
  std::vector<std::size_t> sizes;  // of batches
  int compared = 0;
  std::function<void(const std::string& key)> acknowledged;

 private:
  Cost cost_;
};

}  // namespace halcyon
