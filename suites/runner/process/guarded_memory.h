#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

namespace halcyon {

/// Which end of the data touches a page that nobody may touch.
enum class Flush { end, start };

/// A byte outside of some data, counted from 1 next to it.
struct Stray {
  bool before = false;
  std::size_t distance = 0;
};
std::string to_text(const Stray&);  // "1 byte past its end", "16 bytes before its start"

/// Memory of one argument between two guards of kGuardBytes. The data lies flush against one of
/// them, as near as its alignment allows; the slack that is left holds a pattern of NaNs, so that
/// what is read there spoils the result and what is written there is seen.
class GuardedMemory {
 public:
  static constexpr std::size_t kGuardBytes = 1 << 20;  // a stray row is as far as a stray element

  /// Throws std::bad_alloc.
  GuardedMemory(std::size_t bytes, std::size_t alignment, Flush, std::uint32_t pattern);
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  std::byte* data() const { return data_; }
  /// Where an address lies outside of the data; nothing when it is inside or in other memory.
  std::optional<Stray> stray(std::uintptr_t address) const;
  /// The nearest byte of the slack that was written.
  std::optional<Stray> damage() const;

 private:
  std::size_t bytes_, room_;
  std::uint32_t pattern_;
  std::byte *mapping_, *room_begin_, *data_;
};

/// A signalling NaN that nobody computes: what outputs hold before a call, different for every
/// `salt`. An output element that still holds it was never written.
std::uint32_t poison_pattern(const std::string& salt);
/// Fills memory with a pattern, over and over.
void poison(std::span<std::byte>, std::uint32_t pattern);
/// Whether element `i` of poisoned values, each of at most 4 bytes, still holds it. Only what
/// nobody computes counts: of two bytes the upper half of the pattern, a NaN; of one byte none. The
/// others are left to the comparison.
template <class T>
bool is_poisoned(std::span<const T> values, std::size_t i, std::uint32_t pattern) {
  if (sizeof(T) == 1 || (sizeof(T) == 2 && i % 2 == 0)) return false;
  const auto* const begin = reinterpret_cast<const std::byte*>(&pattern);
  return std::memcmp(&values[i], begin + i * sizeof(T) % sizeof pattern, sizeof(T)) == 0;
}

}  // namespace halcyon
