#pragma once
#include <cstddef>
#include <vector>

#include "autotune/space.h"

namespace halcyon {

/// A Gaussian process over the points of a space: what costs seen at some points say of all others.
/// Its kernel adds a part in which each knob acts on its own to one in which all act together;
/// values of a knob are alike by their ratio. Holds size() x observations doubles.
class Surrogate {
 public:
  struct Shape {
    double reach = 2;  // factor between two values over which a knob's effect decorrelates, log2
    double separate = 0.7;  // share of the variance in which knobs act each on its own
    double slope = 0.03;  // by how much (log) the prior expects a step away from the start to cost
  };
  Surrogate(const Space& space, const Shape& shape);

  /// A point that is to be measured: what is expected of the others becomes more certain.
  void observe(std::size_t point);
  /// Log costs of the first observed points, in that order; those without are taken as expected.
  void learn(const std::vector<double>& log_costs);

  double mean(std::size_t point) const { return means_[point]; }  // log cost
  double deviation(std::size_t point) const;                      // log cost

 private:
  double prior(std::size_t point) const;
  double alike(std::size_t a, std::size_t b) const;

  const Space& space_;
  const Shape shape_;
  std::vector<std::vector<double>> coordinates_;  // by point, of knobs that vary
  std::vector<double> priors_, means_, variances_;
  std::vector<std::size_t> observed_;
  std::vector<double> pivots_;                // diagonal of the Cholesky factor
  std::vector<std::vector<double>> columns_;  // by observation, by point: the factor's, extended
  double scale_ = kLeastScale;                // standard deviation of log costs
  static constexpr double kLeastScale = 0.1;
};

}  // namespace halcyon
