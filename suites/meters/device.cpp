#include "suites/meters/device.h"

#include <filesystem>

#include "kernels/error.h"

namespace halcyon {

Machine Device::machine(int cpu) const { return describe_machine(cpu); }

std::string Device::push(const std::string& path) const {
  return std::filesystem::absolute(path).string();
}

void Device::pull(const std::string&) const {}

std::unique_ptr<Device> open_device(const Target& target) {
  std::string allowed;
  for (const DeviceKind& kind : device_kinds()) {
    if (target.device == kind.word) return kind.open(target);
    allowed += (allowed.empty() ? "" : ", ") + std::string(kind.word);
  }
  throw usage_error("target " + target.name + ": no device '" + target.device +
                    "'; allowed: " + allowed);
}

}  // namespace halcyon
