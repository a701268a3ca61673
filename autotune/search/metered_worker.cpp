#include "autotune/search/metered_worker.h"

#include <nlohmann/json.hpp>

#include "autotune/search/comparison.h"
#include "autotune/search/trial_batch.h"
#include "schedules/compile/sha256.h"
#include "schedules/fence/isolation.h"

namespace halcyon {

bool MeteredWorker::fenced() const { return strongest_isolation() >= Isolation::own_user; }

std::string MeteredWorker::key_of(const NamedCandidate& t) const {
  const nlohmann::json parts = {
      {"object", object_key(t.candidate)},
      {"target", to_json(place_.target)},
      {"cpu", place_.meter.measures_time() ? exact_cpu_text(place_.machine) : ""},
      {"threads", place_.target.threads},
      {"samples", place_.protocol.wanted_samples},
      {"state", to_text(place_.protocol.state)}};
  return sha256_hex(parts.dump()).substr(0, 16);
}

Record MeteredWorker::record_of(const NamedCandidate& t) const {
  return halcyon::record_of(t, Compiled(), place_.facts());
}

double MeteredWorker::try_batch(const NamedCandidate& start,
                                const std::vector<NamedCandidate>& batch, double least,
                                const std::function<void(std::size_t, Tried)>& done) {
  const double figure = run_trial_batch(place_, start, batch, least, done);
  return place_.meter.measures_time() ? figure : 0;  // counts do not drift
}

std::vector<Interleaved> MeteredWorker::compare(const NamedCandidate& start,
                                                const std::vector<NamedCandidate>& leaders) {
  std::vector<NamedCandidate> candidates = {start};
  candidates.insert(candidates.end(), leaders.begin(), leaders.end());
  return compare_thoroughly(place_, candidates);
}

}  // namespace halcyon
