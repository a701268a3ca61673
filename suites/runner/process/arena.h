#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace halcyon {

/// Scratch memory of kernels: what their halide_malloc and halide_free get.
///
/// Blocks are reused by size and never given back to the system: glibc returns large blocks at each
/// free and the next call pays for fresh pages, up to 4.4 times the kernel's own time. Blocks are
/// aligned to 128 bytes with as much slack on either side (Halide asks for 8 readable bytes).
/// One thread; those of several lie on cache lines of their own.
class alignas(64) Arena {
 public:
  static constexpr std::size_t kAlignment = 128;

  ~Arena();
  void* take(std::size_t bytes);  // null when the system has no more
  void give_back(void*);          // null is allowed

  /// From now on blocks come filled with `pattern`, and a write into their slack is found: for
  /// checks, so that a kernel that reads scratch it never wrote cannot pass.
  void distrust(std::uint32_t pattern);
  /// What a kernel did to the slack of its blocks since the last call; nothing when all is well.
  std::optional<std::string> take_complaint();

  std::int64_t takes() const { return takes_; }
  std::size_t held_bytes() const { return held_bytes_; }  // from the system, slack included
  std::size_t peak_bytes() const { return peak_bytes_; }  // the most asked for at one time
  int blocks_in_use() const;

 private:
  struct Block {
    std::byte* data;
    std::size_t capacity, asked;
    bool used;
  };
  struct Chunk {
    std::byte* data;
    std::size_t bytes;
  };
  Block* fresh_block(std::size_t capacity);
  void poison(const Block&) const;
  void inspect(const Block&);

  std::vector<Block> blocks_;  // a kernel has few: found by walking
  std::vector<Chunk> chunks_;
  std::size_t left_ = 0;  // bytes left at the end of the last chunk
  std::size_t held_bytes_ = 0;
  std::size_t used_bytes_ = 0, peak_bytes_ = 0;
  std::int64_t takes_ = 0;
  std::optional<std::uint32_t> pattern_;
  std::optional<std::string> complaint_;
};

}  // namespace halcyon
