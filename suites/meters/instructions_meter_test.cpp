// A kernel whose instructions are known, written in assembly. Skipped without `make setup-cross`.
#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "kernels/error.h"
#include "results/files/temporary_folder.h"
#include "suites/meters/meter.h"

namespace halcyon {
namespace {

/// One of each class that is told apart, and a wrapper whose own instructions must not count.
constexpr const char* kKernel = R"(
  .globl kernel, kernel_argv
  .type kernel, %function
  .type kernel_argv, %function
kernel:
  fmla v0.4s, v1.4s, v2.4s
  fmla v0.4s, v1.4s, v2.s[1]
  fadd v3.4s, v3.4s, v0.4s
  ldr x1, [x0]
  str x1, [sp, #-16]!
  add sp, sp, #16
  mov w0, #0
  ret
  .size kernel, .-kernel
kernel_argv:
  nop
  b kernel
  .size kernel_argv, .-kernel_argv
)";

Target board() { return find_target("j6m", HALCYON_SOURCE_DIR "/schedules/targets"); }

class Instructions : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why_not = meter_.why_not(); !why_not.empty()) GTEST_SKIP() << why_not;
    const std::string source = folder_.path() + "/kernel.s";
    std::ofstream(source) << kKernel;
    BundleCase c;
    c.id = "known";
    c.candidate = {Problem::parse("1x6x7x5 | dw 3x3"), {}, board()};
    c.timed.outcome = Outcome::ok;
    c.timed.symbol = "kernel";
    c.timed.object = source;  // the linker's driver assembles it
    try {
      bundle_ = make_bundle(folder_.path() + "/made", board(), {c}, "");
    } catch (const Error& e) {
      if (std::string(e.what()).find("make setup-cross") == std::string::npos) throw;
      GTEST_SKIP() << e.what();
    }
  }
  TemporaryFolder folder_;
  Bundle bundle_;
  const Meter meter_{board()};
};

TEST_F(Instructions, CountsTheKernelAloneByClass) {
  const auto measured = meter_.time(bundle_, {"known"}, {}, nullptr);
  ASSERT_EQ(measured.size(), 1u);
  EXPECT_EQ(measured[0].outcome, Outcome::ok) << measured[0].detail;
  ASSERT_TRUE(measured[0].counts);
  const Counts want{
      .calls = 2, .fmla = 4, .simd = 2, .load = 2, .store = 2, .branch = 2, .scalar = 4};
  EXPECT_EQ(*measured[0].counts, want);
}

TEST_F(Instructions, CountsTheSameEveryTime) {
  const auto first = meter_.time(bundle_, {"known"}, {}, nullptr);
  const auto second = meter_.time(bundle_, {"known"}, {}, nullptr);
  ASSERT_TRUE(first.at(0).counts);
  EXPECT_EQ(first.at(0).counts, second.at(0).counts);
}

// A board needs no loader and no libraries.
TEST_F(Instructions, ABundleIsAStaticProgramOfItsTargetThatListsItsBenchmarks) {
  std::ifstream file(bundle_.program, std::ios::binary);
  std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  Elf64_Ehdr head;
  ASSERT_GE(bytes.size(), sizeof head);
  std::memcpy(&head, bytes.data(), sizeof head);
  EXPECT_EQ(std::memcmp(head.e_ident, ELFMAG, SELFMAG), 0);
  EXPECT_EQ(head.e_machine, EM_AARCH64);
  EXPECT_EQ(head.e_type, ET_EXEC);
  for (int i = 0; i < head.e_phnum; i++) {
    Elf64_Phdr segment;
    ASSERT_LE(head.e_phoff + (i + 1) * sizeof segment, bytes.size());
    std::memcpy(&segment, bytes.data() + head.e_phoff + i * sizeof segment, sizeof segment);
    EXPECT_NE(segment.p_type, static_cast<Elf64_Word>(PT_INTERP)) << "wants a loader";
    EXPECT_NE(segment.p_type, static_cast<Elf64_Word>(PT_DYNAMIC)) << "wants libraries";
  }
  const Ended list = run_program({.wall_seconds = 30},
                                 {"qemu-aarch64", bundle_.program, "--benchmark_list_tests"});
  EXPECT_EQ(list.code, 0);
  EXPECT_EQ(list.output, "known\n");
}

TEST_F(Instructions, ChecksAsAnywhere) {
  const Measured m = meter_.check(bundle_, "known", {.wall_seconds = 20});
  EXPECT_EQ(m.outcome, Outcome::wrong);
  EXPECT_NE(m.detail.find("210 of 210 elements of out were never written"), m.detail.npos)
      << m.detail;
}

TEST(Meter, OfInstructionsIsNoClock) {
  const Meter meter(board());
  EXPECT_EQ(meter.unit(), FigureUnit::instructions);
  EXPECT_FALSE(meter.measures_time());
  EXPECT_THROW(meter.rates(), Error);
}

}  // namespace
}  // namespace halcyon
