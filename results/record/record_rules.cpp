#include "results/record/record_rules.h"

#include <algorithm>
#include <cmath>

#include "results/record/stats.h"

namespace halcyon {
namespace {

bool same(const Statistics& a, const Statistics& b) {
  return agree(a.median_ns, b.median_ns) && agree(a.q25_ns, b.q25_ns) &&
         agree(a.min_ns, b.min_ns) && a.accepted == b.accepted && a.taken == b.taken &&
         agree(a.peak_gflops, b.peak_gflops) && agree(a.gflops, b.gflops) &&
         agree(a.percent_of_peak, b.percent_of_peak);
}

}  // namespace

std::string one_of(const std::string& word, std::span<const char* const> words) {
  std::string all;
  for (const char* w : words) {
    if (word == w) return "";
    all += (all.empty() ? "" : ", ") + std::string(w);
  }
  return "found " + describe(word) + ", allowed " + all;
}

void check_record_schema(Reader& in, int known) {
  // Schemas below 1 were never written; a newer one may mean other things by the same names.
  const auto schema = in.integer("schema", 1, INT64_MAX);
  if (schema > known)
    in.fail("schema", "found " + std::to_string(schema) + ", this program reads up to " +
                          std::to_string(known) + ": use a newer Halcyon");
}

bool agree(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

std::string check_rejected(const std::vector<Sample>& samples,
                           const std::optional<Rejected>& rejected) {
  for (const Sample& s : samples)
    if (s.accepted && !s.refused_by.empty())
      return "samples: found an accepted one that is refused";
  return rejected == rejected_of(samples) ? "" : "rejected: not those of the samples";
}

std::string check_statistics(const std::vector<Sample>& samples,
                             const std::optional<Statistics>& statistics, Outcome outcome,
                             MacCounts macs) {
  for (const Sample& s : samples)
    if (s.accepted && s.ns <= 0) return "samples: found an accepted sample of 0 ns";
  if (outcome != Outcome::ok || samples.empty()) {
    if (!statistics) return "";
    return "statistics: found some with outcome " + std::string(to_text(outcome)) + " and " +
           std::to_string(samples.size()) + " samples, allowed null";
  }
  const auto expected = statistics_of(samples, macs);
  if (!expected) return "samples: found outcome ok with no accepted sample";
  if (!statistics) return "statistics: found null, allowed those of the samples";
  return same(*statistics, *expected) ? "" : "statistics: not those of the samples";
}

bool renew_percent(std::optional<Statistics>& s, MacCounts macs) {
  if (!s || macs.inside == macs.macs || s->peak_gflops <= 0) return false;
  if (!agree(s->percent_of_peak, 100 * s->gflops / s->peak_gflops)) return false;
  s->percent_of_peak *= static_cast<double>(macs.inside) / static_cast<double>(macs.macs);
  return true;
}

}  // namespace halcyon
