// Cases of a bundle as they are asked for line by line: suites/peers/README.md has the protocol.
#include <gtest/gtest.h>

#include <filesystem>

#include "kernels/oracle/tensor_file.h"
#include "results/files/temporary_folder.h"
#include "schedules/recipes/recipe.h"
#include "suites/bundle/link.h"
#include "suites/meters/run_job.h"
#include "suites/peers/problem_files.h"

namespace halcyon {
namespace {

constexpr std::uint64_t kSeed = 7;

class ServedCases : public testing::Test {
 protected:
  Bundle bundle(const std::vector<std::string>& lines) {
    Compiler compiler(folder_.path() + "/cache", 2);
    std::vector<BundleCase> cases;
    for (const std::string& line : lines) {
      const Problem p = Problem::parse(line);
      const Recipe& recipe = recipe_for(p);
      const Candidate c{p, recipe.expand(p, target_, recipe.start(p, target_)), target_};
      cases.push_back(
          {"case-" + std::to_string(cases.size()), c, compiler.compile(c), Compiled(), kSeed});
    }
    return make_bundle(folder_.path() + "/bundle", target_, cases, compiler);
  }
  const Target target_ = find_target("host", HALCYON_SOURCE_DIR "/schedules/targets");
  const TemporaryFolder folder_;
};

TEST_F(ServedCases, ComputeWhatTheyAreGivenOneAfterTheOther) {
  const std::vector<std::string> lines = {"1x7x5x16 | dw 3x3 hardswish sums",
                                          "2x3x5x12 | scale gelu add", "1x1x1x24 | linear 10",
                                          "2x3x5x8 | tokensum"};
  const Bundle made = bundle(lines);
  const auto device = open_device(target_);
  const auto served = device->serve({program_on(*device, made), "--serve"}, {}, {});
  const auto ask = [&](const std::string& line) { return served->ask(line, 60).text; };
  EXPECT_EQ(ask("load case-9"), "error no case 'case-9' in this bundle");
  EXPECT_EQ(ask("run 1"), "error 'run' before 'load'");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    SCOPED_TRACE(lines[i]);
    const std::string folder = folder_.path() + "/" + std::to_string(i);
    ASSERT_TRUE(std::filesystem::create_directory(folder));
    // Other inputs than the bundle has would need other references: its own seed gives its values.
    const ProblemFiles files = write_problem(Problem::parse(lines[i]), kSeed, folder);
    const auto& wanted = files.own_expected.empty() ? files.expected : files.own_expected;
    const std::string in = folder + "/in.f32", out = folder + "/out.f32";
    write_tensor(in, files.input);
    std::size_t elements = 0;
    for (const Tensor& t : wanted) elements += t.size();
    EXPECT_EQ(ask("load case-" + std::to_string(i)), "ok precision=f32 in=f32 out=f32 nhwc");
    EXPECT_EQ(ask("input " + in), "ok " + std::to_string(files.input.size()));
    EXPECT_EQ(ask("run 3").substr(0, 3), "ok ");
    EXPECT_EQ(ask("output " + out), "ok " + std::to_string(elements));
    const Tensor found = read_whole_tensor(out, DType::f32, elements);
    std::size_t at = 0;
    for (const Tensor& t : wanted)
      for (std::size_t k = 0; k < t.size(); ++k)
        ASSERT_NEAR(found.at(at++), t.at(k), 1e-5 * std::max(1.0, std::abs(t.at(k)))) << k;
    EXPECT_EQ(ask("input " + out), elements == files.input.size()
                                       ? "ok " + std::to_string(elements)
                                       : "error " + out + ": is no file of " +
                                             std::to_string(files.input.size()) + " f32 values");
  }
}

TEST_F(ServedCases, WhatIsBoundIsWhatIsComputed) {
  const Bundle made = bundle({"1x2x2x8 | relu"});
  const auto device = open_device(target_);
  const auto served = device->serve({program_on(*device, made), "--serve"}, {}, {});
  const std::string in = folder_.path() + "/in.f32", out = folder_.path() + "/out.f32";
  std::vector<float> values(32), wanted(32);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(i) - 16;
    wanted[i] = std::max(values[i], 0.f);
  }
  write_tensor(in, values);
  for (const std::string& line :
       std::vector<std::string>{"load case-0", "input " + in, "run 1", "output " + out})
    ASSERT_EQ(served->ask(line, 60).text.substr(0, 2), "ok");
  EXPECT_EQ(read_whole_tensor(out, DType::f32, 32), Tensor(wanted));
}

}  // namespace
}  // namespace halcyon
