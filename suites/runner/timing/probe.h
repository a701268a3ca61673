#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "kernels/problem/dtype.h"

namespace halcyon {

inline constexpr double kProbeNs = 50e3;  // of the shortest FMA probe

/// The instructions that a probe issues: one row per ISA word of a target, and one more for each
/// dtype whose products the ISA may have an instruction for that sums several (Target::dot_terms).
struct ProbeKind;
/// Throws std::runtime_error when there is no probe for the word, or none of this dtype.
const ProbeKind& probe_kind(const std::string& isa, DType = DType::f32);

/// Measures what the core gives right now: a loop of independent FMAs of one ISA, or of its dot
/// products of a dtype, registers only.
/// Below the best seen, somebody else has the core, its clock or its other half.
class FmaProbe {
 public:
  explicit FmaProbe(const ProbeKind&);
  /// GFLOP/s, a product and its sum counted as 2, over kProbeNs `times`.
  double rate(int times = 1) const;

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
  /// GB/s over a slice of the first half of the set, the next one for the next `index`: of a set
  /// twice as large as all caches that was walked whole, that half lies in memory.
  double slice_rate(std::size_t index) const;

 private:
  double rate_of(std::size_t offset, std::size_t bytes, int times) const;
  struct Unmap {
    std::size_t bytes;
    void operator()(std::byte*) const;
  };
  const ProbeKind* kind_;
  std::size_t bytes_;
  std::unique_ptr<std::byte, Unmap> data_;
};

}  // namespace halcyon
