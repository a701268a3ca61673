#include <algorithm>

#include "results/figures/network_accuracy.h"
#include "results/figures/network_alone.h"
#include "results/figures/network_summary.h"
#include "results/figures/seen.h"
#include "results/figures/shared_loops.h"
#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

constexpr double kTop = 110;  // percent of peak at the upper edge of the picture

std::string bytes_of(std::int64_t bytes) { return bytes_text(static_cast<double>(bytes)); }
std::string dash_or(bool shown, const std::string& words) { return shown ? words : "–"; }

/// How well a call uses the machine, percent: of the FMA peak, or without arithmetic of the bound
/// that memory sets; of counts the least number of FMAs over the instructions.
double reached(const NetworkCall& c) {
  if (c.time && c.macs == 0) return c.bound ? 100 * c.bound->memory_ns / c.time->median_ns : 0;
  if (c.time) return c.time->percent_of_peak;
  return c.counts && c.macs > 0 ? 100 / c.counts->per_least_fmla(c.macs) : 0;
}

Markup tiles(const NetworkRecord& r) {
  Markup all;
  if (r.statistics)
    all += tile("median", figure_text(r.statistics->median_ns, "ns")) +
           tile("images a second", significant(1e9 * r.batch / r.statistics->median_ns, 4)) +
           tile("of the FMA peak", percent_text(r.statistics->percent_of_peak));
  if (r.counts)
    all += tile("instructions", count_text(r.counts->per_call())) +
           tile("per least FMLA", fixed(per_least_fmla(r), 2));
  all += tile("MACs", millions_text(r.macs)) + tile("parameters", millions_text(r.parameters)) +
         tile("memory", bytes_of(r.memory.peak_bytes)) +
         tile("error, of the range", significant(r.check.max_error_of_range, 2));
  if (const auto sum = alone_sum(r))
    all += tile("whole over its calls alone", fixed(sum->ratio, 3));
  return tag("dl", "tiles", all);
}

/// Every call as wide as its share and as high as the percentage that it reaches, so that an area
/// is arithmetic done and the space above it what was lost.
Markup skyline(const NetworkRecord& r) {
  Markup content;
  for (int at : {0, 25, 50, 75, 100}) {
    const double y = 100 - 100 * at / kTop;
    content += svg::line(at == 100 ? "full" : "grid", 0, y, 100, y) +
               svg::label("tick", 0, y, "end", std::to_string(at), -7, 4);
  }
  double x = 0, stage_from = 0;
  for (std::size_t i = 0; i < r.calls.size(); ++i) {
    const NetworkCall& c = r.calls[i];
    const double width = 100 * c.share, height = 100 * std::min(reached(c), kTop) / kTop;
    const bool memory = c.bound && c.bound->limited_by == "memory";
    const std::string words =
        c.name + ": " + c.problem + "\n" + percent_text(width) +
        (c.time ? " of the time, " + figure_text(c.time->median_ns, "ns") + ", " +
                      percent_text(reached(c)) + (c.macs > 0 ? " of peak" : " of the memory bound")
                : " of the instructions") +
        (memory ? ", limited by " + c.bound->level : "");
    const std::string colour = c.macs > 0 ? family_of(c.problem).css_class : "memory";
    Markup box = svg::rect("whole", x, 0, width, 100) +
                 svg::rect("call " + colour, x, 100 - height, width, height);
    if (memory && c.macs > 0) box += svg::rect("call memory", x, 97, width, 3);
    content += tag("g", "", tag("title", "", words) + box);
    x += width;
    if (i + 1 < r.calls.size() && r.calls[i + 1].stage == c.stage) continue;
    content += svg::line("stage", x, 0, x, 100);
    constexpr double kRoomForWords = 5;  // percent of the width
    if (x - stage_from >= kRoomForWords)
      content += svg::label("tick", (x + stage_from) / 2, 100, "middle", c.stage, 0, 16);
    stage_from = x;
  }
  return tag("div", "plot skyline",
             svg::picture("calls",
                          "calls in the order of the run, as wide as their share and as "
                          "high as the percentage they reach; the numbers are below",
                          content));
}

