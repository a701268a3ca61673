// Every network's counts against those that were computed by hand from the sources' tables, to the
// last digit; and what a file may not say.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/files/temporary_folder.h"
#include "suites/graph/counts.h"
#include "suites/graph/fold.h"
#include "suites/graph/thop.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

using nlohmann::json;

const std::string kFolder = HALCYON_SOURCE_DIR "/suites/networks";

json keys_of(const std::string& name) {
  return json::parse(std::ifstream(kFolder + "/" + name + ".json"));
}

/// A network's file with some keys changed, under a name of its own.
class Variant {
 public:
  explicit Variant(const json& changes, const std::string& like = "henet_tinym")
      : path_(folder_.path() + "/variant.json") {
    json keys = keys_of(like);
    keys.update(changes);
    keys["network"] = "variant";
    std::ofstream(path_) << keys.dump();
  }
  Graph graph(const NetworkOptions& options = {}) const {
    return find_network(path_, kFolder, options);
  }
  std::string refusal() const {
    return refusal_of([&] { graph(); });
  }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

struct Expected {
  const char* name;
  int side;  // of the input; 0: as the file says
  std::int64_t parameters, macs, folded;
  const char* thop;
  int layers;  // 0: not known, as of folded and shapes
  std::size_t shapes;
};
const Expected kExpected[] = {
    {"henet_tinym", 0, 8637608, 954372352, 8620776, "FLOPs: 963.58M\nParams: 8.63M\n", 70, 20},
    {"henet_tinye", 0, 8484520, 737085184, 8468424, "FLOPs: 743.88M\nParams: 8.48M\n", 67, 20},
    {"custom_model", 0, 23242, 1336320000, 22730, "FLOPs: 1382.40M\nParams: 0.02M\n", 8, 3},
    {"mobilenet_v3_large", 0, 5483032, 216589760, 5470832, "FLOPs: 234.84M\n", 64, 46},
    {"mobilenet_v3_small", 0, 2542856, 56510400, 2536800, "FLOPs: 62.48M\n", 54, 43},
    {"efficientnet_b0", 0, 5288548, 385814752, 5267540, "FLOPs: 415.15M\n", 82, 47},
    {"efficientnet_b1", 0, 7794184, 686802832, 7763160, "FLOPs: 734.49M\n", 116, 56},
    {"efficientnet_b2", 0, 9109994, 993561872, 9076210, "FLOPs: 1054.23M\n", 116, 56},
    {"efficientnet_b2", 288, 9109994, 1087529456, 9076210, "FLOPs: 1158.54M\n", 116, 56},
    {"efficientnet_b3", 0, 12233232, 1827141392, 12189584, "FLOPs: 1931.54M\n", 131, 56},
    {"efficientnet_b4", 0, 19341616, 4393771024, 19279016, "FLOPs: 4611.44M\n", 161, 56},
    {"efficientnet_b5", 0, 30389784, 10266384752, 30303416, "FLOPs: 10702.75M\n", 195, 56},
    {"efficientnet_b6", 0, 43040704, 19067593536, 42928488, "FLOPs: 19806.79M\n", 225, 56},
    {"efficientnet_b7", 0, 66347960, 37745884192, 66192600, "FLOPs: 39029.24M\n", 274, 56},
    {"mobilenet_v2", 0, 3504872, 300774272, 0, "FLOPs: 327.55M\n", 0, 0},
    {"resnet18", 0, 11689512, 1814073344, 0, "FLOPs: 1824.03M\n", 0, 0},
};

TEST(ReferenceCounts, EveryNetworkCountsToTheLastDigit) {
  for (const Expected& e : kExpected) {
    SCOPED_TRACE(std::string(e.name) + " at " + std::to_string(e.side));
    const Graph graph = find_network(e.name, kFolder, {.height = e.side, .width = e.side});
    const NetworkCounts counts = count(graph);
    EXPECT_EQ(counts.whole.parameters, e.parameters);
    EXPECT_EQ(counts.whole.macs, e.macs);
    EXPECT_EQ(thop_printout(thop_count(graph)).rfind(e.thop, 0), 0u)
        << thop_printout(thop_count(graph));
    EXPECT_TRUE(e.folded == 0 || counts.whole.folded_parameters == e.folded)
        << counts.whole.folded_parameters;
    EXPECT_TRUE(e.layers == 0 || counts.whole.layers == e.layers) << counts.whole.layers;
    EXPECT_TRUE(e.shapes == 0 || counts.shapes.size() == e.shapes) << counts.shapes.size();
    EXPECT_EQ(parameters_of(graph), e.parameters);
    EXPECT_EQ(macs_of(graph), e.macs);
  }
}

TEST(ReferenceCounts, EveryFileIsARowOfTheTable) {
  for (const std::string& name : network_names(kFolder))
    EXPECT_TRUE(std::any_of(std::begin(kExpected), std::end(kExpected), [&](const Expected& e) {
      return name == e.name;
    })) << name;
}

/// MMACs of a stage, to the digits that the table has.
void expect_stages(const std::string& name,
                   const std::vector<std::pair<std::string, double>>& expected) {
  const NetworkCounts counts = count(find_network(name, kFolder));
  for (const auto& [stage, mmacs] : expected) {
    const auto at = std::find_if(counts.stages.begin(), counts.stages.end(),
                                 [&, s = stage](const NamedTally& t) { return t.name == s; });
    ASSERT_NE(at, counts.stages.end()) << stage;
    EXPECT_NEAR(static_cast<double>(at->tally.macs) / 1e6, mmacs,
                0.00051 + (stage == "stem") * 0.0005)
        << name << " " << stage;
  }
}

TEST(ReferenceCounts, HenetsMacsLieWhereTheTableHasThem) {
  expect_stages("henet_tinym", {{"stem", 10.838 + 57.803},
                                {"stage0", 212.746},
                                {"down0", 25.690},
                                {"stage1", 118.315},
                                {"down1", 19.268},
                                {"stage2", 232.716},
                                {"down2", 14.451},
                                {"stage3", 261.128},
                                {"feature_mix", 0.393},
                                {"head", 1.024}});
  expect_stages("henet_tinye", {{"stem", 8.129 + 32.514},
                                {"stage0", 90.768},
                                {"down0", 14.451},
                                {"stage1", 67.060},
                                {"down1", 14.451},
                                {"stage2", 232.716},
                                {"down2", 14.451},
                                {"stage3", 261.128},
                                {"feature_mix", 0.393},
                                {"head", 1.024}});
}

TEST(ReferenceCounts, HenetsLayerShapesAreThoseOfTheTable) {
  const std::vector<LayerShape> expected = {
      {"1x224x224x3 | conv 3x3 32 s2", 1, 10838016, 896},
      {"1x112x112x32 | conv 3x3 64 s2", 1, 57802752, 18496},
      {"1x56x56x64 | dw 3x3", 4, 1806336, 640},
      {"1x56x56x64 | pw 128", 4, 25690112, 8320},
      {"1x56x56x128 | pw 64", 4, 25690112, 8256},
      {"1x56x56x64 | conv 2x2 128 s2", 1, 25690112, 32896},
      {"1x28x28x128 | dw 3x3", 3, 903168, 1280},
      {"1x28x28x128 | pw 256 g2", 3, 12845056, 16640},
      {"1x28x28x256 | pw 128", 3, 25690112, 32896},
      {"1x28x28x128 | conv 2x2 192 s2", 1, 19267584, 98496},
      {"1x14x14x192 | dw 1x5", 4, 188160, 1152},
      {"1x14x14x192 | pw 384", 8, 14450688, 74112},
      {"1x14x14x384 | pw 192", 8, 14450688, 73920},
      {"1x14x14x192 | dw 5x1", 4, 188160, 1152},
      {"1x14x14x192 | conv 2x2 384 s2", 1, 14450688, 295296},
      {"1x7x7x384 | dw 3x3", 6, 169344, 3840},
      {"1x7x7x384 | pw 1152", 6, 21676032, 443520},
      {"1x7x7x1152 | pw 384", 6, 21676032, 442752},
      {"1x1x1x384 | pw 1024", 1, 393216, 393216},
      {"1x1x1x1024 | linear 1000", 1, 1024000, 1025000},
  };
  const NetworkCounts counts = count(find_network("henet_tinym", kFolder));
  ASSERT_EQ(counts.shapes.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(counts.shapes[i].problem, expected[i].problem);
    EXPECT_EQ(counts.shapes[i].count, expected[i].count) << expected[i].problem;
    EXPECT_EQ(counts.shapes[i].macs, expected[i].macs) << expected[i].problem;
    EXPECT_EQ(counts.shapes[i].parameters, expected[i].parameters) << expected[i].problem;
  }
}

TEST(ReferenceCounts, ElementwiseWorkIsCountedToo) {
  const NetworkCounts m = count(find_network("henet_tinym", kFolder));
  EXPECT_EQ(m.activations.at(Act::gelu), 3149568);
  EXPECT_EQ(m.residual_adds, 1517824);
  const NetworkCounts e = count(find_network("henet_tinye", kFolder));
  EXPECT_EQ(e.activations.at(Act::gelu), 2296576);
  EXPECT_EQ(e.residual_adds, 1091328);
}

const Tally& kind(const NetworkCounts& counts, const std::string& name) {
  return std::find_if(counts.kinds.begin(), counts.kinds.end(),
                      [&](const NamedTally& t) { return t.name == name; })
      ->tally;
}

TEST(ReferenceCounts, KindsOfLayersAddUpToTheTablesShares) {
  const NetworkCounts m = count(find_network("henet_tinym", kFolder));
  const auto percent = [&](std::int64_t macs) {
    return 100.0 * static_cast<double>(macs) / static_cast<double>(m.whole.macs);
  };
  EXPECT_NEAR(percent(kind(m, "1x1").macs + kind(m, "linear").macs), 81.2, 0.051);
  EXPECT_NEAR(percent(kind(m, "dense").macs), 13.4, 0.051);
  EXPECT_NEAR(percent(kind(m, "grouped").macs), 4.0, 0.051);
  EXPECT_NEAR(percent(kind(m, "depthwise").macs), 1.3, 0.051);
  EXPECT_EQ(kind(m, "depthwise").layers, 21);
  const NetworkCounts large = count(find_network("mobilenet_v3_large", kFolder));
  EXPECT_EQ(kind(large, "squeeze-and-excite").parameters, 1512280);
  EXPECT_EQ(kind(large, "squeeze-and-excite").macs, 1507200);
  const NetworkCounts small = count(find_network("mobilenet_v3_small", kFolder));
  EXPECT_EQ(kind(small, "squeeze-and-excite").parameters, 461640);
  EXPECT_EQ(kind(small, "squeeze-and-excite").macs, 458752);
}

TEST(ReferenceCounts, ABackboneRunsLessThanItsSourceBuilds) {
  const json backbone = {{"include_top", false}};
  const Graph m = Variant(backbone).graph();
  EXPECT_EQ(macs_of(m), 952955136);
  EXPECT_EQ(parameters_of(m), 7216576);
  EXPECT_EQ(parameters_of(m) + m.idle_parameters, 7612608);
  const Graph e = Variant(backbone, "henet_tinye").graph();
  EXPECT_EQ(macs_of(e), 735667968);
  EXPECT_EQ(parameters_of(e), 7063488);
  EXPECT_EQ(parameters_of(e) + e.idle_parameters, 7459520);
  const json normed_backbone = {{"include_top", false}, {"stage_out_norm", true}};
  const Graph normed = Variant(normed_backbone).graph();
  EXPECT_EQ(parameters_of(normed), 7216576 + 1536);
  std::vector<std::string> maps;
  for (const int v : m.outputs) maps.push_back(to_text(m.shape_of(v)));
  EXPECT_EQ(maps, (std::vector<std::string>{"1x112x112x64", "1x56x56x64", "1x28x28x128",
                                            "1x14x14x192", "1x7x7x384"}));
}

TEST(ReferenceCounts, AnAttentionBlockCountsAsComputedByHand) {
  struct Check {
    int stage;
    std::int64_t parameters, dwcb, linears, product, mlp;
  };
  for (const Check& c : {Check{2, 373824, 14789376, 28901376, 37632, 28901376},
                         Check{3, 1484928, 14620032, 28901376, 18816, 28901376}}) {
    json without = keys_of("henet_tinym");
    --without["depth"][c.stage].get_ref<std::int64_t&>();
    json with = keys_of("henet_tinym");
    with["attention_block_num"][c.stage] = 1;
    const Graph a = Variant(without).graph(), b = Variant(with).graph();
    EXPECT_EQ(parameters_of(b) - parameters_of(a), c.parameters);
    EXPECT_EQ(macs_of(b) - macs_of(a), c.dwcb + c.linears + c.product + c.mlp);
  }
}

TEST(ReferenceCounts, CustomModelsOtherReadingIsGrouped) {
  const Graph wide = Variant({{"d_model", 256}, {"output_channels", 2}}, "custom_model").graph();
  EXPECT_EQ(macs_of(wide), 16035840000);
  EXPECT_EQ(parameters_of(wide), 271106);
  const ThopCount thop = thop_count(wide);
  EXPECT_EQ(thop_printout(thop), "FLOPs: 16220.16M\nParams: 0.27M\n");
  EXPECT_EQ(thop.parameters, 270594);
}

TEST(ReferenceCounts, ThopsFigureIsExplainedTermByTerm) {
  const ThopCount thop = thop_count(find_network("custom_model", kFolder));
  std::vector<std::tuple<std::string, std::int64_t, int>> terms;
  for (const ThopTerm& t : thop.terms) terms.emplace_back(t.what, t.each, t.count);
  const std::vector<std::tuple<std::string, std::int64_t, int>> expected = {
      {"1x300x200x64 | dw 3x3", 34560000, 2},
      {"batch norm of 3840000", 15360000, 3},
      {"1x300x200x64 | pw 64", 245760000, 5},
      {"1x300x200x64 | pw 10", 38400000, 1}};
  EXPECT_EQ(terms, expected);
  EXPECT_EQ(thop.operations, 1382400000);
  EXPECT_EQ(thop.macs, 1336320000);
  EXPECT_EQ(thop.parameters, 23114);
  EXPECT_EQ(thop.all_parameters, 23242);
}

TEST(ReferenceCounts, B0WithoutSqueezeAndExcite) {
  const Graph graph = Variant({{"squeeze_excite", false}}, "efficientnet_b0").graph();
  EXPECT_EQ(parameters_of(graph), 4652008);
  EXPECT_EQ(macs_of(graph), 385187552);
  EXPECT_EQ(thop_printout(thop_count(graph)).rfind("FLOPs: 412.20M", 0), 0u);
}

/// Counted without values, and by folding values.
TEST(ReferenceCounts, FoldedParametersAreThoseThatFoldLeaves) {
  const json options[] = {
      json::object(),
      {{"use_layer_scale", {false, true, false, true}}},
      {{"attention_block_num", {1, 0, 2, 1}}, {"extra_act", {true, false, true, true}}},
      {{"final_expand_channel", 96}, {"feature_mix_channel", nullptr}},
      {{"feature_mix_channel", 0}, {"num_classes", 0}},
      {{"include_top", false}, {"stage_out_norm", true}},
      {{"include_top", false}, {"stage_out_norm", false}},
  };
  for (const json& changes : options) {
    Graph graph = Variant(changes).graph({.height = 32, .width = 32});
    const std::int64_t counted = count(graph).whole.folded_parameters;
    seed_parameters(graph, 1);
    const Graph folded = fold(graph);
    std::int64_t left = 0;
    for (const Node& node : folded.nodes)
      for (const int p : node.parameters) left += folded.parameters[p].elements();
    EXPECT_EQ(counted, left) << changes;
  }
}

TEST(ReferenceCounts, ABatchMultipliesWorkAndLeavesParameters) {
  const Graph one = find_network("mobilenet_v3_small", kFolder);
  const Graph three = find_network("mobilenet_v3_small", kFolder, {.batch = 3});
  EXPECT_EQ(macs_of(three), 3 * macs_of(one));
  EXPECT_EQ(parameters_of(three), parameters_of(one));
}

struct Refused {
  const char* like;
  json changes;
  const char* says;
};

TEST(NetworkFiles, AreRefusedWithPlaceAndWhatIsAllowed) {
  const Refused wrong[] = {
      {"henet_tinym", {{"widht", 1}}, "/widht: unknown key, did you mean 'width'?"},
      {"henet_tinym", {{"width", {80, 128, 192, 384}}}, "/width: no group width is known"},
      {"henet_tinym", {{"width", {64, 128, 192}}}, "/width: found 3 values, allowed: 4"},
      {"henet_tinym", {{"depth", {4, 3, 8.5, 6}}}, "/depth: expected integers"},
      {"henet_tinym", {{"attention_block_num", {5, 0, 0, 0}}}, "allowed: 0 to depth's 4"},
      {"henet_tinym", {{"block_cls", {"DWCB", "DWCP", "DWCB", "DWCB"}}}, "'DWCB'?"},
      {"henet_tinym", {{"act_layer", {"GELU", "nn.GELU", "nn.GELU", "nn.GELU"}}}, "/act_layer: "},
      {"henet_tinym", {{"mlp_ratios", {2, 2, 0.001, 3}}}, "gives 0 channels for width 192"},
      {"henet_tinym", {{"down_cls", {"S2DDown", "None", "S2DDown", "None"}}}, "at index 1"},
      {"henet_tinym", {{"patch_embed", "conv"}}, "allowed: origin"},
      {"henet_tinym", {{"use_layer_scale", {1, 1, 1, 1}}}, "expected true or false, found 1"},
      {"henet_tinym", {{"family", "henets"}}, "'henet'?"},
      {"henet_tinym", {{"resolution", {224}}}, "expected [height, width]"},
      {"henet_tinym", {{"like", "henet_tiny"}}, "/like: no network"},
      {"henet_tinym", {{"like", "efficientnet_b1"}}, "is itself like another"},
      {"custom_model", {{"d_model", 65}}, "/d_model: found 65"},
      {"mobilenet_v3_small", {{"act", "hswish"}}, "'hardswish'?"},
      {"efficientnet_b0", {{"stem", 40}}, "features.1: reads 40 channels, but its row says 32"},
      {"efficientnet_b0", {{"resolution", {0, 224}}}, "/resolution: expected integers in 1"},
  };
  for (const Refused& r : wrong) {
    const std::string said = Variant(r.changes, r.like).refusal();
    EXPECT_NE(said.find("variant.json: "), said.npos) << said;
    EXPECT_NE(said.find(r.says), said.npos) << said << "\nwanted: " << r.says;
    EXPECT_EQ(said.find('\n'), said.npos) << said;
  }
}

TEST(NetworkFiles, AreFoundByNameOrPathAndMissedWithAGuess) {
  EXPECT_EQ(find_network(kFolder + "/resnet18.json", kFolder).name, "resnet18");
  try {
    find_network("resnet19", kFolder);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    EXPECT_NE(std::string(e.what()).find("did you mean 'resnet18'"), std::string::npos) << e.what();
  }
}

TEST(NetworkFiles, HoldWhatTheSchemaNames) {
  const json schema = json::parse(std::ifstream(kFolder + "/network.schema.json"));
  for (const std::string& name : network_names(kFolder)) {
    json keys = keys_of(name);
    for (const auto& key : schema["required"]) EXPECT_TRUE(keys.contains(key.get<std::string>()));
    if (keys.contains("like")) {
      json own = keys;
      keys = keys_of(own["like"]);
      keys.update(own);
    }
    const std::string family = keys["family"];
    for (const auto& [key, value] : keys.items())
      EXPECT_TRUE(schema["properties"].contains(key) ||
                  schema["$defs"][family]["properties"].contains(key))
          << name << " " << key;
  }
}

/// So that a checkpoint's state dictionary fits.
TEST(NetworkFiles, NameParametersAsTheirSourceDoes) {
  const std::pair<const char*, const char*> names[] = {
      {"henet_tinym", "stages.2.blocks.1.dwconv.block.0.weight"},
      {"custom_model", "encoder_layer.0.layer_scale.weight"},
      {"custom_model", "out_layer.3.block.0.bias"},
      {"mobilenet_v2", "features.1.conv.1.weight"},
      {"mobilenet_v2", "features.2.conv.1.0.weight"},
      {"mobilenet_v2", "features.18.1.running_var"},
      {"mobilenet_v3_small", "features.1.block.1.fc1.bias"},
      {"mobilenet_v3_large", "features.13.block.2.fc2.weight"},
      {"mobilenet_v3_large", "classifier.3.bias"},
      {"efficientnet_b0", "features.1.0.block.0.0.weight"},
      {"efficientnet_b0", "features.2.1.block.3.1.bias"},
      {"efficientnet_b7", "features.7.3.block.2.fc1.weight"},
      {"resnet18", "layer2.0.downsample.0.weight"},
      {"resnet18", "fc.weight"},
  };
  for (const auto& [network, name] : names) {
    const Graph graph = find_network(network, kFolder);
    EXPECT_TRUE(std::any_of(graph.parameters.begin(), graph.parameters.end(),
                            [&, n = name](const Parameter& p) { return p.name == n; }))
        << network << " has no " << name;
  }
}

}  // namespace
}  // namespace halcyon
