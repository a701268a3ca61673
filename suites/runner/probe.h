#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace halcyon {

/// The instructions that a probe issues: one row per ISA word of a target.
struct ProbeKind;
/// Throws std::runtime_error when there is no probe for the word.
const ProbeKind& probe_kind(const std::string& isa);

/// Measures what the core gives right now: a loop of independent FMAs of one ISA, about 50 us long,
/// registers only. Below the best seen, somebody else has the core, its clock or its other half.
class FmaProbe {
 public:
  explicit FmaProbe(const ProbeKind&);
  double rate() const;  // GFLOP/s, f32, an FMA counted as 2

 private:
  const ProbeKind* kind_;
  std::int64_t iterations_;
};

/// Measures read bandwidth from a set of `bytes`, walked in order. The FMA probe does not see
/// neighbours in L3 and DRAM; this does.
class ReadProbe {
 public:
  ReadProbe(const ProbeKind&, std::size_t bytes);
  /// GB/s over the whole set, `times` times.
  double rate(int times = 1) const;

 private:
  struct Unmap {
    std::size_t bytes;
    void operator()(std::byte*) const;
  };
  const ProbeKind* kind_;
  std::size_t bytes_;
  std::unique_ptr<std::byte, Unmap> data_;
};

}  // namespace halcyon
