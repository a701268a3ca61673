#include "results/text/markdown.h"

#include "results/exports/export.h"
#include "results/text/format.h"
#include "results/text/terminal.h"

namespace halcyon {
namespace {

/// What it reached: percent of peak, or instructions per least FMLA; the outcome of what failed.
template <class AnyRecord>
std::vector<std::string> figures_of(const AnyRecord& r, std::int64_t macs) {
  if (r.statistics)
    return {figure_text(r.statistics->median_ns, "ns"),
            macs > 0 ? percent_text(r.statistics->percent_of_peak) : ""};
  if (r.counts)
    return {figure_text(r.counts->per_call(), "instructions"),
            macs > 0 ? fixed(r.counts->per_least_fmla(macs), 2) + " per least FMLA" : ""};
  return {outcome_text(r.outcome, r.detail), ""};
}

std::string cases_of(const Document& d) {
  if (d.records.empty()) return "";
  std::string text =
      "\n" + markdown_row({"case", "problem", "target", "threads", "caches", "median", "of peak"}) +
      "|---|---|---|---:|---|---:|---:|\n";
  for (const Record& r : d.records) {
    const auto figures = figures_of(r, r.macs);
    text += markdown_row({r.case_id + (r.rival.empty() ? "" : ", " + r.rival), r.problem, r.target,
                          std::to_string(r.threads), to_text(r.state), figures[0], figures[1]});
  }
  return text;
}

std::string networks_of(const Document& d) {
  if (d.networks.empty()) return "";
  std::string text = "\n" +
                     markdown_row({"network", "input", "target", "threads", "median", "of peak"}) +
                     "|---|---|---|---:|---:|---:|\n";
  for (const NetworkRecord& n : d.networks) {
    const auto figures = figures_of(n, n.macs);
    text += markdown_row({n.network,
                          n.input_nhwc + (n.batch > 1 ? " x " + std::to_string(n.batch) : ""),
                          n.target, std::to_string(n.threads), figures[0], figures[1]});
  }
  return text;
}

std::string render(const std::vector<Document>& documents) {
  std::string text;
  for (const Document& d : documents)
    text += (text.empty() ? "" : "\n") + std::string("Run ") + markdown_text(d.run) + " on " +
            markdown_text(cpu_text(d.machine)) + ", commit " +
            markdown_text(d.toolchain.commit.substr(0, 12)) +
            (d.toolchain.dirty ? " (dirty)" : "") + (d.complete ? "" : ", cut short") + ": `" +
            printable(d.command) + "`\n" + networks_of(d) + cases_of(d);
  return text;
}

}  // namespace

extern const Export markdown_export = {"markdown", "records.md", "tables for a README or an issue",
                                       why_not_any, render};

}  // namespace halcyon
