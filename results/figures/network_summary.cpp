#include "results/figures/network_summary.h"

#include <algorithm>
#include <tuple>

#include "results/text/format.h"

namespace halcyon {
namespace {

/// Sums that percentages are made of.
struct Sums {
  double compute_ns = 0, memory_ns = 0;     // bounds
  double least_ns = 0, alone_least_ns = 0;  // at the peak rate: of the network's run, of alone runs
  double lanes = 0;
  bool bounded = true, alone = true, losses = true;
  std::string level;
};

void add_losses(std::vector<TimeLoss>& sums, const std::vector<TimeLoss>& losses) {
  for (const TimeLoss& g : losses) {
    const auto same = [&](const TimeLoss& sum) { return sum.cause == g.cause; };
    const auto found = std::find_if(sums.begin(), sums.end(), same);
    if (found == sums.end())
      sums.push_back(g);
    else
      found->ns += g.ns;
  }
}

void add(NetworkPart& part, Sums& sums, const NetworkCall& c) {
  part.calls++;
  part.macs += c.macs;
  part.share += c.share;
  if (c.time) {
    part.ns += c.time->median_ns;
    sums.least_ns += c.least_ns();
  }
  part.bytes += c.bytes.value_or(0);
  if (c.counts) {
    part.instructions += c.counts->per_call();
    sums.lanes = c.counts->lanes;
  }
  sums.bounded &= c.bound.has_value();
  if (c.bound) {
    sums.compute_ns += c.bound->compute_ns;
    sums.memory_ns += c.bound->memory_ns;
    sums.level = sums.level.empty() || sums.level == c.bound->level ? c.bound->level : "memory";
  }
  sums.alone &= c.alone.has_value();
  if (c.alone) {
    part.alone_ns += c.alone->median_ns;
    sums.alone_least_ns += c.alone->median_ns * c.alone->percent_of_peak / 100;
  }
  sums.losses &= c.losses.has_value();
  if (c.losses) add_losses(part.losses, *c.losses);
}

void finish(NetworkPart& part, const Sums& sums) {
  if (part.ns > 0) part.percent_of_peak = 100 * sums.least_ns / part.ns;
  if (part.macs > 0)
    part.per_least_fmla = part.instructions * sums.lanes / static_cast<double>(part.macs);
  const double bound = std::max(sums.compute_ns, sums.memory_ns);
  if (sums.bounded && bound > 0) {
    part.limited_by = sums.compute_ns >= sums.memory_ns ? "compute" : sums.level;
    if (part.ns > 0) {
      part.percent_of_bound = 100 * bound / part.ns;
      part.percent_of_bandwidth = 100 * sums.memory_ns / part.ns;
    }
    part.level = sums.level;
  }
  if (!sums.losses) part.losses.clear();
  if (!sums.alone) part.alone_ns = 0;
  if (part.alone_ns > 0) part.alone_percent = 100 * sums.alone_least_ns / part.alone_ns;
}

std::vector<NetworkPart> parts_of(const NetworkRecord& r, std::string NetworkCall::*name) {
  std::vector<NetworkPart> parts;
  std::vector<Sums> sums;
  for (const NetworkCall& c : r.calls) {
    auto found = std::find_if(parts.begin(), parts.end(),
                              [&](const NetworkPart& p) { return p.name == c.*name; });
    const auto at = static_cast<std::size_t>(found - parts.begin());
    if (found == parts.end()) {
      parts.push_back({.name = c.*name, .kernel_class = c.kernel_class});
      sums.emplace_back();
    }
    add(parts[at], sums[at], c);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) finish(parts[i], sums[i]);
  return parts;
}

template <class T>
void add_once(std::vector<T>& all, const std::vector<T>& more) {
  for (const T& one : more)
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

}  // namespace

std::vector<NetworkPart> stages_of(const NetworkRecord& r) {
  return parts_of(r, &NetworkCall::stage);
}
std::vector<NetworkPart> layers_of(const NetworkRecord& r) {
  return parts_of(r, &NetworkCall::problem);
}
NetworkPart whole_of(const NetworkRecord& r) {
  NetworkPart whole{.name = "whole run"};
  Sums sums;
  for (const NetworkCall& c : r.calls) add(whole, sums, c);
  finish(whole, sums);
  return whole;
}

double NetworkPart::loss_ns() const {
  double sum = 0;
  for (const TimeLoss& g : losses) sum += g.ns;
  return sum;
}

double figure_of(const NetworkRecord& r) {
  return r.statistics ? r.statistics->median_ns : r.counts ? r.counts->per_call() : 0;
}

double per_least_fmla(const NetworkRecord& r) {
  return r.counts && r.macs > 0 ? r.counts->per_least_fmla(r.macs_of_batch()) : 0;
}

std::vector<NetworkGroup> network_groups(const std::vector<const Document*>& documents) {
  const auto key = [](const NetworkGroup& g) {
    return std::tie(g.cpu, g.target, g.unit, g.threads, g.only);
  };
  std::vector<NetworkGroup> groups;
  for (const Document* d : documents) {
    for (const NetworkRecord& r : d->networks) {
      // Counts are of the target and the same wherever the emulator runs.
      const bool timed = r.unit == FigureUnit::ns;
      const std::string cpu = timed ? cpu_text(d->machine) : "";
      const Document* only = timed && !cpu_id(d->machine).known() ? d : nullptr;
      const NetworkGroup wanted{cpu, r.target, r.unit, r.threads, only, {}};
      auto group = std::find_if(groups.begin(), groups.end(),
                                [&](const NetworkGroup& g) { return key(g) == key(wanted); });
      if (group == groups.end()) group = groups.insert(group, wanted);
      group->networks.push_back(&r);
    }
  }
  return groups;
}

Published published_by(const std::vector<const Document*>& documents) {
  Published all;
  for (const Document* d : documents) {
    if (!d->published) continue;
    add_once(all.accuracies, d->published->accuracies);
    add_once(all.counts, d->published->counts);
    add_once(all.vendor_figures, d->published->vendor_figures);
    add_once(all.vendor_accuracies, d->published->vendor_accuracies);
    if (all.vendor_note.empty()) all.vendor_note = d->published->vendor_note;
  }
  return all;
}

std::string accuracy_text(const Published& published, const std::string& network) {
  std::string all;
  for (const PublishedAccuracy& a : published.accuracies)
    if (a.network == network)
      all += (all.empty() ? "" : "; ") + percent_text(a.top1_percent) + " (" +
             std::to_string(a.resolution) + ", " + a.what + ", " + a.source +
             (a.standing == Standing::read ? "" : std::string(", ") + to_text(a.standing)) + ")";
  return all.empty() ? "–" : all;
}

const PublishedAccuracy* accuracy_of(const Published& published, const std::string& network) {
  const PublishedAccuracy* first = nullptr;
  for (const PublishedAccuracy& a : published.accuracies) {
    if (a.network != network) continue;
    if (a.standing == Standing::read) return &a;
    if (!first) first = &a;
  }
  return first;
}

}  // namespace halcyon
