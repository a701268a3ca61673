#include "suites/quantise/range_method.h"

#include <algorithm>
#include <cmath>

#include "kernels/problem/quantisation.h"

namespace halcyon {
namespace {

using Range = std::pair<double, double>;

constexpr double kLeftOut = 1e-4;                       // of all values, by `percentile`
constexpr double kLeastShare = 0.3, kShareStep = 0.02;  // of an end that `mse` may come down to
constexpr int kRounds = 2;

Range percentile(const Histogram& h) {
  const double tail = kLeftOut / 2 * static_cast<double>(h.count());
  double seen = 0, low = 0, high = 0;
  bool begun = false;
  h.each([&](double centre, std::int64_t values) {
    const double before = seen;
    seen += static_cast<double>(values);
    if (!begun && seen > tail) {
      low = centre;
      begun = true;
    }
    if (before < static_cast<double>(h.count()) - tail) high = centre;
  });
  const auto [least, most] = h.range();
  return {std::max(low, least), std::min(high, most)};
}

/// What the steps of a range lose, squared, of all values.
double loss_of(const Histogram& h, const Range& range) {
  const double step = quantisation_for(range).scale, within = step * step / 12;
  double loss = -within * static_cast<double>(h.zeros());  // which has a step of its own
  h.each([&](double centre, std::int64_t values) {
    const double beyond = std::max({range.first - centre, centre - range.second, 0.0});
    loss += static_cast<double>(values) * (beyond > 0 ? beyond * beyond : within);
  });
  return loss;
}

/// Each end in turn to where the loss is least.
Range least_loss(const Histogram& h) {
  const Range whole = {std::min(h.range().first, 0.0), std::max(h.range().second, 0.0)};
  Range best = whole;
  double least = loss_of(h, best);
  const auto draw_in = [&](double Range::*end) {
    for (double share = 1; share >= kLeastShare; share -= kShareStep) {
      Range tried = best;
      tried.*end = whole.*end * share;
      if (const double loss = loss_of(h, tried); loss < least) {
        least = loss;
        best = tried;
      }
    }
  };
  for (int round = 0; round < kRounds; ++round)
    for (const auto end : {&Range::second, &Range::first}) draw_in(end);
  return best;
}

struct Row {
  RangeMethod method;
  std::string_view word;
  Range (*range)(const Histogram&);
};
const Row kRows[] = {{RangeMethod::minmax, "minmax", [](const Histogram& h) { return h.range(); }},
                     {RangeMethod::percentile, "percentile", percentile},
                     {RangeMethod::mse, "mse", least_loss}};

}  // namespace

std::string_view to_text(RangeMethod method) { return kRows[static_cast<int>(method)].word; }

const std::vector<RangeMethod>& range_methods() {
  static const std::vector<RangeMethod> all = [] {
    std::vector<RangeMethod> methods;
    for (const Row& row : kRows) methods.push_back(row.method);
    return methods;
  }();
  return all;
}

bool range_method_from_text(std::string_view word, RangeMethod* out) {
  for (const Row& row : kRows)
    if (row.word == word) return *out = row.method, true;
  return false;
}

std::pair<double, double> range_by(RangeMethod method, const Histogram& h) {
  return kRows[static_cast<int>(method)].range(h);
}

}  // namespace halcyon
