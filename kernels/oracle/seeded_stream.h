#pragma once
#include <cstdint>
#include <string_view>

namespace halcyon {

/// splitmix64: one multiply-free state and two multiplies a value, the same on every machine. Each
/// name has a stream of its own (FNV-1a), so that what is drawn for one does not move another's.
class SeededStream {
 public:
  SeededStream(std::string_view name, std::uint64_t seed) : state_(0xcbf29ce484222325 ^ seed) {
    for (char c : name) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  /// In [-1, 1): a multiple of 2^-23, so exact in f32.
  double symmetric() { return (static_cast<std::int32_t>(next() >> 40) - (1 << 23)) * 0x1p-23; }
  /// Of mean 0 and variance 1, exact in f32, too: the sum of twelve, near a normal one's but for
  /// tails beyond 6. All is of integers, so that no machine's exponentials matter.
  double normal() {
    constexpr int kParts = 4, kDraws = 3, kBits = 16;
    std::int32_t sum = -kDraws * kParts * (1 << kBits) / 2 + kDraws * kParts / 2;
    for (int i = 0; i < kDraws; ++i)
      for (std::uint64_t bits = next(), part = 0; part < kParts; ++part, bits >>= kBits)
        sum += static_cast<std::int32_t>(bits & ((1 << kBits) - 1));
    return sum * 0x1p-16;
  }

 private:
  std::uint64_t state_;
};

}  // namespace halcyon
