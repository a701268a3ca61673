#include "results/figures/network_alone.h"

#include <algorithm>

#include "results/text/format.h"

namespace halcyon {
namespace {

bool is_of(const Record& r, const NetworkRecord& network, const NetworkCall& call) {
  return r.rival.empty() && r.outcome == Outcome::ok && r.statistics && r.unit == FigureUnit::ns &&
         r.object_sha256 == call.object_sha256 && r.problem == call.problem &&
         r.target == network.target && r.threads == network.threads;
}

}  // namespace

void take_alone(NetworkRecord& network, const std::vector<Record>& records) {
  for (NetworkCall& call : network.calls) {
    const Record* best = nullptr;
    for (const Record& r : records)
      if (is_of(r, network, call) && (!best || r.state == CacheState::cold_weights)) best = &r;
    if (best)
      call.alone =
          CallAlone{best->state, best->statistics->median_ns, best->statistics->percent_of_peak};
  }
}

std::optional<AloneSum> alone_sum(const NetworkRecord& r) {
  if (!r.statistics || r.calls.empty()) return std::nullopt;
  AloneSum sum;
  for (const NetworkCall& c : r.calls) {
    if (!c.alone) return std::nullopt;
    sum.ns += c.alone->median_ns * r.batch;
    const std::string state = to_text(c.alone->state);
    sum.state = sum.state.empty() || sum.state == state ? state : "mixed";
  }
  sum.ratio = r.statistics->median_ns / sum.ns;
  return sum;
}

std::string alone_text(const NetworkRecord& r) {
  const auto sum = alone_sum(r);
  if (!sum) return "";
  return "Whole run: " + figure_text(r.statistics->median_ns, "ns") + ", " + fixed(sum->ratio, 2) +
         " of the sum of its problems alone (" + figure_text(sum->ns, "ns") + ", " +
         printable(sum->state) + ")";
}

}  // namespace halcyon
