#include "kernels/oracle/tensor.h"

#include <cmath>

#include "kernels/oracle/seeded_stream.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

/// The half-width of the weights of `spec`: variance gain / K for sums of K terms, so that
/// activations keep their size. The gain is 2 behind an activation, which halves the second moment
/// (He), and 1 elsewhere.
float weight_scale(const TensorSpec& spec, const Problem& problem) {
  double terms = 1;
  for (std::size_t i = 1; i < spec.extents.size(); ++i) terms *= spec.extents[i];
  const bool rectified = spec.op > 0 && problem.ops()[spec.op - 1].has(Epilogue::act);
  return static_cast<float>(std::sqrt(3 * (rectified ? 2 : 1) / terms));
}

/// A pixel of the adversarial input is all zeros, one hot channel, all extremes of +-8, or small
/// values among +-16, where every activation saturates; which one is drawn per pixel. An only pixel
/// is one of the last two, since zeros would hide the weights.
void fill_adversarial(std::vector<float>& values, std::size_t channels, SeededStream& random) {
  for (std::size_t first = 0; first < values.size(); first += channels) {
    const std::uint64_t draw = random.next();
    const std::uint64_t pattern = values.size() > channels ? draw % 4 : 2 + draw % 2;
    const std::size_t hot = (draw >> 8) % channels;
    for (std::size_t c = 0; c < channels; ++c) {
      float& value = values[first + c];
      const float x = random.symmetric();
      switch (pattern) {
        case 0:
          value = 0;
          break;
        case 1:
          value = c == hot ? 8.0f : 0.0f;
          break;
        case 2:
          value = x < 0 ? -8.0f : 8.0f;
          break;
        default:
          value = std::abs(x) < 0.25f ? std::copysign(16.0f, x) : x;
          break;
      }
    }
  }
}

}  // namespace

std::vector<float> fill(const TensorSpec& spec, const Problem& problem, Fill kind,
                        std::uint64_t seed) {
  std::vector<float> values(spec.elements());
  SeededStream random(spec.name, seed);
  if (spec.role == Role::input && kind == Fill::adversarial) {
    fill_adversarial(values, spec.extents[0], random);
    return values;
  }
  const float scale = spec.role == Role::weight ? weight_scale(spec, problem)
                      : spec.role == Role::bias ? 0.5f
                                                : 1.0f;
  for (float& value : values) value = scale * random.symmetric();
  return values;
}

std::string place_of(const TensorSpec& spec, std::int64_t index) {
  // Spatial axes of tensors are known by their extents in a shape: x runs over w, y over h.
  const auto letter = [](const std::string& axis) {
    return axis == "x" ? "w" : axis == "y" ? "h" : axis;
  };
  std::string place;
  for (std::size_t i = 0; i < spec.axes.size(); ++i) {
    const std::string at = letter(spec.axes[i]) + std::to_string(index % spec.extents[i]);
    place = place.empty() ? at : at + " " + place;
    index /= spec.extents[i];
  }
  const bool image = spec.axes.size() == 3 && spec.axes[2] == "y";  // its batch axis is left out
  return image ? "n0 " + place : place;
}

}  // namespace halcyon
