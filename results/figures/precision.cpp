#include "results/figures/precision.h"

#include <algorithm>
#include <tuple>

namespace halcyon {
namespace {

constexpr std::uint64_t kSeed = 1;

/// The line without its dtype.
std::string work_of(const Record& r) {
  return r.dtype == "f32" ? r.problem : r.problem.substr(r.dtype.size() + 1);
}

bool are_beside(const Record& a, const Record& b) {
  const auto key = [](const Record& r) { return std::tie(r.target, r.unit, r.threads, r.state); };
  return key(a) == key(b) && work_of(a) == work_of(b);
}

}  // namespace

std::vector<Match> against_f32(const Document& document) {
  std::vector<Match> matches;
  for (const Record& low : document.records) {
    if (low.dtype == "f32" || !low.rival.empty()) continue;
    const auto f32 = std::find_if(
        document.records.begin(), document.records.end(),
        [&](const Record& r) { return r.dtype == "f32" && r.rival.empty() && are_beside(r, low); });
    if (f32 == document.records.end()) continue;
    Match m{&low, "f32", {&*f32}, {}};
    m.ratio = ratio_of(m);
    matches.push_back(std::move(m));
  }
  return matches;
}

std::vector<PrecisionMean> precision_means(const std::vector<Match>& matches) {
  std::vector<PrecisionMean> means;
  std::vector<std::vector<double>> ratios;
  for (const Match& m : matches) {
    if (!m.ratio || m.own->odd) continue;
    const Record& f32 = *m.records.front();
    auto found = std::find_if(means.begin(), means.end(), [&](const PrecisionMean& mean) {
      return std::tie(mean.dtype, mean.kernel_class, mean.target, mean.state) ==
             std::tie(m.own->dtype, f32.kernel_class, m.own->target, m.own->state);
    });
    const auto at = static_cast<std::size_t>(found - means.begin());
    if (found == means.end()) {
      means.push_back({m.own->dtype, f32.kernel_class, m.own->target, m.own->state, {}, 0, 0});
      ratios.emplace_back();
    }
    ratios[at].push_back(m.ratio->estimate);
  }
  for (std::size_t i = 0; i < means.size(); i++) {
    means[i].ratio = geometric_mean_interval(ratios[i], kSeed);
    means[i].cases = static_cast<int>(ratios[i].size());
    means[i].slowest = *std::min_element(ratios[i].begin(), ratios[i].end());
  }
  return means;
}

}  // namespace halcyon
