#include <algorithm>

#include "results/figures/network_summary.h"
#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

Markup group_table(const NetworkGroup& group, const Published& published) {
  const bool timed = group.unit == FigureUnit::ns;
  Markup rows;
  for (const NetworkRecord* r : group.networks) {
    const double figure = figure_of(*r);
    const Markup cell =
        figure > 0 ? number_cell(figure, timed ? figure_text(figure, "ns") : count_text(figure))
                   : tag("td", "n", chip(r->outcome));
    const double use = r->statistics ? r->statistics->percent_of_peak : per_least_fmla(*r);
    rows += tag("tr", "",
                element("th", {{"scope", "row"}}, text(r->network)) + tag("td", "", r->input_nhwc) +
                    cell + number_cell(use, timed ? percent_text(use) : fixed(use, 2)) +
                    number_cell(static_cast<double>(r->macs), millions_text(r->macs)) +
                    number_cell(static_cast<double>(r->parameters), millions_text(r->parameters)) +
                    number_cell(static_cast<double>(r->memory.peak_bytes),
                                bytes_text(static_cast<double>(r->memory.peak_bytes))) +
                    tag("td", "class", accuracy_text(published, r->network)));
  }
  const std::string caption = group.target + (timed ? ", " + group.cpu : "") + ", " +
                              plural(group.threads, "thread") + ", figures in " +
                              to_text(group.unit);
  return tag("div", "scroll",
             tag("table", "comparison sortable",
                 tag("caption", "", caption) +
                     tag("thead", "",
                         tag("tr", "",
                             column_head("", "network") + column_head("", "input, NHWC") +
                                 column_head("n", timed ? "median" : "instructions") +
                                 column_head("n", timed ? "of peak" : "per least FMLA") +
                                 column_head("n", "MACs") + column_head("n", "parameters") +
                                 column_head("n", "memory") +
                                 column_head("", "top-1 as published (input side)"))) +
                     tag("tbody", "", rows)));
}

struct Point {
  std::string network;
  double figure, value;  // what it takes; what it gives, or needs
};

/// Accuracy where it is published for two networks or more, else MACs.
std::vector<Point> points_of(const NetworkGroup& group, const Published* published) {
  std::vector<Point> points;
  for (const NetworkRecord* r : group.networks) {
    if (!(figure_of(*r) > 0)) continue;
    if (!published) {
      if (r->macs > 0) points.push_back({r->network, figure_of(*r), static_cast<double>(r->macs)});
    } else if (const PublishedAccuracy* top1 = accuracy_of(*published, r->network)) {
      points.push_back({r->network, figure_of(*r), top1->top1_percent});
    }
  }
  return points;
}

Markup plot(const NetworkGroup& group, const Published& published) {
  std::vector<Point> points = points_of(group, &published);
  const bool accuracy = points.size() >= 2;
  if (!accuracy) points = points_of(group, nullptr);
  if (points.size() < 2) return {};
  const auto [least, most] =
      std::minmax_element(points.begin(), points.end(),
                          [](const Point& a, const Point& b) { return a.figure < b.figure; });
  const auto [lowest, highest] =
      std::minmax_element(points.begin(), points.end(),
                          [](const Point& a, const Point& b) { return a.value < b.value; });
  const bool timed = group.unit == FigureUnit::ns;
  constexpr double scale = 1e6;  // ns to ms; instructions to millions
  const svg::LogAxis x(least->figure / 1.6 / scale, most->figure * 1.6 / scale);
  // Percent are linear, with a point of room on both sides; MACs span decades.
  const double low = lowest->value - 1, high = highest->value + 1;
  const svg::LogAxis macs(accuracy ? 1 : lowest->value / 1.6e6,
                          accuracy ? 2 : highest->value * 1.6 / 1e6);
  const auto y_of = [&](double value) {
    return accuracy ? 100 - 100 * (value - low) / (high - low) : 100 - macs.percent(value / 1e6);
  };
  Markup content;
  for (double tick : x.ticks())
    content += svg::line("grid", x.percent(tick), 0, x.percent(tick), 100) +
               svg::label("tick", x.percent(tick), 100, "middle", significant(tick, 1), 0, 17);
  if (accuracy) {
    const int step = high - low > 12 ? 5 : high - low > 5 ? 2 : 1;
    for (int tick = (static_cast<int>(low) / step + 1) * step; tick <= high; tick += step)
      content += svg::line("grid", 0, y_of(tick), 100, y_of(tick)) +
                 svg::label("tick", 0, y_of(tick), "end", std::to_string(tick), -7, 4);
  } else {
    for (double tick : macs.ticks())
      content += svg::line("grid", 0, y_of(tick * 1e6), 100, y_of(tick * 1e6)) +
                 svg::label("tick", 0, y_of(tick * 1e6), "end", significant(tick, 1), -7, 4);
  }
  content += svg::line("axis", 0, 100, 100, 100) + svg::line("axis", 0, 0, 0, 100) +
             svg::label("axis-title", 50, 100, "middle",
                        timed ? "median, ms (log)" : "instructions, millions (log)", 0, 38) +
             svg::label("axis-title", 0, 0, "start",
                        accuracy ? "top-1 as published, %" : "MACs, millions (log)", -46, -12);
  for (const Point& p : points) {
    const double px = x.percent(p.figure / scale);
    const bool right = px < 70;  // room for its name on the right
    content += svg::mark("mark family-pw", "circle", px, y_of(p.value)) +
               svg::label("name", px, y_of(p.value), right ? "start" : "end", p.network,
                          right ? 10 : -10, 4);
  }
  return tag("div", "plot",
             svg::picture("plane small",
                          "networks: what they take against " +
                              std::string(accuracy ? "their published accuracy" : "their MACs") +
                              "; the numbers are in the table",
                          content));
}

