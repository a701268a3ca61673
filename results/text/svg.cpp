#include "results/text/svg.h"

#include <algorithm>
#include <cmath>

#include "results/text/format.h"

namespace halcyon::svg {
namespace {

std::string percent(double value) { return fixed(value, 2) + "%"; }
std::string plain(double value) { return fixed(value, 1); }

/// Those at which a stair has a step: not where it is already.
std::vector<Dot> steps_of(const std::vector<Dot>& dots) {
  std::vector<Dot> steps;
  for (const Dot& dot : dots)
    if (steps.empty() || plain(dot.y) != plain(steps.back().y)) steps.push_back(dot);
  return steps;
}

std::string stair(const std::vector<Dot>& dots, double end) {
  std::string path;
  for (const Dot& dot : steps_of(dots))
    path += path.empty() ? "M" + plain(dot.x) + " " + plain(dot.y)
                         : "H" + plain(dot.x) + "V" + plain(dot.y);
  return path + "H" + plain(end);
}

Markup pattern(const std::string& id, int size, const std::string& path) {
  const std::string side = std::to_string(size);
  return element(
      "pattern",
      {{"id", id}, {"width", side}, {"height", side}, {"patternUnits", "userSpaceOnUse"}},
      element("rect", {{"class", id + "-ground"}, {"width", side}, {"height", side}}) +
          element("path", {{"class", id + "-lines"}, {"d", path}}));
}

}  // namespace

Markup picture(const std::string& css_class, const std::string& label, const Markup& content) {
  return element("svg", {{"class", css_class}, {"role", "img"}, {"aria-label", label}}, content);
}

Markup rect(const std::string& css_class, double x, double y, double width, double height) {
  return element("rect", {{"class", css_class},
                          {"x", percent(x)},
                          {"y", percent(y)},
                          {"width", percent(width)},
                          {"height", percent(height)}});
}

Markup line(const std::string& css_class, double x1, double y1, double x2, double y2) {
  return element("line", {{"class", css_class},
                          {"x1", percent(x1)},
                          {"y1", percent(y1)},
                          {"x2", percent(x2)},
                          {"y2", percent(y2)}});
}

Markup label(const std::string& css_class, double x, double y, const std::string& anchor,
             const std::string& words, int dx, int dy) {
  return element("text",
                 {{"class", css_class},
                  {"x", percent(x)},
                  {"y", percent(y)},
                  {"dx", std::to_string(dx)},
                  {"dy", std::to_string(dy)},
                  {"text-anchor", anchor}},
                 text(words));
}

Markup mark(const std::string& css_class, const std::string& shape, double x, double y) {
  return element(
      "use",
      {{"class", css_class}, {"href", "#mark-" + shape}, {"x", percent(x)}, {"y", percent(y)}});
}

double share_y(double percent, double lowest) {
  constexpr double kMargin = 4;
  return kMargin + (100 - 2 * kMargin) * (100 - std::max(lowest, percent)) / (100 - lowest);
}

Markup dots(const std::string& css_class, const std::vector<Dot>& points) {
  std::string path;
  for (const Dot& dot : points) path += "M" + plain(dot.x) + " " + plain(dot.y) + "h0";
  return points.empty() ? Markup() : element("path", {{"class", css_class}, {"d", path}});
}

Markup steps(const std::string& css_class, const std::vector<Dot>& points, double end) {
  if (points.empty()) return {};
  return element("path", {{"class", css_class}, {"d", stair(points, end)}});
}

Markup band(const std::string& css_class, const std::vector<Dot>& upper,
            const std::vector<Dot>& lower, double end) {
  if (upper.empty() || lower.empty()) return {};
  std::string path = stair(upper, end);
  const std::vector<Dot> back = steps_of(lower);
  for (auto dot = back.rbegin(); dot != back.rend(); ++dot)
    path += "V" + plain(dot->y) + "H" + plain(dot->x);
  return element("path", {{"class", css_class}, {"d", path + "Z"}});
}

Markup scatter(const std::string& css_class, const std::string& label, const Markup& content) {
  return element("svg",
                 {{"class", css_class},
                  {"role", "img"},
                  {"aria-label", label},
                  {"viewBox", "0 0 100 100"},
                  {"preserveAspectRatio", "none"}},
                 content);
}

Markup definitions() {
  const auto shape = [](const char* name, const char* path) {
    return element("path", {{"id", std::string("mark-") + name}, {"d", path}});
  };
  return element(
      "svg", {{"class", "definitions"}, {"aria-hidden", "true"}, {"width", "0"}, {"height", "0"}},
      element("defs", {},
              pattern("hatch", 6, "M-1 1l2-2M0 6l6-6M5 7l2-2") + pattern("stripes", 5, "M1 0v5") +
                  shape("circle", "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z") +
                  shape("square", "M-4.5-4.5h9v9h-9z") +
                  shape("diamond", "M0-6.5L6.5 0 0 6.5-6.5 0z") +
                  shape("triangle", "M0-6L6 5H-6z") + shape("caret", "M0-3l4-6h-8zM0 3l4 6h-8z") +
                  shape("cross", "M-5.5-2h3.5v-3.5h4v3.5h3.5v4h-3.5v3.5h-4v-3.5h-3.5z")));
}

LogAxis::LogAxis(double low, double high) : low_(low), high_(high) {}

double LogAxis::percent(double value) const {
  return 100 * std::log(value / low_) / std::log(high_ / low_);
}

std::vector<double> LogAxis::ticks() const {
  constexpr double kMost = 12;
  const bool decades_only = 3 * std::log10(high_ / low_) > kMost;
  std::vector<double> ticks;
  for (int decade = static_cast<int>(std::floor(std::log10(low_))); std::pow(10, decade) <= high_;
       ++decade) {
    for (double digit : {1.0, 2.0, 5.0}) {
      const double tick = digit * std::pow(10, decade);
      const bool wanted = digit == 1 || !decades_only;
      if (wanted && tick >= low_ && tick <= high_) ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace halcyon::svg
