#include "results/figures/joined.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "results/figures/network_alone.h"
#include "results/record/stats.h"

namespace halcyon {
namespace {

auto key_of(const Record& r) {
  return std::tie(r.suite, r.case_id, r.target, r.threads, r.state, r.unit, r.rival);
}
auto key_of(const NetworkRecord& r) {
  return std::tie(r.network, r.target, r.threads, r.batch, r.input_nhwc, r.unit);
}
bool is_right(Outcome outcome) { return outcome == Outcome::ok || outcome == Outcome::noisy; }

/// Of every run the record of one key, in the order of the runs; null where a run has none.
template <class T>
std::vector<const T*> of_all(const std::vector<Document>& runs, std::vector<T> Document::*list,
                             const T& like) {
  std::vector<const T*> found;
  for (const Document& run : runs) {
    const auto& records = run.*list;
    const auto at = std::find_if(records.begin(), records.end(),
                                 [&](const T& r) { return key_of(r) == key_of(like); });
    found.push_back(at == records.end() ? nullptr : &*at);
  }
  return found;
}

/// A run's samples as those of one process, whose turns go on where one of its own ended.
void add_run(std::vector<Sample>& all, const std::vector<Sample>& run, int process) {
  int offset = 0, last = -1;
  for (std::size_t i = 0; i < run.size(); i++) {
    if (i > 0 && run[i].process != run[i - 1].process) offset = last + 1;
    Sample& s = all.emplace_back(run[i]);
    s.process = process;
    last = s.order += offset;
  }
}

/// One record of them, with all that is derived but a network's own; none where no run has one.
template <class T>
std::optional<T> joined_record(const std::vector<const T*>& runs, MacCounts macs, int needed) {
  std::optional<T> all;
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < runs.size(); i++) {
    if (!runs[i]) continue;
    all = *runs[i];
    if (!is_right(all->outcome) || all->unit != FigureUnit::ns) return all;
    add_run(samples, runs[i]->samples, static_cast<int>(i));
  }
  if (!all) return all;
  const auto accepted =
      std::count_if(samples.begin(), samples.end(), [](const Sample& s) { return s.accepted; });
  const bool enough = accepted >= needed;
  all->outcome = enough ? Outcome::ok : Outcome::noisy;
  all->detail = enough ? "" : too_few_text(accepted, samples.size(), needed);
  all->samples = std::move(samples);
  all->statistics = enough ? statistics_of(all->samples, macs) : std::nullopt;
  all->rejected = rejected_of(all->samples);
  return all;
}

/// A network's whole run as that of a system.
PeerResult as_system(const NetworkRecord& r, const std::string& name) {
  PeerResult p;
  p.name = name;
  p.detail = r.detail;
  const bool right = r.check.passed && is_right(r.outcome);
  p.outcome = r.outcome == Outcome::ok ? PeerOutcome::ok
              : right                  ? PeerOutcome::noisy
              : r.check.where.empty()  ? PeerOutcome::failed
                                       : PeerOutcome::wrong;
  if (right) p.samples = r.samples;
  if (r.check.inputs > 0 && std::isfinite(r.check.max_error_of_range))
    p.max_error = r.check.max_error_of_range;
  return p;
}

void join_network(NetworkRecord& own, const std::vector<Document>& ours,
                  const std::vector<Document>& theirs, const std::string& rival, int needed) {
  const MacCounts macs = own.mac_counts_of_batch();
  const auto mine = joined_record(of_all(ours, &Document::networks, own), macs, needed);
  if (!mine) return;
  own = *mine;
  for (NetworkCall& call : own.calls) call.losses.reset();  // of one run's level, not of all runs'
  own = derived(std::move(own));
  const auto other = joined_record(of_all(theirs, &Document::networks, own), macs, needed);
  if (!other || own.unit != FigureUnit::ns) return;
  PeerComparison c;
  c.threads = own.threads;
  c.inferences = own.samples.empty() ? 1 : static_cast<int>(own.samples.front().iterations);
  c.error_tolerance = std::max(own.check.tolerance, other->check.tolerance);
  c.own = as_system(own, kThisBuild);
  c.peers = {as_system(*other, rival)};
  own.peers = derived(std::move(c), macs);
}

}  // namespace

Document joined(const std::vector<Document>& ours, const std::vector<Document>& theirs,
                const std::string& rival, int needed) {
  Document all = ours.back();
  std::vector<Record> records;
  for (const Record& own : all.records) {
    auto mine = joined_record(of_all(ours, &Document::records, own), own.mac_counts(), needed);
    auto other = joined_record(of_all(theirs, &Document::records, own), own.mac_counts(), needed);
    records.push_back(std::move(mine.value()));
    if (!other || !own.rival.empty()) continue;
    other->rival = rival;
    records.push_back(std::move(*other));
  }
  all.records = std::move(records);
  for (NetworkRecord& network : all.networks) {
    join_network(network, ours, theirs, rival, needed);
    take_alone(network, all.records);
  }
  return all;
}

}  // namespace halcyon
