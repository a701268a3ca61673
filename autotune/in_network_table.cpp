#include "autotune/in_network/fuse.h"
#include "autotune/tune.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

/// "1.041x (1.022 to 1.050)".
std::string ratio_text(const Interval& speedup) {
  return fixed(speedup.estimate, 3) + "x (" + fixed(speedup.low, 3) + " to " +
         fixed(speedup.high, 3) + ")";
}

bool is_start(const RankedProblem& p) { return &p.choice() == &p.search->start(); }

std::string choice_text(const RankedProblem& p) {
  const std::string what = is_start(p) ? "the start" : name_of(p.choice().named);
  return p.chosen() == 0 ? what : "changed to " + what;
}

/// How far the whole run came.
std::string whole_text(const InNetwork& n) {
  if (!n.whole) return n.network + ": every start stands, or the whole was not compared\n";
  return n.network + ": " + figure_text(n.start_ns, "ns") + " with every start, " +
         figure_text(n.chosen_ns, "ns") + " as chosen, " + ratio_text(n.whole->speedup) +
         (n.whole->verdict == Verdict::better ? "" : "; no difference shown") + "\n";
}

std::string verdict_text(const RankedChain& c) {
  const std::string now = c.fused ? "fused" : "apart";
  if (!c.evidence) return now + (c.why.empty() ? ", not compared" : ", " + c.why);
  return now + (c.fused == c.before ? "" : c.fused ? ", was apart" : ", was fused");
}

}  // namespace

std::string fused_table(const InNetwork& n) {
  if (n.chains.empty()) return "";
  std::vector<std::vector<std::string>> rows = {
      {"chain", "places", "share", "over its ops apart", "whole run", "now"}};
  for (const RankedChain& c : n.chains)
    rows.push_back({c.problem, std::to_string(c.places), fixed(100 * c.share, 1) + " %",
                    c.evidence ? ratio_text(c.evidence->speedup) : "-",
                    c.whole ? ratio_text(c.whole->speedup) : "-", verdict_text(c)});
  return columns(rows);
}

std::string in_network_table(const InNetwork& n) {
  std::vector<std::vector<std::string>> rows = {
      {"inside " + n.network, "share", "over the start", "whole run", "tried", "chosen"}};
  for (const RankedProblem& p : n.problems) {
    const bool over_start = !is_start(p) && !p.over_start.empty();
    rows.push_back({p.of.id, fixed(100 * p.share, 1) + " %",
                    over_start ? ratio_text(p.over_start[p.chosen()].speedup) : "-",
                    p.chosen() > 0 ? ratio_text(p.whole->speedup) : "-",
                    std::to_string(p.alternatives.size()), choice_text(p)});
  }
  std::string text = columns(rows) + "\n";
  for (const std::string& why : n.unranked) text += "not ranked, has no figure: " + why + "\n";
  text += whole_text(n);
  return n.chains.empty() ? text : text + "\n" + fused_table(n);
}

}  // namespace halcyon
