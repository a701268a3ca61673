#include "suites/quantise/histogram.h"

#include <algorithm>
#include <cmath>

namespace halcyon {

void Histogram::widen() {
  std::array<std::int64_t, 2 * std::size_t{kHalf}> wider{};
  for (std::size_t i = 0; i < bins_.size(); ++i) wider[kHalf / 2 + i / 2] += bins_[i];
  bins_ = wider;
  width_ *= 2;
}

void Histogram::reach(double magnitude) {
  if (count_ == 0)
    while (magnitude >= width_ * kHalf) width_ *= 2;
  while (magnitude >= width_ * kHalf) widen();
}

void Histogram::add(std::span<const float> values) {
  if (values.empty()) return;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  reach(std::max(std::abs(*least), std::abs(*most)));
  least_ = count_ > 0 ? std::min<double>(least_, *least) : *least;
  most_ = count_ > 0 ? std::max<double>(most_, *most) : *most;
  count_ += static_cast<std::int64_t>(values.size());
  const float per_width = static_cast<float>(1 / width_);
  for (const float v : values) {
    zeros_ += v == 0;
    ++bins_[static_cast<std::size_t>(std::floor(v * per_width) + kHalf)];
  }
}

void Histogram::add(const Histogram& other) {
  if (other.empty()) return;
  Histogram there = other;
  if (empty()) {
    *this = other;
    return;
  }
  while (width_ < there.width_) widen();
  while (there.width_ < width_) there.widen();
  for (std::size_t i = 0; i < bins_.size(); ++i) bins_[i] += there.bins_[i];
  least_ = std::min(least_, there.least_);
  most_ = std::max(most_, there.most_);
  count_ += there.count_;
  zeros_ += there.zeros_;
}

}  // namespace halcyon
