#include <algorithm>

#include "results/figures/seen.h"
#include "results/figures/shared_loops.h"
#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows case_facts(const Record& r) {
  return {{"suite", r.suite},
          {"source", r.source_of_case},
          {"class", r.kernel_class + (r.odd ? ", odd" : "")},
          {"target", r.target + (r.family.empty() ? "" : " (" + r.family + ")")},
          {"threads, caches", std::to_string(r.threads) + ", " + to_text(r.state)},
          {"between the cores", shared_loop_text(r.samples)},
          {"MACs", count_text(static_cast<double>(r.macs)) + ", inside the input " +
                       count_text(static_cast<double>(r.macs_inside))},
          {"parameters", count_text(static_cast<double>(r.parameters))},
          {"weights", bytes_text(static_cast<double>(r.weight_bytes))},
          {"activations", bytes_text(static_cast<double>(r.activation_bytes))},
          {"dtype", r.dtype}};
}

Rows time_facts(const Record& r) {
  Rows rows;
  if (r.statistics) {
    const Statistics& s = *r.statistics;
    rows = {{"median", figure_text(s.median_ns, r.unit)},
            {"q25, minimum", figure_text(s.q25_ns, r.unit) + ", " + figure_text(s.min_ns, r.unit)},
            {"p90, p99", figure_text(call_quantile(r.samples, 0.9), r.unit) + ", " +
                             figure_text(call_quantile(r.samples, 0.99), r.unit)},
            {"samples", std::to_string(s.accepted) + " accepted of " + std::to_string(s.taken)},
            {"refused by", r.rejected ? to_text(*r.rejected) : ""}};
    if (s.peak_gflops > 0)
      rows.emplace_back("FMA probe around it", significant(s.peak_gflops, 4) + " GFLOP/s");
    if (counts_arithmetic(r)) {
      rows.emplace_back("rate", significant(s.gflops, 4) + " GFLOP/s");
      rows.emplace_back("of peak", percent_text(s.percent_of_peak));
    }
    if (share_of_bound(r) > 0) rows.emplace_back("of the bound", percent_text(share_of_bound(r)));
  }
  if (r.bound) {
    rows.emplace_back("bound by arithmetic", figure_text(r.bound->compute_ns, "ns"));
    rows.emplace_back("bound by memory",
                      figure_text(r.bound->memory_ns, "ns") + ", read from " + r.bound->level);
    rows.emplace_back("limited by", r.bound->limited_by);
  }
  return rows;
}

Rows check_facts(const Record& r) {
  const Check& c = r.check;
  if (c.input_sets == 0) return {{"check", "not reached"}};
  return {{"check", c.passed ? "passed" : "failed"},
          {"largest error",
           significant(c.max_abs, 3) + " absolute, " + significant(c.max_rel, 3) + " relative"},
          {"allowed", significant(c.tolerance_abs, 3) + " + " + significant(c.tolerance_rel, 3) +
                          " * |reference|"},
          {"cosine", fixed(c.cosine, 9)},
          {"first bad element", c.where},
          {"input sets", std::to_string(c.input_sets)},
          {"Halide's checks, guard pages",
           std::string(c.checked_build ? "yes" : "no") + ", " + (c.guard_pages ? "yes" : "no")}};
}

/// "96 multiply-adds in 130 instructions, 2 on the stack".
std::string hot_loop_text(const Record& r) {
  if (!r.hot_loop || r.hot_loop->instructions == 0) return "";
  const HotLoop& h = *r.hot_loop;
  return std::to_string(h.fma) + " multiply-adds in " + std::to_string(h.instructions) +
         " instructions, " + std::to_string(h.stack_refs) + " references to the stack";
}

Rows object_facts(const Record& r) {
  std::string point;
  for (const auto& [knob, value] : r.point)
    point += (point.empty() ? "" : " ") + knob + "=" + std::to_string(value);
  return {{"schedule from", r.schedule_source},
          {"point", point},
          {"Halide target", r.halide_target},
          {"object key", r.object_key},
          {"object SHA-256", r.object_sha256},
          {"hot loop", hot_loop_text(r)},
          {"compile time", significant(r.compile_seconds, 3) + " s"},
          {"isolation", r.isolation},
          {"seed", std::to_string(r.seed)},
          {"record", r.id}};
}

/// Time per call in the order in which samples were taken: dots accepted, the rest hollow.
Markup samples(const Record& r) {
  if (r.samples.empty()) return {};
  double low = r.samples[0].ns_per_call(), high = low;
  for (const Sample& s : r.samples) {
    low = std::min(low, s.ns_per_call());
    high = std::max(high, s.ns_per_call());
  }
  const double range = high > low ? high - low : 1;
  const double steps = std::max<double>(1, static_cast<double>(r.samples.size()) - 1);
  std::vector<svg::Dot> accepted, rejected;
  for (std::size_t i = 0; i < r.samples.size(); ++i) {  // one process after the other
    const Sample& s = r.samples[i];
    (s.accepted ? accepted : rejected)
        .push_back(
            {2 + 96 * static_cast<double>(i) / steps, 92 - 84 * (s.ns_per_call() - low) / range});
  }
  const std::string words = figure_text(low, r.unit) + " to " + figure_text(high, r.unit) +
                            ", in the order of the run; filled ones accepted";
  return tag("figure", "samples",
             svg::scatter("samples", "samples, " + words,
                          svg::dots("rejected", rejected) + svg::dots("hole", rejected) +
                              svg::dots("accepted", accepted)) +
                 tag("figcaption", "", words));
}

Markup block(const char* title, const Markup& content) {
  return tag("div", "", tag("h3", "subtitle", title) + content);
}

Markup one(const Run& run, const Record& r) {
  Markup body;
  if (!r.detail.empty()) body += tag("p", "detail", why_text(r));
  body +=
      tag("div", "columns",
          block("Case", facts(case_facts(r))) + block("Time", facts(time_facts(r)) + samples(r)) +
              block("Check", facts(check_facts(r))) + block("Object", facts(object_facts(r))));
  if (!r.schedule.empty()) body += tag("h3", "subtitle", "Schedule") + tag("pre", "", r.schedule);
  if (!r.repro.empty()) body += tag("h3", "subtitle", "To see it again") + tag("pre", "", r.repro);
  const std::string time = r.statistics ? figure_text(r.statistics->median_ns, r.unit) : "";
  const Markup letter = run.alone ? Markup() : tag("b", "letter", run.letter);
  const Markup head = letter + tag("b", "", r.case_id) + text(" ") + tag("code", "", r.problem) +
                      text(" ") + tag("span", "figure", time) + text(" ") + chip(r.outcome);
  return element("details",
                 {{"class", "record"}, {"id", anchor(run, r)}, {"data-for", anchor(run, r)}},
                 tag("summary", "", head) + body);
}

bool applies(const std::vector<Run>& runs) {
  return std::any_of(runs.begin(), runs.end(), [](const Run& run) {
    return !run.detailed || !run.document->records.empty();
  });
}

Markup render(const std::vector<Run>& runs) {
  Markup body = tag("h2", "title", "Records");
  for (const Run& run : runs) {
    if (run.detailed)
      for (const Record& r : run.document->records) body += one(run, r);
    else
      body += tag("p", "lead",
                  "The " + std::to_string(run.document->records.size()) + " records of run " +
                      run.document->run + " are in its results.json only.");
  }
  return tag("section", "records", body);
}

}  // namespace

extern const PageSection records_section = {"records", applies, render};

}  // namespace halcyon::page_parts
