#include "suites/quantise/agreement.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace halcyon {
namespace {

/// Places of the largest value of each image.
std::vector<std::ptrdiff_t> largest(const std::vector<double>& values, int images) {
  std::vector<std::ptrdiff_t> places;
  const std::ptrdiff_t image = static_cast<std::ptrdiff_t>(values.size()) / images;
  for (auto first = values.begin(); first != values.end(); first += image)
    places.push_back(std::max_element(first, first + image) - first);
  return places;
}

}  // namespace

Agreement agreement_of(const std::vector<std::vector<Tensor>>& found,
                       const std::vector<std::vector<Tensor>>& in_f32, int images) {
  double wanted_square = 0, found_square = 0, dot = 0, noise = 0;
  int same = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t output = 0; output < found[i].size(); ++output) {
      const auto got = numbers_of<double>(found[i][output]);
      const auto wanted = numbers_of<double>(in_f32[i][output]);
      for (std::size_t e = 0; e < got.size(); ++e) {
        wanted_square += wanted[e] * wanted[e];
        found_square += got[e] * got[e];
        dot += got[e] * wanted[e];
        noise += (got[e] - wanted[e]) * (got[e] - wanted[e]);
      }
      if (output > 0) continue;
      const auto a = largest(got, images), b = largest(wanted, images);
      for (std::size_t image = 0; image < a.size(); ++image) same += a[image] == b[image];
    }
  constexpr double kLeast = std::numeric_limits<double>::min();
  Agreement agreement{.inputs = static_cast<int>(found.size())};
  agreement.sqnr_db = 10 * std::log10(std::max(wanted_square, kLeast) / std::max(noise, kLeast));
  agreement.cosine = dot / std::max(std::sqrt(wanted_square * found_square), kLeast);
  agreement.top1_agreement = static_cast<double>(same) / (agreement.inputs * images);
  return agreement;
}

}  // namespace halcyon
