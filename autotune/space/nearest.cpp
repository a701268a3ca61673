#include "autotune/space/nearest.h"

#include <algorithm>
#include <cmath>

namespace halcyon {
namespace {

double apart(int a, int b) { return std::abs(std::log2(static_cast<double>(a) / b)); }

double apart(const Shape& a, const Shape& b) {
  return apart(a.n, b.n) + apart(a.h, b.h) + apart(a.w, b.w) + apart(a.c, b.c);
}

double apart(const Window& a, const Window& b) {
  return apart(a.kernel, b.kernel) + apart(a.stride, b.stride) + apart(a.dilation, b.dilation);
}

}  // namespace

double unlikeness(const Problem& a, const Problem& b) {
  if (a.ops().size() != b.ops().size()) return INFINITY;
  double far = apart(a.input(), b.input());
  for (std::size_t i = 0; i < a.ops().size(); i++) {
    const Op &x = a.ops()[i], &y = b.ops()[i];
    if (x.word() != y.word()) return INFINITY;
    far += apart(x.out, y.out) + apart(x.h, y.h) + apart(x.w, y.w) + apart(x.groups, y.groups);
  }
  return far;
}

std::vector<Point> points_of_nearest(const Problem& problem, const std::vector<KnownPoint>& known,
                                     std::size_t most) {
  std::vector<std::pair<double, const Point*>> near;
  for (auto k = known.rbegin(); k != known.rend(); k++) {
    if (k->problem == problem.text()) continue;
    const double far = unlikeness(problem, Problem::parse(k->problem));
    if (std::isfinite(far)) near.push_back({far, &k->point});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Point> points;
  for (std::size_t i = 0; i < std::min(most, near.size()); i++) points.push_back(*near[i].second);
  return points;
}

}  // namespace halcyon
