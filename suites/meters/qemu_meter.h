#pragma once
#include "suites/meters/meter.h"

namespace halcyon {

/// Runs bundles for aarch64 under qemu's user mode. Checks are as anywhere; figures are
/// instructions that the kernel itself executes, exact and repeatable. They say nothing of time.
class QemuMeter : public Meter {
 public:
  std::string name() const override { return "qemu"; }
  std::string unit() const override { return "instructions"; }
  std::string why_not(const Target&) const override;
  Measured check(const Bundle&, const std::string& id, const Limits&) override;
  std::vector<Measured> time(const Bundle&, const std::vector<std::string>& ids, const Protocol&,
                             const std::function<void(const Measured&)>& done) override;
  /// Throws: an emulated machine has no rates.
  MachineRates rates(const Target&, int cpu) override;
};

}  // namespace halcyon
