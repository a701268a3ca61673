#include <algorithm>
#include <cmath>

#include "results/figures/peer_means.h"
#include "results/figures/seen.h"
#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

using Cases = std::vector<const Record*>;

/// An axis that holds every ratio, and 1.
svg::LogAxis axis_of(const Cases& cases) {
  double low = 0.5, high = 2;
  for (const Record* r : cases)
    for (const PeerResult& peer : r->peers->peers)
      if (peer.ratio) low = std::min(low, peer.ratio->low), high = std::max(high, peer.ratio->high);
  return {low, high};
}

Markup axis_picture(const svg::LogAxis& axis) {
  Markup labels;
  for (const double tick : axis.ticks())
    labels += svg::label("tick", axis.percent(tick), 100, "middle", significant(tick, 3), 0, -3);
  return svg::picture("axis", "ratio, logarithmic", labels);
}

/// The mean over the best peers as a bar from 1, every case as a stroke.
Markup strip(const PeerMean& mean, const Cases& cases, const svg::LogAxis& axis) {
  Markup content;
  for (const double tick : axis.ticks())
    content +=
        svg::line(tick == 1 ? "full" : "grid", axis.percent(tick), 0, axis.percent(tick), 100);
  const double one = axis.percent(1), at = axis.percent(mean.ratio.estimate);
  content += svg::rect("fill", std::min(one, at), 24, std::abs(at - one), 52);
  for (const Record* r : cases) {
    const bool counts =
        !r->odd && (mean.kernel_class.empty() || r->kernel_class == mean.kernel_class);
    const PeerResult* best = counts ? best_of(*r->peers) : nullptr;
    if (!best) continue;
    const double x = axis.percent(best->ratio->estimate);
    content += svg::line("stroke", x, 24, x, 76);
  }
  return svg::picture("bar", "best of them: " + ratio_text(mean.ratio), content);
}

Markup means_table(const std::vector<PeerMean>& means, const Cases& cases,
                   const std::vector<std::string>& peers) {
  const svg::LogAxis axis = axis_of(cases);
  Markup head = column_head("", "class") + column_head("n", "cases") +
                column_head("strip", axis_picture(axis)) + column_head("n", "best of them");
  for (const std::string& peer : peers) head += column_head("n", peer);
  Markup rows, row;
  for (std::size_t i = 0; i < means.size(); i++) {
    const PeerMean& m = means[i];
    const std::string ratio = m.cases > 0 ? ratio_text(m.ratio) : "–";
    if (m.peer.empty()) {
      row = element("th", {{"scope", "row"}},
                    text(m.kernel_class.empty() ? "all classes" : m.kernel_class)) +
            tag("td", "n", std::to_string(m.cases)) +
            tag("td", "strip", m.cases > 0 ? strip(m, cases, axis) : Markup()) +
            tag("td", "n strong", ratio);
    } else {
      const std::string some = "of " + plural(m.cases, "case");
      row += tag(
          "td", "n",
          text(ratio) + (m.cases > 0 && !m.without.empty() ? tag("span", "why", some) : Markup()));
    }
    if (i + 1 == means.size() || means[i + 1].peer.empty()) rows += tag("tr", "", row);
  }
  return tag(
      "div", "scroll",
      tag("table", "summary", tag("thead", "", tag("tr", "", head)) + tag("tbody", "", rows)));
}

Markup ratio_cell(const PeerResult* r) {
  if (!r) return tag("td", "n none", "–");
  const std::string title = r->name + " " + r->version +
                            (r->layout.empty() ? "" : ", " + r->layout) +
                            (r->detail.empty() ? "" : ": " + why_text(*r));
  if (!r->ratio)
    return element("td", {{"class", "n none"}, {"title", title}},
                   text(std::string(to_text(r->outcome))));
  const Verdict v = verdict(*r->ratio, Rule::winner);
  const char* word = v == Verdict::better ? "faster" : v == Verdict::worse ? "slower" : "unclear";
  return element("td",
                 {{"class", std::string("n change ") + word},
                  {"data-v", significant(r->ratio->estimate, 12)},
                  {"title", title}},
                 text(std::string(sign_of(*r->ratio)) + " " + ratio_text(*r->ratio)));
}

Markup cases_table(const Run& run, const Cases& cases, const std::vector<std::string>& peers) {
  Markup head = column_head("", "case") + column_head("n", "ours");
  for (const std::string& peer : peers) head += column_head("n", peer);
  head += column_head("", "best");
  Markup rows;
  for (const Record* r : cases) {
    const auto& own = r->peers->own;
    Markup row = element("th", {{"scope", "row"}}, to_record(run, *r, text(r->case_id)));
    row += number_cell(own.statistics ? own.statistics->median_ns : 0,
                       own.statistics ? figure_text(own.statistics->median_ns, "ns") : "");
    for (const std::string& peer : peers) row += ratio_cell(result_of(*r, peer));
    row += tag("td", "", r->peers->best.empty() ? "–" : r->peers->best);
    rows += tag("tr", "", row);
  }
  return tag("div", "scroll",
             tag("table", "comparison sortable",
                 tag("thead", "", tag("tr", "", head)) + tag("tbody", "", rows)));
}

Cases cases_in(const GroupOfRun& g) {
  Cases cases;
  for (const Record* r : g.group.records)
    if (r->peers) cases.push_back(r);
  return cases;
}

bool applies(const GroupOfRun& g) { return !cases_in(g).empty(); }

Markup render(const GroupOfRun& g) {
  const Cases cases = cases_in(g);
  const std::vector<std::string> peers = peers_of(cases);
  const std::string layouts = layouts_of_peers(cases);
  Markup body =
      title(g.run, "Against other systems") +
      tag("p", "lead",
          "Each system's time over ours on the same problem, above 1 where ours is faster: the "
          "median over rounds of one interleaved run, outputs compared with plain loops before and "
          "after, with its 95 % interval. Won or lost only where the whole interval clears 2 %. "
          "The one to beat is the best of them, case by case." +
              (layouts.empty() ? "" : " Layouts: " + layouts + ".")) +
      means_table(peer_means(cases), cases, peers);
  if (g.run.detailed) body += cases_table(g.run, cases, peers);
  return tag("section", "peers", body);
}

}  // namespace

extern const GroupSection case_peers_section = {"case_peers", applies, render};

}  // namespace halcyon::page_parts
