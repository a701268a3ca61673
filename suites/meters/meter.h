#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "suites/bundle/bundle.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

/// Runs a bundle and reads a figure. Every figure carries its unit.
class Meter {
 public:
  virtual ~Meter() = default;
  virtual std::string name() const = 0;
  virtual std::string unit() const = 0;  // as in Record
  bool measures_time() const { return unit() == "ns"; }
  /// Empty when it can run programs for the target here; else the reason.
  virtual std::string why_not(const Target&) const = 0;
  /// One process per case: guard pages at the end, then at the start; random and adversarial
  /// inputs; the checked build too where the bundle has it.
  virtual Measured check(const Bundle&, const std::string& id, const Limits&) = 0;
  /// All of `ids` interleaved in random order in one process, each checked before and after. A
  /// crash drops the case that was running and repeats with the others.
  virtual std::vector<Measured> time(const Bundle&, const std::vector<std::string>& ids,
                                     const Protocol&,
                                     const std::function<void(const Measured&)>& done) = 0;
  /// Of core `cpu` and, for a target of several threads, of others beside it; -1: of the least
  /// disturbed one that is allowed, which the answer names. Throws Error (exit 4) when that cannot
  /// be measured.
  virtual MachineRates rates(const Target&, int cpu = -1) = 0;
};
/// Of the process that checks one case.
inline const Limits kCheckLimits{
    .wall_seconds = 60, .memory_bytes = std::int64_t{8} << 30, .file_bytes = 1 << 20};

std::unique_ptr<Meter> make_meter(const Target&);  // by target.meter

}  // namespace halcyon
