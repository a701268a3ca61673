// Every adapter that `make peers` installed against plain loops, on small problems of every op:
// `make check-peers` runs it. ONNX Runtime is there for our own tests, too.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "kernels/oracle/tensor_file.h"
#include "kernels/problem/op.h"
#include "results/files/temporary_folder.h"
#include "suites/cases/suite.h"
#include "suites/meters/any_host.h"
#include "suites/peers/compare_cases.h"
#include "suites/peers/problem_files.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

constexpr double kAllowed = 1e-5;  // of an output's range

double error_of_range(const Tensor& found, const std::vector<Tensor>& wanted) {
  double worst = 0;
  std::size_t at = 0;
  for (const Tensor& output : wanted) {
    const auto [least, most] = range_of(output);
    const double range = std::max({most - least, std::abs(most), std::abs(least)});
    for (std::size_t i = 0; i < output.size(); ++i) {
      const double error = std::abs(found.at(at++) - output.at(i)) / range;
      worst = error <= worst ? worst : error;  // a NaN stays
    }
  }
  return worst;
}

class ProblemPeers : public testing::TestWithParam<std::string> {
 protected:
  /// The adapter, or ONNX Runtime's in the environment of the tests.
  static PeerProgram program() {
    for (PeerProgram p : problem_peers(HALCYON_SOURCE_DIR)) {
      if (p.name != GetParam()) continue;
      if (p.why_not.empty() || p.name != "onnxruntime") return p;
      p.argv[0] = HALCYON_SOURCE_DIR "/.deps/venv/bin/python";
      p.why_not.clear();
      return p;
    }
    return {GetParam(), {}, "no such adapter"};
  }
  const std::unique_ptr<Device> device_ = open_device(any_host());
  const TemporaryFolder folder_;
};

TEST_P(ProblemPeers, ComputesWhatPlainLoopsDo) {
  const PeerProgram peer_program = program();
  if (!peer_program.why_not.empty()) GTEST_SKIP() << peer_program.why_not;
  Peer peer(*device_, peer_program, {});
  ASSERT_TRUE(peer.meet(1)) << peer.why();
  int computed = 0;
  for (const char* name : {"tiny", "kernels", "blocks"})
    for (const Case& c : find_suite(name, HALCYON_SOURCE_DIR "/suites/micro").cases) {
      if (!c.odd) continue;                               // small, and of every op
      if (c.problem.ops().front().kind->alone) continue;  // of two dtypes
      SCOPED_TRACE(c.problem.text());
      const std::string folder = folder_.path() + "/" + std::to_string(computed++);
      fs::create_directory(folder);
      const ProblemFiles files = write_problem(c.problem, 5, folder);
      const std::string input = folder + "/input.f32", output = folder + "/output.f32";
      write_tensor(input, files.input);
      std::size_t elements = 0;
      for (const Tensor& t : files.expected) elements += t.size();
      ASSERT_TRUE(peer.load(peer_program.of_problems ? files.description : files.model))
          << peer.why();
      EXPECT_NE(peer.layout(), "");
      ASSERT_TRUE(peer.bind(input, files.input.size())) << peer.why();
      ASSERT_TRUE(peer.run(2)) << peer.why();  // the second on what the first has left
      const auto found = peer.output(output, DType::f32, elements + 1);
      ASSERT_TRUE(found) << peer.why();
      ASSERT_EQ(found->size(), elements);
      EXPECT_LE(error_of_range(*found, files.expected), kAllowed);
    }
  EXPECT_GT(computed, 80);
}

INSTANTIATE_TEST_SUITE_P(Adapters, ProblemPeers, testing::Values("litert", "onednn", "onnxruntime"),
                         [](const auto& of) { return of.param; });

}  // namespace
}  // namespace halcyon
