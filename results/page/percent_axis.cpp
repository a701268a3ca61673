#include "results/page/percent_axis.h"

#include <algorithm>
#include <cmath>

#include "results/text/format.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

constexpr double kLeastEnd = 100;  // of the axis, percent
constexpr double kMostEnd = 200;
constexpr double kStep = 25;

}  // namespace

double percent_at(const Record& r, double ns) {
  return ns > 0 ? percent_reached(r) * r.statistics->median_ns / ns : 0;
}

double axis_end(const Group& group) {
  double most = kLeastEnd;
  for (const Record* r : group.records)
    if (r->statistics) most = std::max(most, percent_at(*r, r->statistics->q25_ns));
  return std::min(kMostEnd, std::ceil(most / kStep) * kStep);
}

Markup grid(double end) {
  Markup lines;
  for (double at = 0; at <= end; at += kStep)
    lines += svg::line(at == 100 ? "full" : "grid", 100 * at / end, 0, 100 * at / end, 100);
  return lines;
}

Markup axis(double end) {
  Markup labels;
  for (double at = 0; at <= end; at += kStep) {
    const char* anchor = at == 0 ? "start" : at >= end ? "end" : "middle";
    labels += svg::label("tick", 100 * at / end, 100, anchor, fixed(at, 0), 0, -3);
  }
  return svg::picture("axis", "percent, 0 to " + fixed(end, 0), labels);
}

}  // namespace halcyon::page_parts
