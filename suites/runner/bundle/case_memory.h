#pragma once
#include <cstddef>

#include "suites/runner/bundle/call.h"

namespace halcyon {

/// Zeroed memory of its own pages, aligned to them.
class Pages {
 public:
  /// `huge`: pages of 2 MiB where the system has them: streams of 8 to 64 MB run 15 to 25 % faster.
  enum Size { ordinary, huge };
  explicit Pages(std::size_t bytes, Size = ordinary);  // throws std::bad_alloc
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  std::byte* data() const { return data_; }

 private:
  std::size_t bytes_;  // of the mapping
  std::byte *mapping_, *data_;
};

constexpr std::size_t round_up(std::size_t bytes, std::size_t to) {
  return (bytes + to - 1) / to * to;
}

/// The arguments of a case as they lie for timing: one after the other, each on a cache line of its
/// own, filled with the first input set, bound to the timed kernel.
class CaseMemory {
 public:
  static constexpr std::size_t kLine = 64;
  explicit CaseMemory(const BundledCase&);
  Call& call() { return call_; }

 private:
  Call call_;
  Pages pages_;
};

}  // namespace halcyon