Markup legend() {
  return tag("ul", "legend",
             family_legend() +
                 legend_entry(svg::rect("call memory", 0, 20, 100, 60),
                              "no arithmetic: percent of what memory allows; at the upper edge: "
                              "arithmetic that memory limits"));
}

Markup share_bar(const NetworkPart& p, double most, const std::string& colour) {
  return tag("td", "strip",
             svg::picture("bar", p.name + ": " + percent_text(100 * p.share),
                          svg::rect("call " + colour, 0, 24, 100 * p.share / most, 52)));
}

/// Stages, or layers of which equal ones stand together.
Markup part_table(const NetworkRecord& r, const std::string& what,
                  const std::vector<NetworkPart>& parts, bool problems) {
  const bool counted = r.counts.has_value();
  const bool alone =
      std::any_of(parts.begin(), parts.end(), [](const NetworkPart& p) { return p.alone_ns > 0; });
  double most = 0;
  for (const NetworkPart& p : parts) most = std::max(most, p.share);
  Markup head = column_head("", what) + column_head("n", "calls") +
                column_head("n", counted ? "instructions" : "time") + column_head("n", "share") +
                column_head("strip", "") + column_head("n", counted ? "per least FMLA" : "of peak");
  if (!counted) head += column_head("", "limit") + column_head("n", "of bound");
  if (alone) head += column_head("n", "alone") + column_head("n", "alone, of peak");
  Markup rows;
  for (const NetworkPart& p : parts) {
    Markup name =
        problems ? tag("code", "", p.name) + tag("span", "class", p.kernel_class) : text(p.name);
    Markup cells = element("th", {{"scope", "row"}}, name) +
                   number_cell(p.calls, std::to_string(p.calls)) +
                   (counted ? number_cell(p.instructions, count_text(p.instructions))
                            : number_cell(p.ns, figure_text(p.ns, "ns"))) +
                   number_cell(p.share, percent_text(100 * p.share)) +
                   share_bar(p, most, problems ? family_of(p.name).css_class : "family-stage") +
                   (counted ? number_cell(p.per_least_fmla, fixed(p.per_least_fmla, 2))
                            : number_cell(p.percent_of_peak, percent_text(p.percent_of_peak)));
    if (!counted)
      cells += tag("td", "", dash_or(!p.limited_by.empty(), p.limited_by)) +
               number_cell(p.percent_of_bound, percent_text(p.percent_of_bound));
    if (alone)
      cells += number_cell(p.alone_ns, figure_text(p.alone_ns, "ns")) +
               number_cell(p.alone_percent, percent_text(p.alone_percent));
    rows += tag("tr", "", cells);
  }
  return tag("div", "scroll",
             tag("table", "layers sortable",
                 tag("thead", "", tag("tr", "", head)) + tag("tbody", "", rows)));
}

/// Which schedule and object each call ran.
Markup call_list(const NetworkRecord& r) {
  Markup rows;
  for (const NetworkCall& c : r.calls)
    rows += tag("tr", "",
                element("th", {{"scope", "row"}}, text(c.name)) + tag("td", "", c.stage) +
                    tag("td", "", tag("code", "", c.problem)) +
                    tag("td", "n",
                        c.time     ? figure_text(c.time->median_ns, "ns")
                        : c.counts ? count_text(c.counts->per_call())
                                   : "–") +
                    tag("td", "", c.schedule_source) +
                    tag("td", "", tag("code", "", c.object_sha256.substr(0, 12))));
  return tag(
      "div", "scroll",
      tag("table", "layers",
          tag("thead", "",
              tag("tr", "",
                  column_head("", "call") + column_head("", "stage") + column_head("", "problem") +
                      column_head("n", r.counts ? "instructions" : "time") +
                      column_head("", "schedule") + column_head("", "object"))) +
              tag("tbody", "", rows)));
}

