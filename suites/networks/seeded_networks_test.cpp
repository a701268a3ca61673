#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/oracle/seeded_stream.h"
#include "results/files/temporary_folder.h"
#include "suites/graph/reference.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

const std::string kFolder = HALCYON_SOURCE_DIR "/suites/networks";
constexpr std::uint64_t kSeed = 7;

double rms(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// Every node's result neither dies nor explodes.
void expect_sane(Graph graph) {
  seed_parameters(graph, kSeed);
  SCOPED_TRACE(graph.name + ", seed " + std::to_string(kSeed));
  std::vector<float> input(static_cast<std::size_t>(graph.input().shape.elements()));
  for (std::size_t i = 0; i < input.size(); ++i)
    input[i] = static_cast<float>(std::sin(static_cast<double>(i * i % 1009)));
  run_reference(graph, input, [](const Node& node, const std::vector<double>& result) {
    const double r = rms(result);
    EXPECT_TRUE(r >= 1e-3 && r <= 1e3) << node.name << " has rms " << r;
  });
}

TEST(SeededParameters, KeepActivationsSaneThroughTheDepth) {
  for (const char* name : {"henet_tinym", "mobilenet_v2", "mobilenet_v3_small", "efficientnet_b0"})
    expect_sane(find_network(name, kFolder, {.height = 32, .width = 32}));
  expect_sane(find_network("custom_model", kFolder, {.height = 6, .width = 5}));
}

TEST(SeededParameters, KeepHenetsOptionsSane) {
  using nlohmann::json;
  const json options[] = {
      {{"attention_block_num", {1, 2, 1, 3}}, {"include_top", false}, {"stage_out_norm", true}},
      {{"extra_act", {true, true, true, true}}, {"feature_mix_channel", 0}},
      {{"use_layer_scale", {false, false, false, false}}, {"final_expand_channel", 96}},
  };
  for (const json& changes : options) {
    SCOPED_TRACE(changes.dump());
    json keys = json::parse(std::ifstream(kFolder + "/henet_tinym.json"));
    keys.update(changes);
    keys["network"] = "variant";
    const TemporaryFolder folder;
    const std::string path = folder.path() + "/variant.json";
    std::ofstream(path) << keys.dump();
    expect_sane(find_network(path, kFolder, {.height = 32, .width = 32}));
  }
}

/// What batch norms give for images that were not seen when their statistics were taken.
TEST(SeededParameters, NormaliseWhatNormalImagesMakeOfTheLayersBefore) {
  for (const char* name : {"efficientnet_b0", "mobilenet_v3_small"}) {
    Graph graph = find_network(name, kFolder, {.height = 64, .width = 64});
    seed_parameters(graph, kSeed);
    SeededStream random("another image", kSeed);
    std::vector<float> input(static_cast<std::size_t>(graph.input().shape.elements()));
    for (float& v : input) v = static_cast<float>(random.normal());
    int norms = 0;
    run_reference(graph, input, [&](const Node& node, const std::vector<double>& result) {
      if (node.kind != NodeKind::batchnorm) return;
      const auto scale = numbers_of<double>(graph.parameters[node.parameters[0]].values),
                 shift = numbers_of<double>(graph.parameters[node.parameters[1]].values);
      double sum = 0, squares = 0;
      for (std::size_t i = 0; i < result.size(); ++i) {
        const std::size_t c = i % scale.size();
        const double z = (result[i] - shift[c]) / scale[c];
        sum += z / static_cast<double>(result.size());
        squares += z * z / static_cast<double>(result.size());
      }
      ++norms;
      EXPECT_NEAR(sum, 0, 0.2) << name << " " << node.name;
      EXPECT_TRUE(squares > 0.6 && squares < 1.7) << name << " " << node.name << ": " << squares;
    });
    EXPECT_GT(norms, 30);
  }
}

TEST(SeededParameters, AreTheSameForEveryBatch) {
  Graph one = find_network("custom_model", kFolder, {.height = 3, .width = 2});
  Graph three = find_network("custom_model", kFolder, {.batch = 3, .height = 3, .width = 2});
  seed_parameters(one, kSeed);
  seed_parameters(three, kSeed);
  EXPECT_EQ(three.input().shape.n, 3);
  for (std::size_t i = 0; i < one.parameters.size(); ++i)
    EXPECT_EQ(one.parameters[i].values, three.parameters[i].values) << one.parameters[i].name;
}

TEST(SeededParameters, AreTheSameEverywhereAndAnotherSeedsAreNot) {
  const auto first = [](std::uint64_t seed) {
    Graph graph = find_network("custom_model", kFolder, {.height = 1, .width = 1});
    seed_parameters(graph, seed);
    return graph.parameters.front().values.at(0);
  };
  EXPECT_EQ(first(1), 0x1.9712d00000000p+0f);  // by another program
  EXPECT_NE(first(1), first(2));
}

TEST(SeededParameters, LeaveValuesThatAreThere) {
  Graph graph = find_network("custom_model", kFolder, {.height = 1, .width = 1});
  Parameter& given = graph.parameters.front();
  given.assign(0.25);
  seed_parameters(graph, kSeed);
  EXPECT_EQ(range_of(graph.parameters.front().values), std::pair(0.25, 0.25));
  for (const Parameter& p : graph.parameters)
    EXPECT_EQ(static_cast<std::int64_t>(p.values.size()), p.elements()) << p.name;
}

}  // namespace
}  // namespace halcyon
