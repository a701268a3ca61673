// A CPU of aarch64 under qemu's user mode. Checks are as anywhere; what can be read are the
// instructions that a kernel itself executes, exact and repeatable. They say nothing of time.
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "results/files/temporary_folder.h"
#include "results/record/record_fields.h"
#include "suites/bundle/data_file.h"
#include "suites/meters/device.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr const char* kProgram = "qemu-aarch64";

/// What an emulated CPU is given for what one of ours would do within `limits`.
Limits emulated(Limits limits) {
  constexpr double kSlower = 20;  // at most: vectors some hundred times, all else less
  limits.wall_seconds *= kSlower;
  limits.memory_bytes = 0;  // of address space, which an emulator reserves without use
  return limits;
}

/// The words before a program. qemu 7.2 has no Cortex-A78AE; Neoverse N1 has the same instructions:
/// fp16 and dot products, no SVE, i8mm or bf16.
std::vector<std::string> before(const std::vector<std::string>& argv,
                                const std::vector<std::string>& options = {}) {
  std::vector<std::string> words = {kProgram, "-cpu", "neoverse-n1"};
  words.insert(words.end(), options.begin(), options.end());
  words.insert(words.end(), argv.begin(), argv.end());
  return words;
}

/// What the plugin wrote, one for each kernel; nothing when the process ended before it could, or
/// executed no instruction of them.
std::vector<Counts> read_counts(const std::string& path) {
  std::ifstream file(path);
  const json all = json::parse(file, nullptr, false);
  std::vector<Counts> counts;
  if (!all.is_array()) return counts;
  bool any = false;
  for (const json& j : all) {
    FieldReader reader(Reader(j, path, "/" + std::to_string(counts.size()), Exit::infrastructure));
    class_fields(reader, counts.emplace_back());
    any |= counts.back().total() > 0;
  }
  return any ? counts : std::vector<Counts>();
}

class QemuDevice : public Device {
 public:
  using Device::Device;

  std::string why_not() const override {
    if (target().arch != "aarch64") return "qemu emulates aarch64, not " + target().arch;
    try {
      const Ended ended =
          run_program({.wall_seconds = 10, .processes = 0}, {kProgram, "--version"});
      if (ended.how == Ended::exited && ended.code == 0) return "";
      return std::string(kProgram) + " does not run: " + describe(ended);
    } catch (const Error&) {
      return std::string(kProgram) + " is missing: run make setup-cross";
    }
  }

  std::vector<std::string> meters() const override { return {"instructions"}; }

  Ended run(const std::vector<std::string>& argv, const Limits& limits,
            Counting* counting) const override {
    if (!counting) return run_program(emulated(limits), before(argv), kResultFd);
    const TemporaryFolder folder;
    const std::string in = folder.path() + "/ranges", out = folder.path() + "/counts.json";
    OutputFile file(in);
    file.write(counting->ranges);
    file.close();
    const std::string plugin = HALCYON_COUNT_PLUGIN ",ranges=" + in + ",out=" + out;
    const Ended ended = run_program(emulated(limits), before(argv, {"-plugin", plugin}), kResultFd);
    counting->counts = read_counts(out);
    return ended;
  }

  std::unique_ptr<Dialogue> serve(const std::vector<std::string>& argv, const Limits& limits,
                                  const std::vector<int>& cpus) const override {
    return std::make_unique<Dialogue>(emulated(limits), before(argv), kResultFd, cpus);
  }
};

}  // namespace

std::unique_ptr<Device> qemu_device(const Target& target) {
  return std::make_unique<QemuDevice>(target);
}

}  // namespace halcyon
