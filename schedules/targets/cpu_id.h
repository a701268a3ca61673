#pragma once
#include <string>

#include "schedules/targets/host.h"

namespace halcyon {

/// What a CPU is, for all that must not take one for another: what is kept of a tuning, its
/// journal, figures that stand side by side. A brand does not tell ("AMD EPYC" is Zen 4 and Zen 5);
/// it is for people. Texts are equal where CPUs are, and empty where a machine does not say: an
/// unknown CPU is no other's equal, nor another unknown one's.
struct CpuId {
  std::string model;     // "AuthenticAMD 25/17": family and model; "arm 0x41/0xd42": implementer
                         // and part; "GenuineIntel 6/167 as sapphirerapids" where flags tell that
                         // a hypervisor shows the numbers of an older one
  std::string stepping;  // the same with the stepping: "AuthenticAMD 25/17/1"
  bool known() const { return !model.empty(); }
  bool operator==(const CpuId&) const = default;
};
CpuId cpu_id(const CpuInfo&);

}  // namespace halcyon
