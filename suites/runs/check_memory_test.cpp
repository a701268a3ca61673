#include "suites/runs/check_memory.h"

#include <gtest/gtest.h>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "suites/cases/suite.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

const std::string kFolder = HALCYON_SOURCE_DIR "/suites/";

std::string refusal(const Problem& p) {
  return refusal_or_none([&] { refuse_too_large("'" + p.text() + "'", check_bytes(p)); });
}

TEST(CheckMemory, CountsBuffersReferencesAndWhatIsComparedOfAProblem) {
  const Problem p = Problem::parse("1x10x10x4 | pw 8");
  const std::int64_t in = 400 + 32 + 8, out = 800;
  EXPECT_EQ(check_bytes(p).there, (64 << 20) + 4 * (2 * (in + out) + in + 3 * out));
  EXPECT_EQ(check_bytes(p).here, 4 * 2 * (in + out) + 8 * (in + 400 + out));
}

TEST(CheckMemory, RefusesWhatIsBeyondTheLimitWithWhatItNeedsAndWhatIsAllowed) {
  const std::string said = refusal(Problem::parse("1x4096x4096x16 | pw 16"));
  EXPECT_NE(said.find("'1x4096x4096x16 | pw 16': its check takes "), std::string::npos) << said;
  EXPECT_NE(said.find("takes 8.1 GiB of memory, allowed are 8.0 GiB"), std::string::npos) << said;
}

TEST(CheckMemory, AllowsEveryShippedSuiteAndNetwork) {
  for (const std::string& name : suite_names(kFolder + "micro"))
    for (const Case& c : find_suite(name, kFolder + "micro").cases)
      EXPECT_EQ(refusal(c.problem), "") << c.id;
  for (const std::string& name : network_names(kFolder + "networks")) {
    const CheckBytes bytes = check_bytes(find_network(name, kFolder + "networks"));
    EXPECT_LT(bytes.there, std::int64_t{4} << 30) << name;
    EXPECT_LT(bytes.here, std::int64_t{4} << 30) << name;
  }
}

TEST(CheckMemory, RefusesANetworkOnTooLargeAnInput) {
  const Graph graph = find_network("mobilenet_v2", kFolder + "networks", {1, 16384, 16384});
  EXPECT_THROW(refuse_too_large("mobilenet_v2", check_bytes(graph)), Error);
}

}  // namespace
}  // namespace halcyon
