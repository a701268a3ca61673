#include "suites/meters/meter.h"

#include "kernels/error.h"
#include "suites/meters/local_meter.h"
#include "suites/meters/qemu_meter.h"

namespace halcyon {

std::unique_ptr<Meter> make_meter(const Target& target) {
  if (target.meter == "local") return std::make_unique<LocalMeter>();
  if (target.meter == "qemu") return std::make_unique<QemuMeter>();
  throw usage_error("target " + target.name + ": no meter '" + target.meter +
                    "'; allowed: local, qemu");
}

}  // namespace halcyon
