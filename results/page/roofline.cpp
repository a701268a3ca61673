#include <algorithm>
#include <cmath>

#include "results/page/section.h"
#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

struct Point {
  const Record* record;
  double intensity, gflops;  // FLOP per byte of arguments; GFLOP/s; by taps inside the map
};
std::vector<Point> points_of(const Group& group) {
  std::vector<Point> points;
  for (const Record* r : group.records) {
    const double bytes =
        static_cast<double>(r->activation_bytes) + static_cast<double>(r->weight_bytes);
    const double flop = 2.0 * static_cast<double>(r->macs_inside);
    if (r->statistics && flop > 0 && bytes > 0)
      points.push_back({r, flop / bytes, flop / r->statistics->median_ns});
  }
  return points;
}

struct Roof {
  const char* name;
  double gbs;
};
std::vector<Roof> roofs_of(const Document& d) {
  std::vector<Roof> roofs;
  for (const Roof& roof : {Roof{"L1", d.read_gbs_l1}, Roof{"L2", d.read_gbs_l2},
                           Roof{"L3", d.read_gbs_l3}, Roof{"DRAM", d.read_gbs_dram}})
    if (roof.gbs > 0) roofs.push_back(roof);
  return roofs;
}

/// The plane of the picture: both axes logarithmic, with room around all points and every ridge.
struct Plane {
  svg::LogAxis x, y;
  double px(double intensity) const { return x.percent(intensity); }
  double py(double gflops) const { return 100 - y.percent(gflops); }
};
Plane plane_of(const std::vector<Point>& points, const Document& d) {
  double left = 1, right = 16, low = d.peak_gflops / 16, high = d.peak_gflops;
  for (const Point& p : points) {
    left = std::min(left, p.intensity);
    right = std::max(right, p.intensity);
    low = std::min(low, p.gflops);
    high = std::max(high, p.gflops);
  }
  for (const Roof& roof : roofs_of(d)) right = std::max(right, d.peak_gflops / roof.gbs);
  return {{left / 1.5, right * 1.8}, {low / 1.5, high * 1.5}};
}

Markup axes(const Plane& plane) {
  Markup out;
  for (double tick : plane.x.ticks())
    out += svg::line("grid", plane.px(tick), 0, plane.px(tick), 100) +
           svg::label("tick", plane.px(tick), 100, "middle", significant(tick, 1), 0, 17);
  for (double tick : plane.y.ticks())
    out += svg::line("grid", 0, plane.py(tick), 100, plane.py(tick)) +
           svg::label("tick", 0, plane.py(tick), "end", significant(tick, 1), -7, 4);
  return out + svg::line("axis", 0, 100, 100, 100) + svg::line("axis", 0, 0, 0, 100) +
         svg::label("axis-title", 50, 100, "middle",
                    "FLOP per byte of inputs, weights and outputs (log)", 0, 38) +
         svg::label("axis-title", 0, 0, "start", "GFLOP/s (log)", -46, -12);
}

/// Slanted while bandwidth limits, level from the ridge on. Words come last: their outline keeps
/// them readable where roofs lie close.
Markup roofs(const Plane& plane, const Document& d) {
  Markup lines, words;
  double first_ridge = plane.x.high();
  for (const Roof& roof : roofs_of(d)) {
    const double start = std::max(plane.x.low(), plane.y.low() / roof.gbs);
    const double ridge = d.peak_gflops / roof.gbs;
    first_ridge = std::min(first_ridge, ridge);
    if (ridge <= start) continue;
    lines += svg::line("roof memory", plane.px(start), plane.py(start * roof.gbs), plane.px(ridge),
                       plane.py(d.peak_gflops));
    // Right of the line and under it, where it has risen away from the letters.
    const bool from_below = start > plane.x.low();
    words += svg::label("roof", plane.px(start), plane.py(start * roof.gbs), "start",
                        std::string(roof.name) + " " + significant(roof.gbs, 3) + " GB/s",
                        from_below ? 20 : 8, from_below ? -6 : 16);
  }
  const double y = plane.py(d.peak_gflops);
  lines += svg::line("roof", plane.px(std::max(first_ridge, plane.x.low())), y, 100, y);
  words += svg::label("roof", 100, y, "end",
                      "FMA peak " + significant(d.peak_gflops, 4) + " GFLOP/s", 0, -7);
  return lines + words;
}

Markup marks(const Run& run, const std::vector<Point>& points, const Plane& plane) {
  Markup out;
  for (const Point& p : points) {
    const KernelFamily& family = family_of(p.record->problem);
    const std::string title = p.record->case_id + ": " + p.record->problem + "\n" +
                              significant(p.gflops, 4) + " GFLOP/s at " +
                              significant(p.intensity, 3) + " FLOP/byte";
    out += element(
        "a", {{"href", "#" + anchor(run, *p.record)}, {"data-for", anchor(run, *p.record)}},
        tag("title", "", title) + svg::mark(std::string("mark ") + family.css_class, family.shape,
                                            plane.px(p.intensity), plane.py(p.gflops)));
  }
  return out;
}

bool applies(const GroupOfRun& g) {
  return g.run.detailed && g.run.document->peak_gflops > 0 && !points_of(g.group).empty();
}

Markup render(const GroupOfRun& g) {
  const Run& run = g.run;
  const Document& d = *run.document;
  const std::vector<Point> points = points_of(g.group);
  const Plane plane = plane_of(points, d);
  return tag("section", "roofline",
             title(run, "Roofline") +
                 tag("p", "lead",
                     "Roofs are what this core did in this run: fused multiply-adds, and reading "
                     "from each level of memory. A mark above a memory roof was served by a nearer "
                     "cache. Multiply-adds are those of taps inside the map; cases without any are "
                     "not in the picture.") +
                 tag("ul", "legend", family_legend()) +
                 tag("div", "plot",
                     svg::picture("plane",
                                  "Roofline: GFLOP/s over FLOP per byte; the numbers are in the "
                                  "table of cases",
                                  axes(plane) + roofs(plane, d) + marks(run, points, plane))));
}

}  // namespace

extern const GroupSection roofline_section = {"roofline", applies, render};

}  // namespace halcyon::page_parts
