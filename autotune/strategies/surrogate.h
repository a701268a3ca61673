#pragma once
#include <cstddef>
#include <vector>

#include "autotune/space/space.h"

namespace halcyon {

/// A Gaussian process over the points of a space: what costs seen at some points say of all others.
/// Its kernel adds a part in which each knob acts on its own to one in which all act together;
/// values of a knob are alike by their ratio. Holds size() x observations doubles.
class Surrogate {
 public:
  explicit Surrogate(const Space& space);

  /// A point that is to be measured: what is expected of the others becomes more certain.
  void observe(std::size_t point);
  /// Log costs of the first observed points, in that order; those without are taken as expected.
  void learn(const std::vector<double>& log_costs);

  double mean(std::size_t point) const { return means_[point]; }  // log cost
  double deviation(std::size_t point) const;                      // log cost

 private:
  double alike(std::size_t a, std::size_t b) const;

  const Space& space_;
  std::vector<std::vector<double>> coordinates_;  // by point, of knobs that vary
  std::vector<double> means_, variances_;
  std::vector<std::size_t> observed_;
  std::vector<double> pivots_;                // diagonal of the Cholesky factor
  std::vector<std::vector<double>> columns_;  // by observation, by point: the factor's, extended
  double scale_ = kLeastScale;                // standard deviation of log costs
  static constexpr double kLeastScale = 0.1;
};

}  // namespace halcyon
