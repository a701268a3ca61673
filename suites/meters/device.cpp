#include "suites/meters/device.h"

#include <filesystem>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "schedules/targets/host.h"

namespace halcyon {

Machine Device::machine(int cpu) const { return describe_machine(cpu); }

CpuId Device::cpu() const { return cpu_id(read_cpuinfo()); }

std::vector<int> Device::cpus() const { return allowed_cpus(); }

std::string Device::push(const std::string& path) const {
  return std::filesystem::absolute(path).string();
}

void Device::pull(const std::string&) const {}

std::unique_ptr<Device> open_device(const Target& target) {
  for (const DeviceKind& kind : device_kinds())
    if (target.device == kind.word) return kind.open(target);
  throw usage_error("target " + target.name + ": no device '" + target.device +
                    "'; allowed: " + joined(device_words()));
}

}  // namespace halcyon
