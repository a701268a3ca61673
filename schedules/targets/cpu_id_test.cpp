#include "schedules/targets/cpu_id.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

/// As /proc/cpuinfo of a machine whose hypervisor leaves no more of the brand.
CpuId id_of(const std::string& numbers, const std::string& flags = "fma avx2") {
  return cpu_id(parse_cpuinfo("processor\t: 0\n" + numbers + "flags\t\t: " + flags + "\n"));
}
std::string amd(int family, int model, int stepping = 1) {
  return "vendor_id\t: AuthenticAMD\ncpu family\t: " + std::to_string(family) +
         "\nmodel\t\t: " + std::to_string(model) +
         "\nmodel name\t: AMD EPYC\nstepping\t: " + std::to_string(stepping) + "\n";
}

TEST(CpuId, TellsTwoCpusOfOneBrand) {
  EXPECT_EQ(id_of(amd(25, 17)).model, "AuthenticAMD 25/17");
  EXPECT_EQ(id_of(amd(26, 2)).model, "AuthenticAMD 26/2");
  EXPECT_EQ(id_of(amd(25, 17, 1)).model, id_of(amd(25, 17, 2)).model);
  EXPECT_EQ(id_of(amd(25, 17, 2)).stepping, "AuthenticAMD 25/17/2");
}

TEST(CpuId, OfArmIsImplementerAndPart) {
  const CpuId id =
      cpu_id(parse_cpuinfo("processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n"
                           "CPU variant\t: 0x1\nCPU part\t: 0xd42\nCPU revision\t: 2\n"));
  EXPECT_EQ(id.model, "arm 0x41/0xd42");
  EXPECT_EQ(id.stepping, "arm 0x41/0xd42/18") << "r1p2";
}

TEST(CpuId, IsUnknownWhereNothingButABrandIsSaid) {
  EXPECT_FALSE(id_of("model name\t: AMD EPYC\n").known());
  EXPECT_FALSE(cpu_id(CpuInfo()).known());
}

// A Sapphire Rapids that is shown as a Rocket Lake is neither taken for one nor for another CPU.
TEST(CpuId, SaysWhatFlagsTellWhereNumbersAreMasked) {
  const std::string numbers =
      "vendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 167\nstepping\t: 1\n";
  const std::string flags = "fma avx2 avx512f avx512_vbmi2";
  EXPECT_EQ(id_of(numbers, flags).model, "GenuineIntel 6/167");
  EXPECT_EQ(id_of(numbers, flags + " avx512_bf16 amx_tile").model,
            "GenuineIntel 6/167 as sapphirerapids");
}

}  // namespace
}  // namespace halcyon
