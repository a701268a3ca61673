#include "results/table/peers.h"

#include "results/figures/peer_precision.h"
#include "results/figures/seen.h"
#include "results/text/columns.h"
#include "results/text/format.h"
#include "results/text/plural.h"

namespace halcyon {
namespace {

std::vector<std::string> row_of(const PeerResult& r) {
  std::vector<std::string> row = {
      printable(r.name), printable(r.version), r.max_error ? printable(r.precision) : "",
      error_text(r),     sqnr_text(r),         std::string(to_text(r.outcome))};
  row.resize(8);
  if (!r.statistics) return row;
  row[5] = figure_text(r.statistics->median_ns, "ns");
  row[6] = percent_text(r.statistics->percent_of_peak);
  if (r.ratio) row[7] = ratio_of_text(r);
  return row;
}

}  // namespace

std::string peers_table(const PeerComparison& c) {
  std::vector<std::vector<std::string>> rows = {
      {"system", "version", "in", "error", "SQNR", "time", "of peak", "its time over ours"}};
  std::string reasons;  // below the table: in it, a column would become as wide as a sentence
  const auto add = [&](const PeerResult& r) {
    rows.push_back(row_of(r));
    for (const std::string& why : {why_text(r), doubt_text(r, c)})
      if (!why.empty()) reasons += printable(r.name) + ": " + printable(why) + "\n";
  };
  add(c.own);
  for (const PeerResult& peer : c.peers) add(peer);
  std::string text = columns(rows) + reasons;
  const bool builds = is_of_builds(c);
  if (const PeerResult* best = best_of(c); best && !builds)
    text += "best peer: " + printable(best->name) + ", " + ratio_of_text(*best) + "\n";
  if (const PeerResult* fastest = fastest_mixed(c))
    text += "fastest in another precision: " + printable(fastest->name) + " in " +
            printable(fastest->precision) + ", " + ratio_of_text(*fastest) + "\n";
  if (const std::string note = mixed_note(c); !note.empty()) text += printable(note) + "\n";
  const std::string threads = plural(c.threads, "thread");
  return text +
         (builds ? "Whole runs in turns, " + threads
                 : "One run, " + threads + ", turns of " + std::to_string(c.inferences) +
                       " inferences in random order") +
         ". Above 1 ours is faster; ▲ won, ▼ lost: the whole 95 % interval clears 2 %.\n";
}

}  // namespace halcyon
