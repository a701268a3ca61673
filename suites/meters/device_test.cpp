#include "suites/meters/device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "kernels/error.h"
#include "schedules/targets/host.h"
#include "suites/meters/any_host.h"
#include "suites/meters/meter.h"
#include "suites/meters/meter_kind.h"

namespace halcyon {
namespace {

std::string refusal(const Target& target) {
  try {
    const Meter meter(target);
    return "accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    return e.what();
  }
}

TEST(Devices, AreThoseThatATargetsFileMayName) {
  std::vector<std::string> words;
  for (const DeviceKind& kind : device_kinds()) words.emplace_back(kind.word);
  EXPECT_EQ(words, device_words());
}

/// Each of the list, of a target that names it.
class EveryDevice : public testing::TestWithParam<DeviceKind> {
 protected:
  EveryDevice() { target_.device = GetParam().word; }
  Target target_ = any_host();
};

TEST_P(EveryDevice, HasMetersThatThereAre) {
  const auto device = open_device(target_);
  EXPECT_FALSE(device->meters().empty());
  for (const std::string& unit : device->meters()) {
    target_.meters = {unit};
    EXPECT_EQ(to_text(Meter(target_).unit()), unit);
  }
}

TEST_P(EveryDevice, RefusesAMeterThatItDoesNotHave) {
  const auto there = open_device(target_)->meters();
  for (const MeterKind* kind : meter_kinds()) {
    const std::string unit = to_text(kind->unit);
    if (std::find(there.begin(), there.end(), unit) != there.end()) continue;
    target_.meters = {unit};
    EXPECT_NE(refusal(target_).find(target_.device + " has no meter '" + unit), std::string::npos)
        << refusal(target_);
  }
}

TEST_P(EveryDevice, SaysInOneLineWhyItRunsNothingForAnUnknownCpu) {
  target_.arch = "abacus";
  const std::string why = open_device(target_)->why_not();
  EXPECT_FALSE(why.empty());
  EXPECT_EQ(why.find('\n'), why.npos) << why;
}

INSTANTIATE_TEST_SUITE_P(All, EveryDevice, testing::ValuesIn(device_kinds()),
                         [](const auto& of) { return std::string(of.param.word); });

TEST(Device, ThatThereIsNotIsRefusedWithThoseThatAre) {
  Target target = any_host();
  target.device = "abacus";
  EXPECT_EQ(refusal(target).find("target host: no device 'abacus'; allowed: "), 0u)
      << refusal(target);
}

TEST(Device, HereRunsAProgramAndHearsItsResult) {
  const auto device = open_device(any_host());
  const Ended ended =
      device->run({"sh", "-c", "eval \"exec 4>&${0#--result-fd=}\"; echo said; echo result >&4"},
                  {.wall_seconds = 60});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.output, "said\n");
  EXPECT_EQ(ended.result, "result\n");
  const auto served = device->serve(
      {"sh", "-c", "eval \"exec 4>&${0#--result-fd=}\"; read -r line; echo heard $line >&4"},
      {.wall_seconds = 60}, {});
  EXPECT_EQ(served->ask("it", 60).text, "heard it");
}

// A program there finds it whatever folder it works in.
TEST(Device, HereAFileLiesWhereItLies) {
  const auto device = open_device(any_host());
  EXPECT_EQ(device->push("a/file"), std::filesystem::absolute("a/file").string());
}

TEST(Device, HereIsThisMachine) {
  EXPECT_EQ(open_device(any_host())->machine(-1).cpu_model, describe_machine(-1).cpu_model);
  EXPECT_EQ(timed_cpu(any_host()), cpu_id(read_cpuinfo()).model);
}

// Instructions are of the target's CPU, whatever machine emulates it.
TEST(TimedCpu, IsNobodysWhereInstructionsAreCounted) {
  EXPECT_EQ(timed_cpu(find_target("j6m", HALCYON_SOURCE_DIR "/schedules/targets")), "");
}

}  // namespace
}  // namespace halcyon
