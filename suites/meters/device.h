#pragma once
#include <memory>
#include <string>
#include <vector>

#include "results/record/machine.h"
#include "results/record/record.h"
#include "schedules/fence/dialogue.h"
#include "schedules/targets/target.h"

namespace halcyon {

/// Instructions that a run is to have counted, and how many there were.
struct Counting {
  std::string ranges;          // whose: kernel_ranges()
  std::vector<Counts> counts;  // by kernel, all calls of each together; none when the process did
                               // not come to its end, or executed none of their instructions
};

/// Where the programs of a target's bundles run. Whoever has one has the lease of it: what must not
/// be shared while we measure is ours as long as the object lives.
///
/// What is not pure is right where programs run beside us and see our files.
class Device {
 public:
  explicit Device(Target target) : target_(std::move(target)) {}
  virtual ~Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  const Target& target() const { return target_; }
  /// Empty when it runs programs for its target; else the reason, in one line.
  virtual std::string why_not() const = 0;
  /// What can be read there, words as of Target::meters.
  virtual std::vector<std::string> meters() const = 0;
  /// The machine as it is right now, for measuring on its logical CPU `cpu`; -1: on any.
  virtual Machine machine(int cpu) const;
  /// What its CPU is, without the rest.
  virtual CpuId cpu() const;
  /// The logical CPUs that programs may run on there.
  virtual std::vector<int> cpus() const;

  /// Brings a file or a folder there, as far as it is not there; the path that it has there. Where
  /// nothing is yet, that which a program there may write to.
  virtual std::string push(const std::string& path) const;
  /// Brings back what a program has written to push(path).
  virtual void pull(const std::string& path) const;

  /// Runs a program that lies there to its end. Its last word is "--result-fd=N", where it leaves
  /// its result. `limits` are what a machine of ours would need. Fenced in as by run_program(),
  /// throws as that does. `counting`: only where meters() has "instructions".
  virtual Ended run(const std::vector<std::string>& argv, const Limits& limits,
                    Counting* counting = nullptr) const = 0;
  /// Starts one that is asked line by line, and answers where the last word says, likewise. `cpus`:
  /// pinned to these; empty: not.
  virtual std::unique_ptr<Dialogue> serve(const std::vector<std::string>& argv,
                                          const Limits& limits,
                                          const std::vector<int>& cpus) const = 0;

 protected:
  static constexpr const char* kResultFd = "--result-fd=";

 private:
  Target target_;
};

/// The device of a target. Error (exit 2) when there is no such.
std::unique_ptr<Device> open_device(const Target&);

/// A word of the list in schedules/CMakeLists.txt; each has its file, <word>_device.cpp.
struct DeviceKind {
  const char* word;
  std::unique_ptr<Device> (*open)(const Target&);
};
const std::vector<DeviceKind>& device_kinds();

}  // namespace halcyon
