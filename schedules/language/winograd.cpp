#include "schedules/language/winograd.h"

#include <cmath>

#include "kernels/problem/op.h"

namespace halcyon {
namespace {

using Polynomial = std::vector<double>;  // coefficients, of 1 first

Polynomial times_root(const Polynomial& p, double root) {  // p(x) * (x - root)
  Polynomial product(p.size() + 1);
  for (std::size_t i = 0; i < p.size(); ++i) {
    product[i + 1] += p[i];
    product[i] -= root * p[i];
  }
  return product;
}

/// The points at which polynomials are multiplied: 0, p and -p for each of `pairs`, infinity.
Winograd at_points(const std::vector<double>& pairs) {
  std::vector<double> points = {0};
  for (double p : pairs) points.insert(points.end(), {p, -p});
  const int last = static_cast<int>(points.size());
  Winograd w{.results = last - 1};
  Polynomial all = {1};
  for (double root : points) all = times_root(all, root);
  for (int i = 0; i < last; ++i) {
    Polynomial others = {1};
    double slope = 1;
    for (int j = 0; j < last; ++j)
      if (j != i) {
        others = times_root(others, points[j]);
        slope *= points[i] - points[j];
      }
    others.resize(last + 1);
    w.of_inputs.push_back(others);
    w.of_weights.push_back({1 / slope, points[i] / slope, points[i] * points[i] / slope});
  }
  w.of_inputs.push_back(all);
  w.of_weights.push_back({0, 0, 1});
  for (int i = 0; i < w.results; ++i) {
    w.of_results.emplace_back();
    for (double p : points) w.of_results[i].push_back(std::pow(p, i));
    w.of_results[i].push_back(i == w.results - 1);
  }
  return w;
}

}  // namespace

const Winograd* find_winograd(int results) {
  // The pair with the least error of those whose powers are exact in f32; that of the textbooks, 1
  // and 2, has twice its error in the mean and three times its largest.
  static const Winograd of_2 = at_points({1}), of_4 = at_points({0.625, 1.5});
  return results == 2 ? &of_2 : results == 4 ? &of_4 : nullptr;
}

std::int64_t macs_left(const Problem& problem, const Schedule& schedule) {
  double left = static_cast<double>(problem.macs_inside());
  for (const Step& step : schedule) {
    if (step.op != "winograd") continue;
    const int results = std::stoi(step.args[0]), inputs = results + 2;
    for (int i = 0; i < static_cast<int>(problem.ops().size()); ++i)
      if (const Op& op = problem.ops()[i]; step.stage == problem.name("w", i) && op.kind->macs)
        left -= static_cast<double>(op.kind->macs(op, true)) *
                (1 - static_cast<double>(inputs * inputs) / (9 * results * results));
  }
  return static_cast<std::int64_t>(left);
}

}  // namespace halcyon
