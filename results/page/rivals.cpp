#include "results/figures/rivals.h"

#include <algorithm>
#include <cmath>

#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

/// An axis that holds every ratio, and 1.
svg::LogAxis axis_of(const std::vector<Match>& matches) {
  double low = 0.5, high = 2;
  for (const Match& m : matches)
    if (m.ratio) low = std::min(low, m.ratio->low), high = std::max(high, m.ratio->high);
  return {low, high};
}

Markup axis_picture(const svg::LogAxis& axis) {
  Markup labels;
  for (double tick : axis.ticks())
    labels += svg::label("tick", axis.percent(tick), 100, "middle", significant(tick, 3), 0, -3);
  return svg::picture("axis", "ratio, logarithmic", labels);
}

/// The mean's interval as a bar from 1, every case as a stroke.
Markup strip(const MatchMean& mean, const std::vector<Match>& matches, const svg::LogAxis& axis) {
  Markup content;
  for (double tick : axis.ticks())
    content +=
        svg::line(tick == 1 ? "full" : "grid", axis.percent(tick), 0, axis.percent(tick), 100);
  const double one = axis.percent(1), at = axis.percent(mean.ratio.estimate);
  content += svg::rect("fill", std::min(one, at), 24, std::abs(at - one), 52);
  for (const Match& m : matches)
    if (m.ratio && m.rival == mean.rival && m.own->suite == mean.suite && !m.own->odd)
      content += svg::line("stroke", axis.percent(m.ratio->estimate), 24,
                           axis.percent(m.ratio->estimate), 76);
  return svg::picture("bar", mean.rival + ": " + ratio_text(mean.ratio), content);
}

Markup means_table(const std::vector<MatchMean>& means, const std::vector<Match>& matches,
                   const svg::LogAxis& axis) {
  Markup rows;
  for (const MatchMean& mean : means) {
    Markup name = text(mean.suite + ", " + mean.rival);
    if (!mean.without.empty()) {
      std::string words = "no figure, left out:";
      for (const std::string& id : mean.without) words += " " + id;
      name += tag("span", "why", words);
    }
    rows +=
        tag("tr", "",
            element("th", {{"scope", "row"}}, name) + tag("td", "n", std::to_string(mean.cases)) +
                tag("td", "strip", mean.cases ? strip(mean, matches, axis) : Markup()) +
                tag("td", "n strong", mean.cases ? ratio_text(mean.ratio) : "–"));
  }
  return tag(
      "table", "summary",
      tag("thead", "",
          tag("tr", "",
              column_head("", "suite, rival") + column_head("n", "cases") +
                  column_head("strip", axis_picture(axis)) + column_head("n", "rival over ours"))) +
          tag("tbody", "", rows));
}

Markup ratio_cell(const Run& run, const Match* m) {
  if (!m) return tag("td", "n none", "–");
  if (!m->ratio)
    return tag("td", "n", to_record(run, *m->records[0], chip(m->records[0]->outcome)));
  const Verdict v = verdict(*m->ratio, Rule::winner);
  const char* word = v == Verdict::better ? "faster" : v == Verdict::worse ? "slower" : "unclear";
  return element(
      "td",
      {{"class", std::string("n change ") + word}, {"data-v", significant(m->ratio->estimate, 12)}},
      to_record(run, *m->records[0],
                text(std::string(sign_of(*m->ratio)) + " " + ratio_text(*m->ratio))));
}

Markup cases_table(const Run& run, const std::vector<Match>& matches) {
  std::vector<std::string> rivals;
  std::vector<const Record*> cases;
  for (const Match& m : matches) {
    if (std::find(rivals.begin(), rivals.end(), m.rival) == rivals.end()) rivals.push_back(m.rival);
    if (cases.empty() || cases.back() != m.own) cases.push_back(m.own);
  }
  Markup cells = column_head("", "case") + column_head("n", "ours");
  for (const std::string& rival : rivals) cells += column_head("n", rival);
  Markup rows;
  for (const Record* own : cases) {
    Markup row = element("th", {{"scope", "row"}}, to_record(run, *own, text(own->case_id)));
    const double figure = own->statistics ? own->statistics->median_ns
                          : own->counts   ? own->counts->per_call()
                                          : 0;
    row += element("td", {{"class", "n"}, {"data-v", significant(figure, 12)}},
                   figure > 0 ? text(figure_text(figure, own->unit)) : chip(own->outcome));
    for (const std::string& rival : rivals) {
      const auto found = std::find_if(matches.begin(), matches.end(), [&](const Match& m) {
        return m.own == own && m.rival == rival;
      });
      row += ratio_cell(run, found == matches.end() ? nullptr : &*found);
    }
    rows += tag("tr", "", row);
  }
  return tag("div", "scroll",
             tag("table", "comparison sortable",
                 tag("thead", "", tag("tr", "", cells)) + tag("tbody", "", rows)));
}

/// Of the run's matches those of the group.
std::vector<Match> matches_in(const GroupOfRun& g) {
  std::vector<Match> matches = g.run.matches;
  std::erase_if(matches, [&](const Match& m) {
    return m.own->target != g.group.target || m.own->state != g.group.state ||
           m.own->unit != g.group.unit;
  });
  return matches;
}

bool applies(const GroupOfRun& g) { return !matches_in(g).empty(); }

Markup render(const GroupOfRun& g) {
  const Run& run = g.run;
  const std::vector<Match> matches = matches_in(g);
  Markup body =
      title(run, "Against other ways to compute it") +
      tag("p", "lead",
          "The rival's figure over ours, above 1 where ours is faster: the median over turns of "
          "one "
          "interleaved run, with its 95 % interval. Won or lost only where the whole interval "
          "clears 2 %. 'apart' is the sum of the ops as kernels of their own.") +
      means_table(match_means(matches), matches, axis_of(matches));
  if (run.detailed) body += cases_table(run, matches);
  return tag("section", "rivals", body);
}

}  // namespace

extern const GroupSection rivals_section = {"rivals", applies, render};

}  // namespace halcyon::page_parts
