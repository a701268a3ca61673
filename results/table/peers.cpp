#include "results/table/peers.h"

#include "results/figures/rivals.h"
#include "results/figures/seen.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

std::string ratio_cell(const Interval& ratio) {
  return std::string(sign_of(ratio)) + " " + ratio_text(ratio);
}

std::vector<std::string> row_of(const PeerResult& r) {
  std::vector<std::string> row = {printable(r.name), printable(r.version),
                                  std::string(to_text(r.outcome)), "", ""};
  if (!r.statistics) return row;
  row[2] = figure_text(r.statistics->median_ns, "ns");
  row[3] = percent_text(r.statistics->percent_of_peak);
  if (r.ratio) row[4] = ratio_cell(*r.ratio);
  return row;
}

}  // namespace

std::string peers_table(const PeerComparison& c) {
  std::vector<std::vector<std::string>> rows = {
      {"system", "version", "time", "of peak", "its time over ours"}};
  std::string reasons;  // below the table: in it, a column would become as wide as a sentence
  const auto add = [&](const PeerResult& r) {
    rows.push_back(row_of(r));
    if (!r.detail.empty()) reasons += printable(r.name) + ": " + printable(why_text(r)) + "\n";
  };
  add(c.own);
  for (const PeerResult& peer : c.peers) add(peer);
  std::string text = columns(rows) + reasons;
  const bool builds = is_of_builds(c);
  if (const PeerResult* best = best_of(c); best && !builds)
    text += "best peer: " + printable(best->name) + ", " + ratio_cell(*best->ratio) + "\n";
  const std::string threads = std::to_string(c.threads) + (c.threads == 1 ? " thread" : " threads");
  return text +
         (builds ? "Whole runs in turns, " + threads
                 : "One run, " + threads + ", turns of " + std::to_string(c.inferences) +
                       " inferences in random order") +
         ". Above 1 ours is faster; ▲ won, ▼ lost: the whole 95 % interval clears 2 %.\n";
}

}  // namespace halcyon
