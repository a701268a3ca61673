#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "suites/bundle/bundle.h"
#include "suites/meters/device.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

struct MeterKind;

/// Of the process that checks one case.
inline const Limits kCheckLimits{
    .wall_seconds = 60, .memory_bytes = std::int64_t{8} << 30, .file_bytes = 1 << 20};

/// Has the cases of bundles checked on the device of a target, and reads their figures there. Every
/// figure carries its unit.
class Meter {
 public:
  /// Error (exit 2) for a device, or for a meter that it does not have.
  explicit Meter(const Target&);

  FigureUnit unit() const;
  bool measures_time() const { return device_->target().measures_time(); }
  const Device& device() const { return *device_; }
  /// Empty when it can run programs for the target; else the reason.
  std::string why_not() const { return device_->why_not(); }
  /// One process per case: guard pages at the end, then at the start; random and adversarial
  /// inputs; the checked build too where the bundle has it.
  Measured check(const Bundle&, const std::string& id, const Limits&) const;
  /// The figures of all of `ids`. Times: interleaved in random order in one process, each checked
  /// before and after; a crash drops the case that was running and repeats with the others.
  std::vector<Measured> time(const Bundle&, const std::vector<std::string>& ids, const Protocol&,
                             const std::function<void(const Measured&)>& done) const;
  /// Of core `cpu` and, for a target of several threads, of others beside it; -1: of the least
  /// disturbed one that is allowed, which the answer names. Throws Error (exit 4) when that cannot
  /// be measured.
  MachineRates rates(int cpu = -1) const;

 private:
  std::unique_ptr<const Device> device_;
  const MeterKind* kind_;
};

/// CpuId::model of the CPU whose times decide about a target's schedules; empty where it is not
/// known, and where what is read is no CPU's time.
std::string timed_cpu(const Target&);

}  // namespace halcyon
