#include "autotune/surrogate.h"

#include <algorithm>
#include <cmath>

namespace halcyon {
namespace {

constexpr double kNoise = 1e-3;  // share of the variance that a repeated measurement would show

double coordinate(const Knob& knob, int value) {
  const bool ratio = *std::min_element(knob.values.begin(), knob.values.end()) > 0;
  return ratio ? std::log2(value) : value;
}

}  // namespace

Surrogate::Surrogate(const Space& space, const Shape& shape) : space_(space), shape_(shape) {
  for (std::size_t i = 0; i < space.size(); i++) {
    std::vector<double> at;
    for (const Knob& knob : space.knobs())
      if (knob.values.size() > 1) at.push_back(coordinate(knob, space.point(i).at(knob.name)));
    coordinates_.push_back(std::move(at));
  }
  for (std::size_t i = 0; i < space.size(); i++) priors_.push_back(prior(i));
  means_ = priors_;
  variances_.assign(space.size(), 1);
}

double Surrogate::prior(std::size_t point) const {
  double far = 0;
  for (std::size_t k = 0; k < coordinates_[point].size(); k++)
    far += std::abs(coordinates_[point][k] - coordinates_[space_.start()][k]);
  return shape_.slope * far;
}

double Surrogate::alike(std::size_t a, std::size_t b) const {
  const auto &at = coordinates_[a], &other = coordinates_[b];
  if (at.empty()) return 1;
  double sum = 0, product = 1;
  for (std::size_t k = 0; k < at.size(); k++) {
    const double one = std::exp(-std::abs(at[k] - other[k]) / shape_.reach);
    sum += one;
    product *= one;
  }
  return shape_.separate * sum / static_cast<double>(at.size()) + (1 - shape_.separate) * product;
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
  means_ = priors_;
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
