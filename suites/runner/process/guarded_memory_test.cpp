#include "suites/runner/process/guarded_memory.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "suites/runner/process/fault.h"

namespace halcyon {
namespace {

constexpr std::uint32_t kPattern = 0x7fa12345;

/// What touching the byte at `offset` of the data leads to.
std::optional<Stray> touch(const GuardedMemory& memory, std::ptrdiff_t offset) {
  const volatile std::byte* there = memory.data() + offset;
  const auto fault = run_guarded([&] { static_cast<void>(*there); });
  if (!fault) return std::nullopt;
  EXPECT_EQ(fault->address, reinterpret_cast<std::uintptr_t>(there));
  return memory.stray(fault->address);
}

TEST(GuardedMemory, FlushWithItsEndFaultsOnTheFirstByteOutside) {
  for (const std::size_t bytes : {4, 20, 4092, 4096, 4100, 100000}) {
    const GuardedMemory memory(bytes, 4, Flush::end, kPattern);
    const auto end = static_cast<std::ptrdiff_t>(bytes);
    EXPECT_FALSE(touch(memory, 0));
    EXPECT_FALSE(touch(memory, end - 1));
    for (const std::ptrdiff_t past : {1, 16, 64, 500000}) {
      const auto s = touch(memory, end - 1 + past);
      ASSERT_TRUE(s) << bytes << " " << past;
      EXPECT_FALSE(s->before);
      EXPECT_EQ(s->distance, static_cast<std::size_t>(past));
    }
  }
}

TEST(GuardedMemory, FlushWithItsStartFaultsOnTheLastByteBefore) {
  for (const std::size_t bytes : {4, 4096, 4100}) {
    const GuardedMemory memory(bytes, 64, Flush::start, kPattern);
    EXPECT_FALSE(touch(memory, 0));
    for (const std::ptrdiff_t before : {1, 16, 64, 500000}) {
      const auto s = touch(memory, -before);
      ASSERT_TRUE(s) << bytes << " " << before;
      EXPECT_TRUE(s->before);
      EXPECT_EQ(s->distance, static_cast<std::size_t>(before));
    }
  }
}

TEST(GuardedMemory, LiesAsNearAsItsAlignmentAllows) {
  const GuardedMemory packed(68, 64, Flush::end, kPattern);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(packed.data()) % 64, 0u);
  EXPECT_FALSE(touch(packed, 127));
  EXPECT_EQ(touch(packed, 128)->distance, 61u);
  const GuardedMemory plain(68, 4, Flush::end, kPattern);
  EXPECT_NE(reinterpret_cast<std::uintptr_t>(plain.data()) % 64, 0u);  // so that assumptions bite
}

TEST(GuardedMemory, SlackIsPoisonedAndAWriteThereIsSeen) {
  for (const std::ptrdiff_t offset : {-1, -64, 68, 69, 127}) {
    const GuardedMemory memory(68, 64, Flush::end, kPattern);
    EXPECT_FALSE(memory.damage());
    float slack = 0;
    std::memcpy(&slack, memory.data() + 68, sizeof slack);
    EXPECT_TRUE(std::isnan(slack));
    memory.data()[offset] = std::byte{0};
    const auto s = memory.damage();
    ASSERT_TRUE(s) << offset;
    EXPECT_EQ(s->before, offset < 0);
    EXPECT_EQ(s->distance, static_cast<std::size_t>(offset < 0 ? -offset : offset - 68 + 1));
  }
}

TEST(GuardedMemory, AddressesElsewhereAreNotItsOwn) {
  const GuardedMemory memory(68, 4, Flush::end, kPattern);
  int other = 0;
  EXPECT_FALSE(memory.stray(reinterpret_cast<std::uintptr_t>(&other)));
  EXPECT_FALSE(memory.stray(16));
  EXPECT_FALSE(memory.stray(reinterpret_cast<std::uintptr_t>(memory.data())));
}

TEST(Poison, IsASignallingNaNOfItsOwnForEveryCase) {
  const std::uint32_t a = poison_pattern("a"), b = poison_pattern("b");
  EXPECT_NE(a, b);
  for (const std::uint32_t pattern : {a, b, poison_pattern("")}) {
    EXPECT_EQ(pattern & 0x7f800000, 0x7f800000u);  // exponent of NaN
    EXPECT_EQ(pattern & 0x00400000, 0u);           // not quiet: arithmetic cannot give it
    EXPECT_NE(pattern & 0x003fffff, 0u);           // not infinity
  }
}

// The lower half of the pattern is a number like any other in 16 bits, and each of its bytes in 8.
TEST(Poison, IsSeenWhereNoResultCanBeIt) {
  const std::uint32_t pattern = poison_pattern("a");
  const auto check = [&]<class T>(T other) {
    std::vector<T> values(11);
    poison(std::as_writable_bytes(std::span(values)), pattern);
    values[5] = other;
    for (std::size_t i = 0; i < values.size(); i++)
      EXPECT_EQ(is_poisoned(std::span<const T>(values), i, pattern),
                i != 5 && (sizeof(T) == 4 || (sizeof(T) == 2 && i % 2 == 1)))
          << sizeof(T) << " " << i;
  };
  check(1.0f);
  check(std::uint16_t{0});
  check(std::uint8_t{0});
}

TEST(Fault, ComesBackWithWhatItWas) {
  volatile std::uintptr_t nowhere = 16;
  const auto write = run_guarded([&] { *reinterpret_cast<volatile int*>(nowhere) = 1; });
  ASSERT_TRUE(write);
  EXPECT_EQ(to_text(*write), "signal 11 (Segmentation fault), write at 0x10");
  const auto abort = run_guarded([] { std::abort(); });
  ASSERT_TRUE(abort);
  EXPECT_EQ(to_text(*abort), "signal 6 (Aborted)");
  EXPECT_FALSE(run_guarded([] {}));
}

}  // namespace
}  // namespace halcyon
