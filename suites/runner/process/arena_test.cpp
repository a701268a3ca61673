#include "suites/runner/process/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

namespace halcyon {
namespace {

TEST(Arena, HandsTheSameBlockOutAgainWithoutAskingTheSystem) {
  Arena arena;
  void* first = arena.take(1000);
  arena.give_back(first);
  const std::size_t held = arena.held_bytes();
  for (int i = 0; i < 10000; i++) {  // catches an arena that only ever bumps
    void* again = arena.take(i % 1000 + 1);
    EXPECT_EQ(again, first);
    arena.give_back(again);
  }
  EXPECT_EQ(arena.held_bytes(), held);
  EXPECT_EQ(arena.takes(), 10001);
  EXPECT_EQ(arena.blocks_in_use(), 0);
}

TEST(Arena, BlocksAreAlignedApartAndReadableOnBothSides) {
  Arena arena;
  std::vector<char*> blocks;
  for (std::size_t bytes : {1, 127, 128, 129, 4096, 5 << 20, 3})
    blocks.push_back(static_cast<char*>(arena.take(bytes)));
  for (std::size_t i = 0; i < blocks.size(); i++) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(blocks[i]) % Arena::kAlignment, 0u);
    volatile char before = blocks[i][-8];  // Halide's contract of halide_malloc
    static_cast<void>(before);
    for (std::size_t j = 0; j < i; j++) EXPECT_GE(std::abs(blocks[i] - blocks[j]), 256);
  }
  EXPECT_EQ(arena.blocks_in_use(), 7);
}

TEST(Arena, KnowsTheMostThatWasHeldAtOneTime) {
  Arena arena;
  void *one = arena.take(1000), *two = arena.take(500);
  arena.give_back(one);
  void* three = arena.take(700);  // catches a sum over all blocks
  EXPECT_EQ(arena.peak_bytes(), 1500u);
  arena.give_back(two);
  arena.give_back(three);
  arena.give_back(arena.take(100));
  EXPECT_EQ(arena.peak_bytes(), 1500u);
}

TEST(Arena, GrowsPastItsFirstChunk) {
  Arena arena;
  for (int i = 0; i < 8; i++) {
    void* block = arena.take(3 << 20);
    ASSERT_NE(block, nullptr);
    std::memset(block, i, 3 << 20);
  }
  EXPECT_GE(arena.held_bytes(), std::size_t{24} << 20);
}

TEST(Arena, TakesTheSmallestBlockThatFits) {
  Arena arena;
  void* large = arena.take(1 << 20);
  void* small = arena.take(64);
  arena.give_back(large);
  arena.give_back(small);
  EXPECT_EQ(arena.take(64), small);  // first fit would give the large one away
  EXPECT_EQ(arena.take(1 << 20), large);
}

TEST(Arena, DistrustedBlocksComePoisonedEveryTime) {
  Arena arena;
  arena.distrust(0x7fa12345);
  for (int round = 0; round < 2; round++) {
    auto* words = static_cast<std::uint32_t*>(arena.take(400));
    for (int i = 0; i < 100; i++) ASSERT_EQ(words[i], 0x7fa12345u) << i;
    std::memset(words, 0, 400);
    arena.give_back(words);
    EXPECT_EQ(arena.take_complaint(), std::nullopt);
  }
}

TEST(Arena, FindsAWriteIntoTheSlack) {
  for (int offset : {-1, -128, 400, 401, 527}) {
    Arena arena;
    arena.distrust(0x7fa12345);
    auto* bytes = static_cast<char*>(arena.take(400));
    bytes[offset] = 0x11;
    arena.give_back(bytes);
    const auto complaint = arena.take_complaint();
    ASSERT_TRUE(complaint) << offset;
    const int distance = offset < 0 ? -offset : offset - 400 + 1;
    EXPECT_EQ(*complaint, "wrote " + std::to_string(distance) +
                              (distance == 1 ? " byte " : " bytes ") +
                              (offset < 0 ? "before" : "past") + " a scratch block of 400 bytes");
    EXPECT_EQ(arena.take_complaint(), std::nullopt);  // said once
  }
}

TEST(Arena, ComplainsOfMemoryThatIsNotItsOwn) {
  Arena arena;
  int other = 0;
  arena.give_back(&other);
  EXPECT_TRUE(arena.take_complaint());
  arena.give_back(nullptr);
  EXPECT_FALSE(arena.take_complaint());
}

}  // namespace
}  // namespace halcyon
