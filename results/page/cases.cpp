#include <span>

#include "results/figures/seen.h"
#include "results/page/section.h"
#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

/// What a column shows of a record, and by what it sorts.
struct Cell {
  std::string words;
  double value = 0;
  bool shown = true;  // a dash otherwise, which sorts last
};
struct Column {
  const char *name, *hint;
  Cell (*cell)(const Record&);
};

Cell none() { return {"–", 0, false}; }

Cell time_cell(const Record& r) {
  if (!r.statistics) return none();
  return {figure_text(r.statistics->median_ns, r.unit), r.statistics->median_ns};
}
Cell quartile_cell(const Record& r) {
  if (!r.statistics) return none();
  return {figure_text(r.statistics->q25_ns, r.unit), r.statistics->q25_ns};
}
Cell samples_cell(const Record& r) {
  if (!r.statistics) return none();
  return {std::to_string(r.statistics->accepted) + "/" + std::to_string(r.statistics->taken),
          static_cast<double>(r.statistics->accepted)};
}
Cell rate_cell(const Record& r) {
  if (!r.statistics || !counts_arithmetic(r)) return none();
  return {significant(r.statistics->gflops, 4), r.statistics->gflops};
}
Cell peak_cell(const Record& r) {
  if (!r.statistics || !counts_arithmetic(r)) return none();
  return {percent_text(r.statistics->percent_of_peak), r.statistics->percent_of_peak};
}
Cell bound_cell(const Record& r) {
  if (!(bound_ns(r) > 0)) return none();
  const std::string by = r.bound->limited_by == "memory" ? r.bound->level : r.bound->limited_by;
  return {figure_text(bound_ns(r), "ns") + " " + by, bound_ns(r)};
}
Cell of_bound_cell(const Record& r) {
  if (!(share_of_bound(r) > 0)) return none();
  return {percent_text(share_of_bound(r)), share_of_bound(r)};
}
Cell error_cell(const Record& r) {
  const bool reached = r.check.passed || r.check.max_abs != 0;  // not before it crashed
  if (!reached) return none();
  return {significant(r.check.max_abs, 2), r.check.max_abs};
}

Cell per_call_cell(const Record& r) {
  if (!r.counts) return none();
  return {count_text(r.counts->per_call()), r.counts->per_call()};
}
Cell per_fmla_cell(const Record& r) {
  if (!r.counts || !counts_arithmetic(r)) return none();
  const double ratio = r.counts->per_least_fmla(r.macs);
  return {fixed(ratio, 2), ratio};
}
template <std::int64_t Counts::*member>
Cell class_cell(const Record& r) {
  if (!r.counts) return none();
  const double per_call = static_cast<double>((*r.counts).*member) / r.counts->calls;
  return {count_text(per_call), per_call};
}

constexpr Column kTimeColumns[] = {
    {"time", "median of the accepted samples, per call", time_cell},
    {"q25", "faster quartile of the accepted samples", quartile_cell},
    {"samples", "accepted of taken", samples_cell},
    {"GFLOP/s", "2 * MACs over the median time; MACs with padded taps", rate_cell},
    {"of peak", "of the FMA rate probed around the case's own samples; by taps inside the map",
     peak_cell},
    {"bound", "least time that arithmetic or memory allows, and which", bound_cell},
    {"of bound", "bound over median time", of_bound_cell},
    {"max error", "largest absolute difference from the reference", error_cell}};

/// Of groups in instructions: nothing of them is time.
constexpr Column kCountColumns[] = {
    {"instructions", "executed by the kernel, per call", per_call_cell},
    {"per least FMLA", "instructions over MACs / lanes; MACs with padded taps", per_fmla_cell},
    {"FMLA", "vector multiply-accumulates, per call", class_cell<&Counts::fmla>},
    {"other SIMD", "other vector and floating-point instructions, per call",
     class_cell<&Counts::simd>},
    {"loads", "per call", class_cell<&Counts::load>},
    {"stores", "per call", class_cell<&Counts::store>},
    {"branches", "per call", class_cell<&Counts::branch>},
    {"scalar", "the rest, per call", class_cell<&Counts::scalar>},
    {"max error", "largest absolute difference from the reference", error_cell}};

std::span<const Column> columns_of(FigureUnit unit) {
  if (unit == FigureUnit::instructions) return kCountColumns;
  return kTimeColumns;
}

Markup head_cell(const std::string& css_class, const std::string& name, const std::string& hint) {
  return element("th", {{"scope", "col"}, {"class", css_class}, {"title", hint}}, text(name));
}

Markup number_cell(const Run& run, const Record& r, const Column& column) {
  const Cell cell = column.cell(r);
  if (!cell.shown) return tag("td", "n none", cell.words);
  return element("td", {{"class", "n"}, {"data-v", significant(cell.value, 12)}},
                 to_record(run, r, text(cell.words)));
}

Markup row(const Run& run, const Record& r) {
  Markup name = to_record(run, r, text(r.case_id));
  if (r.odd) name += text(" ") + tag("span", "tag", "odd");
  name += tag("code", "", r.problem);
  if (!r.detail.empty()) name += tag("span", "why", why_text(r));
  Markup cells = element("th", {{"scope", "row"}}, name) + tag("td", "", chip(r.outcome)) +
                 tag("td", "class", r.kernel_class);
  for (const Column& column : columns_of(r.unit)) cells += number_cell(run, r, column);
  return element("tr",
                 {{"data-row", anchor(run, r)},
                  {"data-outcome", std::string(to_text(r.outcome))},
                  {"data-class", r.kernel_class}},
                 cells);
}

bool applies(const GroupOfRun&) { return true; }

Markup render(const GroupOfRun& g) {
  const auto& [run, group] = g;
  Markup head = head_cell("", "case", "its id and its problem line") +
                head_cell("", "outcome", "how the trial ended") +
                head_cell("class", "class", "row of the summary");
  for (const Column& column : columns_of(group.unit))
    head += head_cell("n", column.name, column.hint);
  Markup rows;
  for (const Record* r : group.records) rows += row(run, *r);
  const std::string caption = "Target " + group.target + ", " + plural(group.threads, "thread") +
                              ", " + to_text(group.state) + " caches, figures in " +
                              to_text(group.unit);
  return tag("section", "cases",
             title(run, "All cases") +
                 tag("div", "scroll",
                     tag("table", "cases sortable",
                         tag("caption", "", caption) + tag("thead", "", tag("tr", "", head)) +
                             tag("tbody", "", rows))));
}

}  // namespace

extern const GroupSection cases_section = {"cases", applies, render};

}  // namespace halcyon::page_parts
