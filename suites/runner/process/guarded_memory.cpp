#include "suites/runner/process/guarded_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace halcyon {
namespace {

constexpr std::size_t kPage = 4096;

/// The byte that the pattern has at an address, whatever the data's alignment.
std::byte pattern_byte(std::uint32_t pattern, std::uintptr_t address) {
  return static_cast<std::byte>(pattern >> (address % sizeof pattern * 8));
}

}  // namespace

std::string to_text(const Stray& s) {
  return std::to_string(s.distance) + (s.distance == 1 ? " byte " : " bytes ") +
         (s.before ? "before its start" : "past its end");
}

GuardedMemory::GuardedMemory(std::size_t bytes, std::size_t alignment, Flush flush,
                             std::uint32_t pattern)
    : bytes_(bytes), room_((bytes + kPage - 1) / kPage * kPage), pattern_(pattern) {
  void* mapping = mmap(nullptr, room_ + 2 * kGuardBytes, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mapping_ = static_cast<std::byte*>(mapping);
  room_begin_ = mapping_ + kGuardBytes;
  if (mprotect(room_begin_, room_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  const std::size_t gap = flush == Flush::end ? (room_ - bytes) / alignment * alignment : 0;
  data_ = room_begin_ + gap;
  for (std::byte* p = room_begin_; p < room_begin_ + room_; p++)
    if (p < data_ || p >= data_ + bytes_)
      *p = pattern_byte(pattern_, reinterpret_cast<std::uintptr_t>(p));
}

GuardedMemory::~GuardedMemory() { munmap(mapping_, room_ + 2 * kGuardBytes); }

std::optional<Stray> GuardedMemory::stray(std::uintptr_t address) const {
  const auto low = reinterpret_cast<std::uintptr_t>(mapping_);
  const auto begin = reinterpret_cast<std::uintptr_t>(data_), end = begin + bytes_;
  if (address < low || address >= low + room_ + 2 * kGuardBytes) return std::nullopt;
  if (address < begin) return Stray{true, begin - address};
  if (address >= end) return Stray{false, address - end + 1};
  return std::nullopt;
}

std::optional<Stray> GuardedMemory::damage() const {
  const auto intact = [&](const std::byte* p) {
    return *p == pattern_byte(pattern_, reinterpret_cast<std::uintptr_t>(p));
  };
  for (const std::byte* p = data_; p-- > room_begin_;)
    if (!intact(p)) return Stray{true, static_cast<std::size_t>(data_ - p)};
  for (const std::byte* p = data_ + bytes_; p < room_begin_ + room_; p++)
    if (!intact(p)) return Stray{false, static_cast<std::size_t>(p - data_ - bytes_ + 1)};
  return std::nullopt;
}

std::uint32_t poison_pattern(const std::string& salt) {
  constexpr std::uint32_t kInfinity = 0x7f800000,
                          kPayload = 0x003fffff;  // bit 22 clear: signalling
  std::uint32_t hash = 2166136261u;               // FNV-1a
  for (const unsigned char c : salt) hash = (hash ^ c) * 16777619u;
  return (hash & 0x80000000) | kInfinity | std::max(hash & kPayload, 1u);
}

void poison(std::span<std::byte> bytes, std::uint32_t pattern) {
  for (std::size_t i = 0; i < bytes.size(); i += sizeof pattern)
    std::memcpy(&bytes[i], &pattern, std::min(sizeof pattern, bytes.size() - i));
}

}  // namespace halcyon
