#include "kernels/oracle/fill.h"

#include <cmath>

#include "kernels/oracle/seeded_stream.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

/// The half-width of the weights of `spec`: variance gain / K for sums of K terms, so that
/// activations keep their size. The gain is 2 behind an activation, which halves the second moment
/// (He), and 1 elsewhere.
double weight_scale(const TensorSpec& spec, const Problem& problem) {
  double terms = 1;
  for (std::size_t i = 1; i < spec.extents.size(); ++i) terms *= spec.extents[i];
  const bool rectified = spec.op > 0 && problem.ops()[spec.op - 1].has(Epilogue::act);
  return rounded_to(spec.dtype, std::sqrt(3 * (rectified ? 2 : 1) / terms));
}

/// A pixel of the adversarial input is all zeros, one hot channel, all extremes of +-8, or small
/// values among +-16, where every activation saturates; which one is drawn per pixel. An only pixel
/// is one of the last two, since zeros would hide the weights.
class Adversary {
 public:
  Adversary(std::size_t channels, bool alone, SeededStream& random)
      : channels_(channels), alone_(alone), random_(random) {}

  /// The values one after the other, as they lie.
  double operator()(std::size_t element) {
    const std::size_t c = element % channels_;
    if (c == 0) {
      const std::uint64_t draw = random_.next();
      pattern_ = alone_ ? 2 + draw % 2 : draw % 4;
      hot_ = (draw >> 8) % channels_;
    }
    const double x = random_.symmetric();
    switch (pattern_) {
      case 0:
        return 0;
      case 1:
        return c == hot_ ? 8 : 0;
      case 2:
        return x < 0 ? -8 : 8;
      default:
        return std::abs(x) < 0.25 ? std::copysign(16, x) : x;
    }
  }

 private:
  const std::size_t channels_;
  const bool alone_;
  SeededStream& random_;
  std::uint64_t pattern_ = 0;
  std::size_t hot_ = 0;
};

}  // namespace

Tensor fill(const TensorSpec& spec, const Problem& problem, Fill kind, std::uint64_t seed) {
  Tensor values(spec.dtype, static_cast<std::size_t>(spec.elements()));
  SeededStream random(spec.name, seed);
  if (spec.role == Role::input && kind == Fill::adversarial) {
    const auto channels = static_cast<std::size_t>(spec.extents[0]);
    Adversary adversary(channels, values.size() <= channels, random);
    transform(values, [&](double, std::size_t i) { return adversary(i); });
    return values;
  }
  const double scale = spec.role == Role::weight ? weight_scale(spec, problem)
                       : spec.role == Role::bias ? 0.5
                                                 : 1;
  transform(values, [&](double, std::size_t) { return scale * random.symmetric(); });
  return values;
}

}  // namespace halcyon
