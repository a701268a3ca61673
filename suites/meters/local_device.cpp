// This machine: programs are its processes, and figures are wall time.
#include "suites/meters/device.h"

namespace halcyon {
namespace {

class LocalDevice : public Device {
 public:
  using Device::Device;

  std::string why_not() const override { return why_not_runnable(target()); }

  std::vector<std::string> meters() const override { return {"ns"}; }

  Ended run(const std::vector<std::string>& argv, const Limits& limits, Counting*) const override {
    return run_program(limits, argv, kResultFd);
  }

  std::unique_ptr<Dialogue> serve(const std::vector<std::string>& argv, const Limits& limits,
                                  const std::vector<int>& cpus) const override {
    return std::make_unique<Dialogue>(limits, argv, kResultFd, cpus);
  }
};

}  // namespace

std::unique_ptr<Device> local_device(const Target& target) {
  return std::make_unique<LocalDevice>(target);
}

}  // namespace halcyon
