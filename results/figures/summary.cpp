#include "results/figures/summary.h"

#include <algorithm>
#include <tuple>

#include "results/record/stats.h"

namespace halcyon {
namespace {

auto key_of(const Record& r) { return std::tie(r.target, r.unit, r.threads, r.state); }
auto key_of(const Group& g) { return std::tie(g.target, g.unit, g.threads, g.state); }

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0 : geometric_mean(values);
}

}  // namespace

bool Group::timed() const {
  return std::any_of(records.begin(), records.end(), [](const Record* r) { return r->statistics; });
}

bool Group::counted() const {
  return std::any_of(records.begin(), records.end(), [](const Record* r) { return r->counts; });
}

std::vector<Group> groups_of(const Document& document) {
  std::vector<Group> groups;
  for (const Record& r : document.records) {
    if (!r.rival.empty()) continue;
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& g) { return key_of(g) == key_of(r); });
    if (group == groups.end())
      group = groups.insert(group, Group{r.target, r.unit, r.threads, r.state, {}});
    group->records.push_back(&r);
  }
  return groups;
}

double bound_ns(const Record& r) {
  return r.bound ? std::max(r.bound->compute_ns, r.bound->memory_ns) : 0;
}

double share_of_bound(const Record& r) {
  return r.statistics && r.statistics->median_ns > 0 ? 100 * bound_ns(r) / r.statistics->median_ns
                                                     : 0;
}

double percent_reached(const Record& r) {
  if (!r.statistics) return 0;
  return counts_arithmetic(r) ? r.statistics->percent_of_peak : share_of_bound(r);
}

std::vector<ClassMean> class_means(const std::vector<const Record*>& records) {
  struct Values {
    ClassMean mean;
    std::vector<double> peak, bound, instructions;
  };
  std::vector<Values> classes;
  for (const Record* r : records) {
    if (r->odd) continue;
    auto found = std::find_if(classes.begin(), classes.end(), [&](const Values& v) {
      return v.mean.kernel_class == r->kernel_class;
    });
    if (found == classes.end())
      found = classes.insert(found, Values{{r->kernel_class}, {}, {}, {}});
    ++found->mean.cases;
    if (r->counts) {
      if (counts_arithmetic(*r)) found->instructions.push_back(r->counts->per_least_fmla(r->macs));
      continue;
    }
    if (!r->statistics) {
      ++found->mean.failed;
      continue;
    }
    if (counts_arithmetic(*r) && r->statistics->percent_of_peak > 0)
      found->peak.push_back(r->statistics->percent_of_peak);
    if (share_of_bound(*r) > 0) found->bound.push_back(share_of_bound(*r));
  }
  std::vector<ClassMean> means;
  for (Values& v : classes) {
    v.mean.percent = mean_of(v.peak);
    v.mean.per_least_fmla = v.instructions.empty() ? 0 : median(v.instructions);
    v.mean.percent_of_bound = mean_of(v.bound);
    means.push_back(v.mean);
  }
  return means;
}

std::vector<ClassMean> class_means(const Document& document) {
  std::vector<const Record*> records;
  for (const Record& r : document.records)
    if (r.rival.empty()) records.push_back(&r);
  return class_means(records);
}

}  // namespace halcyon
