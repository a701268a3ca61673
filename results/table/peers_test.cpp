#include "results/table/peers.h"

#include <gtest/gtest.h>

#include <sstream>

namespace halcyon {
namespace {

PeerResult timed(const std::string& name, std::int64_t ns) {
  PeerResult r{.name = name, .version = "1.2.3", .outcome = PeerOutcome::ok, .max_error = 1e-6};
  for (int i = 0; i < 31; ++i)
    r.samples.push_back({.ns = ns + 1000 * (i % 3),
                         .probe_before = 100,
                         .probe_after = 100,
                         .order = i,
                         .accepted = true});
  return r;
}

std::string lines_with(const std::string& text, const std::string& part) {
  std::istringstream lines(text);
  std::string found;
  for (std::string line; std::getline(lines, line);)
    if (line.find(part) != std::string::npos) found += line + "\n";
  return found;
}

TEST(PeersTable, MarksWhatIsOfAnotherPrecision) {
  PeerComparison c{.inferences = 2, .error_tolerance = 1e-4, .own = timed("halcyon", 5'600'000)};
  c.peers = {timed("onnxruntime", 2'800'000), timed("openvino", 3'500'000),
             timed("litert", 8'400'000)};
  c.peers[0].precision = c.peers[1].precision = "i8";
  c.peers[0].max_error = 0.85, c.peers[0].sqnr_db = 3.14;
  c.peers[1].max_error = 0.012, c.peers[1].sqnr_db = 27.06;
  const std::string text = peers_table(derived(c, {100'000'000, 100'000'000}));
  const auto has = [&](const std::string& of, const std::string& part) {
    EXPECT_NE(lines_with(text, of).find(part), std::string::npos) << part << "\nin\n" << text;
  };
  has("openvino     1.2.3", "i8   0.0120    27.1 dB");
  has("openvino     1.2.3", "▼ 0.63 (0.62 to 0.63), mixed precision");
  has("onnxruntime: doubtful", "SQNR 3.1 dB, under 6.0 dB");
  has("best peer: ", "litert, ▲ 1.5");
  has("fastest in another precision: ", "openvino in i8, ▼ 0.63");
  has("Mixed precision: ", "ours computes in f32");
  EXPECT_EQ(lines_with(text, "litert").find("mixed"), std::string::npos) << text;
}

TEST(PeersTable, HasEverySystemAndTheBest) {
  PeerComparison c{.inferences = 2, .error_tolerance = 1e-4, .own = timed("halcyon", 5'600'000)};
  c.peers = {timed("onnxruntime", 7'280'000),
             timed("openvino", 7'400'000),
             {.name = "ncnn", .detail = "not installed"}};
  const std::string text = peers_table(derived(c, {100'000'000, 100'000'000}));
  for (const char* part :
       {"halcyon      1.2.3", "onnxruntime", "▲ 1.3", "5.6", "ncnn", "ncnn: not installed\n",
        "best peer: onnxruntime, ▲ 1.3", "1 thread, turns of 2 inferences in random order"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
}

TEST(PeersTable, AnotherBuildIsNoPeer) {
  PeerComparison c{.inferences = 2, .error_tolerance = 1e-4, .own = timed(kThisBuild, 5'600'000)};
  c.peers = {timed("build 0123456789ab", 7'280'000)};
  const std::string text = peers_table(derived(c, {100'000'000, 100'000'000}));
  EXPECT_NE(text.find("build 0123456789ab"), std::string::npos) << text;
  EXPECT_NE(text.find("Whole runs in turns, 1 thread."), std::string::npos) << text;
  for (const char* part : {"peer", "inferences"})
    EXPECT_EQ(text.find(part), std::string::npos) << part << "\nin\n" << text;
}

}  // namespace
}  // namespace halcyon
