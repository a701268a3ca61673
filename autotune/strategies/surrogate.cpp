#include "autotune/strategies/surrogate.h"

#include <algorithm>
#include <cmath>

namespace halcyon {
namespace {

// Chosen by replay of measured spaces (halcyon tune --replay): a shorter reach or more weight on
// knobs acting each on its own needed half as many trials again, and a prior by which steps away
// from the start cost something up to ten times as many where the optimum lies far from it.
constexpr double kReach = 2;       // log2 of the ratio of two values over which a knob decorrelates
constexpr double kSeparate = 0.5;  // share of the variance in which knobs act each on its own
constexpr double kNoise = 1e-3;    // share of it that a repeated measurement would show

double coordinate(const Knob& knob, int value) {
  const bool ratio = *std::min_element(knob.values.begin(), knob.values.end()) > 0;
  return ratio ? std::log2(value) : value;
}

}  // namespace

Surrogate::Surrogate(const Space& space)
    : space_(space), means_(space.size(), 0), variances_(space.size(), 1) {
  for (std::size_t i = 0; i < space.size(); i++) {
    std::vector<double> at;
    for (const Knob& knob : space.knobs())
      if (knob.values.size() > 1) at.push_back(coordinate(knob, space.point(i).at(knob.name)));
    coordinates_.push_back(std::move(at));
  }
}

double Surrogate::alike(std::size_t a, std::size_t b) const {
  const auto &at = coordinates_[a], &other = coordinates_[b];
  if (at.empty()) return 1;
  double sum = 0, product = 1;
  for (std::size_t k = 0; k < at.size(); k++) {
    const double one = std::exp(-std::abs(at[k] - other[k]) / kReach);
    sum += one;
    product *= one;
  }
  return kSeparate * sum / static_cast<double>(at.size()) + (1 - kSeparate) * product;
}

double Surrogate::deviation(std::size_t point) const {
  return scale_ * std::sqrt(std::max(0.0, variances_[point]));
}

/// One more column of the Cholesky factor, for all points at once: those observed later find their
/// row of the factor in it.
void Surrogate::observe(std::size_t point) {
  const double pivot = std::sqrt(std::max(0.0, variances_[point]) + kNoise);
  std::vector<double> column(space_.size());
  for (std::size_t i = 0; i < space_.size(); i++) column[i] = alike(i, point);
  for (const auto& earlier : columns_) {
    const double own = earlier[point];
    for (std::size_t i = 0; i < space_.size(); i++) column[i] -= earlier[i] * own;
  }
  for (std::size_t i = 0; i < space_.size(); i++) {
    column[i] /= pivot;
    variances_[i] -= column[i] * column[i];
  }
  observed_.push_back(point);
  pivots_.push_back(pivot);
  columns_.push_back(std::move(column));
}

void Surrogate::learn(const std::vector<double>& log_costs) {
  means_.assign(space_.size(), 0);
  double squares = 0;
  for (std::size_t j = 0; j < log_costs.size(); j++) {
    // What this observation says beyond the ones before it; an expected one says nothing.
    const double surprise = (log_costs[j] - means_[observed_[j]]) / pivots_[j];
    squares += surprise * surprise;
    for (std::size_t i = 0; i < space_.size(); i++) means_[i] += columns_[j][i] * surprise;
  }
  if (!log_costs.empty())
    scale_ = std::max(kLeastScale, std::sqrt(squares / static_cast<double>(log_costs.size())));
}

}  // namespace halcyon
