#include "suites/runner/process/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace halcyon {
namespace {

constexpr std::size_t kSlack = Arena::kAlignment;
constexpr std::size_t kChunk = std::size_t{4} << 20;  // blocks share chunks, so that they do not
                                                      // all start in the same set of the L1 cache

std::size_t round_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

void fill_words(std::byte* begin, std::byte* end, std::uint32_t pattern) {
  for (; begin + sizeof pattern <= end; begin += sizeof pattern)
    std::memcpy(begin, &pattern, sizeof pattern);
  std::memcpy(begin, &pattern, static_cast<std::size_t>(end - begin));
}

/// Offset from `begin` of the first byte that fill_words() did not write; the length when none.
std::size_t first_other(const std::byte* begin, const std::byte* end, std::uint32_t pattern) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&pattern);
  const auto length = static_cast<std::size_t>(end - begin);
  for (std::size_t i = 0; i < length; i++)
    if (begin[i] != bytes[i % sizeof pattern]) return i;
  return length;
}

}  // namespace

Arena::~Arena() {
  for (const Chunk& c : chunks_) munmap(c.data, c.bytes);
}

void* Arena::take(std::size_t bytes) {
  takes_++;
  Block* best = nullptr;
  for (Block& b : blocks_)
    if (!b.used && b.capacity >= bytes && (!best || b.capacity < best->capacity)) best = &b;
  if (!best) best = fresh_block(round_up(std::max(bytes, std::size_t{1}), kAlignment));
  if (!best) return nullptr;
  best->used = true;
  best->asked = bytes;
  used_bytes_ += bytes;
  peak_bytes_ = std::max(peak_bytes_, used_bytes_);
  if (pattern_) poison(*best);
  return best->data;
}

void Arena::give_back(void* data) {
  if (!data) return;
  const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                  [&](const Block& b) { return b.used && b.data == data; });
  if (found == blocks_.rend()) {
    complaint_ = "gave back scratch memory that it does not hold";
    return;
  }
  if (pattern_) inspect(*found);
  found->used = false;
  used_bytes_ -= found->asked;
}

Arena::Block* Arena::fresh_block(std::size_t capacity) {
  const std::size_t whole = kSlack + capacity + kSlack;
  if (whole > left_) {
    const std::size_t bytes = round_up(std::max(whole, kChunk), 4096);
    void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) return nullptr;
    chunks_.push_back({static_cast<std::byte*>(data), bytes});
    held_bytes_ += bytes;
    left_ = bytes;
  }
  std::byte* begin = chunks_.back().data + chunks_.back().bytes - left_;
  left_ -= whole;
  blocks_.push_back({begin + kSlack, capacity, 0, false});
  return &blocks_.back();
}

void Arena::distrust(std::uint32_t pattern) { pattern_ = pattern; }

void Arena::poison(const Block& b) const {
  fill_words(b.data - kSlack, b.data + b.capacity + kSlack, *pattern_);
}

void Arena::inspect(const Block& b) {
  const std::byte* end = b.data + b.asked;
  const std::size_t before = first_other(b.data - kSlack, b.data, *pattern_);
  // The pattern runs on from the block's start; `asked` need not be a multiple of it.
  const std::byte* aligned = b.data + round_up(b.asked, sizeof *pattern_);
  const std::size_t after = first_other(aligned, b.data + b.capacity + kSlack, *pattern_);
  const auto complain = [&](std::ptrdiff_t distance, const char* side) {
    complaint_ = "wrote " + std::to_string(distance) + (distance == 1 ? " byte " : " bytes ") +
                 side + " a scratch block of " + std::to_string(b.asked) + " bytes";
  };
  if (before != kSlack)
    complain(static_cast<std::ptrdiff_t>(kSlack - before), "before");
  else if (aligned + after != b.data + b.capacity + kSlack)
    complain(aligned + after - end + 1, "past");
}

std::optional<std::string> Arena::take_complaint() { return std::exchange(complaint_, {}); }

int Arena::blocks_in_use() const {
  return static_cast<int>(
      std::count_if(blocks_.begin(), blocks_.end(), [](const Block& b) { return b.used; }));
}

}  // namespace halcyon
