#include "autotune/search/trial_batch.h"

#include <algorithm>
#include <map>

#include "autotune/search/halving.h"
#include "results/text/format.h"
#include "suites/trials/trial_record.h"

namespace halcyon {
namespace {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// One batch on its way: candidate 0 is the start, which the others are measured against.
class TrialBatch {
 public:
  TrialBatch(Workplace& place, const NamedCandidate& start,
             const std::vector<NamedCandidate>& batch, double least,
             const std::function<void(std::size_t, Tried)>& done)
      : place_(place), done_(done), asked_(1), least_(least), last_end_(seconds_now()) {
    candidates_.push_back(start);
    for (std::size_t i = 0; i < batch.size(); i++) {
      if (batch[i].candidate.schedule == start.candidate.schedule) {
        asked_[0] = i;
        continue;
      }
      candidates_.push_back(batch[i]);
      asked_.push_back(i);
    }
    left_.assign(candidates_.size(), true);
  }

  /// The start's figure.
  double run() {
    std::vector<std::size_t> failed;
    Lineup lineup(place_, candidates_, [&](std::size_t i) { failed.push_back(i); });
    records_ = lineup.records();
    for (std::size_t i : failed) end(i, std::nullopt);
    if (!left_[0]) drop_all();
    for (const Rung& rung : rungs(place_.protocol, place_.meter.measures_time())) {
      if (!left_[0]) break;
      climb(rung, lineup.bundle());
    }
    return start_figure_;
  }

 private:
  using ById = std::map<std::string, Measured>;

  void climb(const Rung& rung, const Bundle& bundle) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < candidates_.size(); i++)
      if (left_[i]) ids.push_back(candidates_[i].id);
    ById measured;
    for (Measured& m : place_.measure(bundle, ids, rung.protocol)) measured[m.id] = std::move(m);
    const auto start = rounds_of(measured.at(candidates_[0].id));
    std::map<std::size_t, double> costs;
    for (std::size_t i = 0; i < candidates_.size(); i++) {
      if (!left_[i]) continue;
      const Measured& m = measured.at(candidates_[i].id);
      take_measured(records_[i], m, place_.target, place_.rates);
      const auto cost = relative_cost(start, rounds_of(m));
      const bool noisy = m.outcome == Outcome::noisy;
      if (m.outcome == Outcome::ok && cost)
        costs[i] = *cost;
      else if (rung.last || !noisy)
        end(i, std::nullopt);
    }
    if (costs.count(0)) start_figure_ = median_of_rounds(start);
    if (!left_[0]) return drop_all();
    judge(rung, costs);
  }

  void judge(const Rung& rung, const std::map<std::size_t, double>& costs) {
    for (const auto& [i, cost] : costs) least_ = std::min(least_, cost);
    for (const auto& [i, cost] : costs) {
      if (rung.last)
        end(i, cost);
      else if (i > 0 && cost > rung.keep_within * least_)
        prune(i, rung, cost);
    }
  }

  void prune(std::size_t i, const Rung& rung, double cost) {
    conclude(records_[i], Outcome::pruned,
             fixed(cost / least_, 2) + " times the best after " +
                 std::to_string(rung.protocol.wanted_samples) + " samples");
    end(i, cost);
  }

  /// Without the start there is nothing to measure against.
  void drop_all() {
    for (std::size_t i = 1; i < candidates_.size(); i++) {
      if (!left_[i]) continue;
      conclude(records_[i], Outcome::infra, "the start gave no figure in its batch");
      end(i, std::nullopt);
    }
  }

  void end(std::size_t i, std::optional<double> cost) {
    left_[i] = false;
    if (!asked_[i]) return;
    const double now = seconds_now();
    done_(*asked_[i], {records_[i], cost, now - last_end_});
    last_end_ = now;
  }

  Workplace& place_;
  const std::function<void(std::size_t, Tried)>& done_;
  std::vector<NamedCandidate> candidates_;
  std::vector<std::optional<std::size_t>> asked_;  // place in the batch; the start may have none
  std::vector<Record> records_;
  std::vector<bool> left_;  // without an outcome so far
  double least_, last_end_;
  double start_figure_ = 0;
};

}  // namespace

double run_trial_batch(Workplace& place, const NamedCandidate& start,
                       const std::vector<NamedCandidate>& batch, double least,
                       const std::function<void(std::size_t, Tried)>& done) {
  return TrialBatch(place, start, batch, least, done).run();
}

}  // namespace halcyon
