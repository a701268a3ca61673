#pragma once
#include "suites/meters/meter.h"

namespace halcyon {

/// Runs bundles as child processes on this machine; figures are wall time.
class LocalMeter : public Meter {
 public:
  std::string name() const override { return "local"; }
  std::string unit() const override { return "ns"; }
  std::string why_not(const Target&) const override;
  Measured check(const Bundle&, const std::string& id, const Limits&) override;
  std::vector<Measured> time(const Bundle&, const std::vector<std::string>& ids, const Protocol&,
                             const std::function<void(const Measured&)>& done) override;
  MachineRates rates(const Target&, int cpu) override;
};

}  // namespace halcyon
