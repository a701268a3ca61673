#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace halcyon {

/// Where values lie: bins of one width around zero, which doubles when one lies beyond them, so
/// that those of several runs add up. Values must be finite.
class Histogram {
 public:
  void add(std::span<const float> values);
  void add(const Histogram&);

  bool empty() const { return count_ == 0; }
  std::int64_t count() const { return count_; }
  std::int64_t zeros() const { return zeros_; }  // exact ones; they are in a bin, too
  std::pair<double, double> range() const { return {least_, most_}; }  // exact
  /// visit(centre, values), from low to high, of bins with any.
  template <class Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = 0; i < bins_.size(); ++i)
      if (bins_[i] > 0) visit((static_cast<double>(i) - kHalf + 0.5) * width_, bins_[i]);
  }

 private:
  static constexpr int kHalf = 2048;
  void reach(double magnitude);
  void widen();

  double width_ = 0x1p-40;  // a power of two: bins of different ones fall together
  double least_ = 0, most_ = 0;
  std::int64_t count_ = 0, zeros_ = 0;
  std::array<std::int64_t, 2 * std::size_t{kHalf}> bins_{};
};

}  // namespace halcyon
