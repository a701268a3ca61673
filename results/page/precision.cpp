#include "results/figures/precision.h"

#include "results/page/section.h"
#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

std::vector<Match> matches_in(const GroupOfRun& g) {
  std::vector<Match> matches = against_f32(*g.run.document);
  std::erase_if(matches, [&](const Match& m) {
    return m.own->target != g.group.target || m.own->unit != g.group.unit ||
           m.own->threads != g.group.threads || m.own->state != g.group.state;
  });
  return matches;
}

bool applies(const GroupOfRun& g) { return !matches_in(g).empty(); }

Markup ratio_cell(const Interval& ratio) {
  return element("td", {{"class", "n"}, {"data-v", significant(ratio.estimate, 12)}},
                 text(ratio_text(ratio)));
}

Markup means_table(const std::vector<Match>& matches) {
  Markup rows;
  for (const PrecisionMean& m : precision_means(matches))
    rows += tag("tr", "",
                element("th", {{"scope", "row"}}, text(m.kernel_class)) + tag("td", "", m.dtype) +
                    tag("td", "n", std::to_string(m.cases)) + ratio_cell(m.ratio) +
                    tag("td", "n", fixed(m.slowest, 2)));
  return tag(
      "table", "comparison sortable",
      tag("thead", "",
          tag("tr", "",
              column_head("", "class") + column_head("", "dtype") + column_head("n", "cases") +
                  column_head("n", "f32 over it") + column_head("n", "least"))) +
          tag("tbody", "", rows));
}

Markup cases_table(const Run& run, const std::vector<Match>& matches) {
  Markup rows;
  for (const Match& m : matches) {
    if (!m.ratio) continue;
    rows += tag("tr", "",
                element("th", {{"scope", "row"}}, to_record(run, *m.own, text(m.own->case_id))) +
                    ratio_cell(*m.ratio));
  }
  return tag("div", "scroll",
             tag("table", "comparison sortable",
                 tag("thead", "",
                     tag("tr", "", column_head("", "case") + column_head("n", "f32 over it"))) +
                     tag("tbody", "", rows)));
}

Markup render(const GroupOfRun& g) {
  const std::vector<Match> matches = matches_in(g);
  Markup body = title(g.run, "Lower precision beside f32") +
                tag("p", "lead",
                    "The time of the same case in f32 over its own, above 1 where the lower "
                    "precision is faster: the median over turns of one interleaved run, with its "
                    "95 % interval; of a class the geometric mean over its network shapes.") +
                means_table(matches);
  if (g.run.detailed) body += cases_table(g.run, matches);
  return tag("section", "precision", body);
}

}  // namespace

extern const GroupSection precision_section = {"precision", applies, render};

}  // namespace halcyon::page_parts
