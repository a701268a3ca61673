#include <algorithm>

#include "results/figures/peer_precision.h"
#include "results/figures/seen.h"
#include "results/page/page_parts.h"
#include "results/record/peer_record.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

/// Bar to the median; of a peer a whisker over what the interval of its ratio makes of our median.
Markup time_bar(const PeerResult& r, double own_ns, double longest_ns) {
  const auto x = [longest_ns](double ns) { return 100 * std::min(ns, longest_ns) / longest_ns; };
  const double median_ns = r.statistics->median_ns;
  Markup content = svg::rect("fill", 0, 24, x(median_ns), 52);
  std::string label = r.name + ": " + figure_text(median_ns, "ns");
  if (r.ratio) {
    const double low = x(own_ns * r.ratio->low), high = x(own_ns * r.ratio->high);
    content += svg::line("whisker", low, 50, high, 50);
    for (const double end : {low, high}) content += svg::line("whisker", end, 30, end, 70);
    label += ", over ours " + ratio_text(*r.ratio);
  }
  return svg::picture("bar", label, content);
}

std::string dash_unless(const std::string& cell) { return cell.empty() ? "–" : cell; }

Markup ratio_of_peer(const PeerResult& r) {
  if (!r.ratio) return tag("td", "n none", "–");
  const Verdict v = verdict(*r.ratio, Rule::winner);
  const char* word = v == Verdict::better ? "faster" : v == Verdict::worse ? "slower" : "unclear";
  return tag("td", std::string("n change ") + word, ratio_of_text(r));
}

Markup peer_row(const PeerResult& r, const PeerComparison& c, double own_ns, double longest_ns) {
  Markup name = text(r.name + " " + r.version);
  for (const std::string& why : {why_text(r), doubt_text(r, c)})
    if (!why.empty()) name += tag("span", "why", why);
  const auto& s = r.statistics;
  const Markup time = text(s ? figure_text(s->median_ns, "ns") : std::string(to_text(r.outcome)));
  return tag("tr", "",
             element("th", {{"scope", "row"}, {"title", r.options}}, name) +
                 tag("td", "strip", s ? time_bar(r, own_ns, longest_ns) : Markup()) +
                 tag("td", "n", r.max_error ? r.precision : "–") +
                 tag("td", "n", dash_unless(error_text(r))) +
                 tag("td", "n", dash_unless(sqnr_text(r))) + tag("td", "n strong", time) +
                 tag("td", "n", s ? percent_text(s->percent_of_peak) : "–") + ratio_of_peer(r));
}

constexpr const char* kRule =
    "with its 95 % interval; won or lost only where the whole interval clears 2 %.";

std::string systems_lead(const PeerComparison& c) {
  return "Every system in a process of its own on the same " +
         (c.threads == 1 ? std::string("core") : std::to_string(c.threads) + " cores") +
         ", turns of " + std::to_string(c.inferences) +
         " inferences in random order, outputs compared first. The ratio is the median over rounds "
         "of its time over ours, " +
         kRule + " The one to beat is the best peer of our precision" +
         (c.best.empty() ? "." : ", here " + c.best + ".");
}

std::string errors_lead(const PeerComparison& c) {
  return "Error: the largest one over the output's range, against double; SQNR: the output's "
         "energy over the error's. " +
         mixed_note(c);
}

std::string builds_lead() {
  return std::string("Whole runs of two builds of this program in turns on the same cores. The ") +
         "ratio is the median of the other build's time over this one's, " + kRule;
}

}  // namespace

Markup peers(const PeerComparison& c) {
  double longest_ns = 1;
  const auto measure = [&](const PeerResult& r) {
    if (r.statistics) longest_ns = std::max(longest_ns, r.statistics->median_ns);
    if (r.ratio && c.own.statistics)
      longest_ns = std::max(longest_ns, c.own.statistics->median_ns * r.ratio->high);
  };
  measure(c.own);
  for (const PeerResult& peer : c.peers) measure(peer);
  const double own_ns = c.own.statistics ? c.own.statistics->median_ns : 0;
  Markup rows = peer_row(c.own, c, own_ns, longest_ns);
  for (const PeerResult& peer : c.peers) rows += peer_row(peer, c, own_ns, longest_ns);
  const bool builds = is_of_builds(c);
  return tag("p", "lead", builds ? builds_lead() : systems_lead(c)) +
         (builds ? Markup() : tag("p", "lead", errors_lead(c))) +
         tag("table", "summary",
             tag("thead", "",
                 tag("tr", "",
                     column_head("", "system") + column_head("strip", "") + column_head("n", "in") +
                         column_head("n", "error") + column_head("n", "SQNR") +
                         column_head("n", "time") + column_head("n", "of peak") +
                         column_head("n", "its time over ours"))) +
                 tag("tbody", "", rows));
}

}  // namespace halcyon::page_parts