Markup details(const Run& run, const NetworkRecord& r) {
  const NetworkMemory& m = r.memory;
  const Markup all = facts(
      {{"source", r.source},
       {"target", r.target + (r.family.empty() ? "" : " (" + r.family + ")")},
       {"threads, batch", std::to_string(r.threads) + ", " + std::to_string(r.batch)},
       {"between the cores", shared_loop_text(r.samples)},
       {"input, NHWC", r.input_nhwc},
       {"cut by", r.plan},
       {"parameters, folded", count_text(static_cast<double>(r.folded_parameters))},
       {"weights", bytes_of(m.weight_bytes)},
       {"arena",
        bytes_of(m.arena_bytes) + ", most alive at once " + bytes_of(m.largest_live_bytes)},
       {"scratch", bytes_of(m.scratch_bytes)},
       {"input, output", bytes_of(m.input_bytes) + ", " + bytes_of(m.output_bytes)},
       {"check", std::string(r.check.passed ? "passed" : "failed") + " against " + r.check.against +
                     ", " + std::to_string(r.check.inputs) + " inputs, allowed " +
                     significant(r.check.tolerance, 2) + " of the range" +
                     (r.check.f32_error_of_range ? ", plain f32 loops err by " +
                                                       significant(*r.check.f32_error_of_range, 2)
                                                 : "")},
       {"first bad element", r.check.where},
       {"dtype", r.dtype == "f32" ? "" : r.dtype},
       {"against itself in f32", accuracy_text(r)},
       {"each layer by itself", layers_off_text(r)},
       {"samples", r.statistics ? std::to_string(r.statistics->accepted) + " accepted of " +
                                      std::to_string(r.statistics->taken) + ", q25 " +
                                      figure_text(r.statistics->q25_ns, "ns")
                                : ""},
       {"p90, p99", r.statistics ? figure_text(call_quantile(r.samples, 0.9), "ns") + ", " +
                                       figure_text(call_quantile(r.samples, 0.99), "ns")
                                 : ""},
       {"refused by", r.rejected ? to_text(*r.rejected) : ""},
       {"overhead of a call",
        r.overhead_ns_per_call > 0
            ? figure_text(r.overhead_ns_per_call, "ns") + ", of one to a kernel that does nothing"
            : ""},
       {"isolation", r.isolation},
       {"seed", std::to_string(r.seed)},
       {"record", r.id}});
  Markup body = all;
  if (!r.repro.empty()) body += tag("h3", "subtitle", "To see it again") + tag("pre", "", r.repro);
  if (run.detailed) body += tag("h3", "subtitle", "Every call") + call_list(r);
  return element("details", {{"class", "record network"}, {"id", anchor(run, r)}},
                 tag("summary", "", tag("b", "", "Memory, check, schedule of every call")) + body);
}

Markup alone(const NetworkRecord& r) {
  const std::string sum = alone_text(r);
  return sum.empty() ? Markup() : tag("p", "lead", sum + ".");
}

Markup one(const Run& run, const NetworkRecord& r) {
  Markup body = title(run, r.network);
  if (r.outcome != Outcome::ok)
    body += tag("p", "detail", chip(r.outcome) + text(" " + why_text(r)));
  body += tiles(r);
  const bool figures = std::any_of(r.calls.begin(), r.calls.end(),
                                   [](const NetworkCall& c) { return c.time || c.counts; });
  if (figures) {
    body += tag("p", "lead",
                r.counts ? "Each call of the network in its order: as wide as its share of the "
                           "instructions, as high as the least number of vector FMAs over them. "
                           "Counts, never compared with a time."
                         : "Each call of the network in its order, measured inside the run: as "
                           "wide as its share of the time, as high as the percentage of the FMA "
                           "peak it reaches. Area is arithmetic, the space above it is lost.") +
            legend() + skyline(r) + alone(r) + subtitle(run, "Stages") +
            part_table(r, "stage", stages_of(r), false) +
            subtitle(run, "Layers, equal ones together") +
            part_table(r, "layer", layers_of(r), true);
  }
  if (whole_of(r).loss_ns() > 0)
    body += subtitle(run, "Where the rest of the time goes") + losses(r);
  if (r.peers)
    body +=
        subtitle(run, is_of_builds(*r.peers) ? "Beside another build" : "Beside other systems") +
        peers(*r.peers);
  return tag("section", "network", body + details(run, r));
}

bool applies(const Run& run) { return !run.document->networks.empty(); }

Markup render(const Run& run) {
  Markup all;
  for (const NetworkRecord& r : run.document->networks) all += one(run, r);
  return all;
}

}  // namespace

extern const RunSection networks_section = {"networks", applies, render};

}  // namespace halcyon::page_parts