Markup vendor(const Published& published) {
  if (published.vendor_figures.empty()) return {};
  const auto known = [](const std::string& source, Standing standing) {
    return source + (standing == Standing::read ? "" : std::string(", ") + to_text(standing));
  };
  Markup rows, accuracies;
  for (const VendorFigure& f : published.vendor_figures)
    rows += tag("tr", "",
                element("th", {{"scope", "row"}}, text(f.model)) + tag("td", "", f.chip) +
                    tag("td", "n", significant(f.latency_ms, 3)) +
                    tag("td", "n", f.frames_per_second ? fixed(*f.frames_per_second, 0) : "–") +
                    tag("td", "n", f.peak_ddr_mb ? fixed(*f.peak_ddr_mb, 1) : "–") +
                    tag("td", "", f.what) + tag("td", "", known(f.source, f.standing)));
  for (const VendorAccuracy& a : published.vendor_accuracies)
    accuracies += tag("tr", "",
                      element("th", {{"scope", "row"}}, text(a.model)) +
                          tag("td", "n", percent_text(a.float_percent)) +
                          tag("td", "n", percent_text(a.calibrated_percent)) +
                          tag("td", "n", percent_text(a.compiled_percent)) + tag("td", "", a.what) +
                          tag("td", "", known(a.source, a.standing)));
  const auto table = [](const char* caption, const Markup& head, const Markup& body) {
    return tag("div", "scroll",
               tag("table", "vendor",
                   tag("caption", "", caption) + tag("thead", "", tag("tr", "", head)) +
                       tag("tbody", "", body)));
  };
  Markup all = tag("h2", "title", "The vendor's figures of its BPU") +
               tag("p", "lead", published.vendor_note) +
               table("Speed as the vendor published it; no figure of ours",
                     column_head("", "model") + column_head("", "chip") + column_head("n", "ms") +
                         column_head("n", "frames/s") + column_head("n", "peak DDR, MB") +
                         column_head("", "what") + column_head("", "source"),
                     rows);
  if (!accuracies.empty())
    all += table("Accuracy as the vendor published it",
                 column_head("", "model") + column_head("n", "float") +
                     column_head("n", "calibrated") + column_head("n", "compiled") +
                     column_head("", "what") + column_head("", "source"),
                 accuracies);
  return tag("section", "vendor", all);
}

std::vector<const Document*> documents_of(const std::vector<Run>& runs) {
  std::vector<const Document*> documents;
  for (const Run& run : runs) documents.push_back(run.document);
  return documents;
}

std::size_t networks_in(const std::vector<Run>& runs) {
  std::size_t networks = 0;
  for (const Run& run : runs) networks += run.document->networks.size();
  return networks;
}

bool applies(const std::vector<Run>& runs) {
  return networks_in(runs) >= 2 || !published_by(documents_of(runs)).vendor_figures.empty();
}

Markup render(const std::vector<Run>& runs) {
  const std::vector<const Document*> documents = documents_of(runs);
  const Published published = published_by(documents);
  Markup all;
  if (networks_in(runs) >= 2) {
    all += tag("h2", "title", "Networks beside each other") +
           tag("p", "lead",
               "One table for each machine, target and unit: times of different machines, and "
               "times and counts, are not compared. Accuracy is what others published for the "
               "network, not measured here.");
    for (const NetworkGroup& g : network_groups(documents))
      all += group_table(g, published) + plot(g, published);
    all = tag("section", "networks", all);
  }
  return all + vendor(published);
}

}  // namespace

extern const PageSection network_comparison_section = {"network_comparison", applies, render};

}  // namespace halcyon::page_parts
