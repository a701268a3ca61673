#include "suites/commands/ignored.h"

#include <gtest/gtest.h>

#include "kernels/error.h"
#include "kernels/for_tests.h"

namespace halcyon {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kProblem = "1x4x4x8 | pw 8";

Request asking_for(const Words& what) {
  Request r;
  const std::string root = HALCYON_SOURCE_DIR;
  r.folders = {root, root + "/schedules/targets", root + "/suites/micro",
               "",   root + "/schedules/tuned",   root + "/suites/networks"};
  r.what = what;
  r.target = "x86-avx2";
  return r;
}

/// What is said of a command; empty when it stands.
std::string refusal(const std::string& verb, const Words& options, const Request& request,
                    const Words& parts = {}) {
  return refusal_or_none([&] {
    const Given given{verb, options, parts};
    refuse_clashes(given);
    refuse_ignored(given, verb == "show" ? plan_to_show(request) : run_plan(request));
  });
}

TEST(Ignored, OptionsOfNetworksAreRefusedWithoutOne) {
  for (const char* verb : {"check", "bench", "tune"})
    for (const char* option : {"--batch", "--resolution", "--cut"})
      for (const char* what : {"smoke", kProblem})
        EXPECT_NE(refusal(verb, {option}, asking_for({what})).find("is of networks"),
                  std::string::npos)
            << verb << option;
  for (const char* option : {"--layers", "--explain"})
    EXPECT_EQ(refusal("bench", {option}, asking_for({"smoke"})),
              option + std::string(" is of networks and models, and 'smoke' is a suite"));
}

TEST(Ignored, OptionsOfCasesAreRefusedForNetworksAlone) {
  for (const char* option : {"--filter", "--sweep", "--against", "--goals"}) {
    const std::string said = refusal("bench", {option}, asking_for({"resnet18"}));
    EXPECT_NE(said.find("'resnet18' is a network"), std::string::npos) << said;
    EXPECT_NE(said.find("--layers"), std::string::npos) << said;
  }
  EXPECT_NE(refusal("check", {"--filter"}, asking_for({"resnet18"})), "");
  for (const char* option : {"--schedule", "--point"})
    EXPECT_NE(refusal("bench", {option}, asking_for({kProblem, "resnet18"})), "") << option;
}

TEST(Ignored, WhatMeansSomethingForOneThingAskedForStands) {
  EXPECT_EQ(refusal("bench", {"--peers", "--peer-dtype", "--filter", "--batch", "--against"},
                    asking_for({"smoke", "resnet18"})),
            "");
  EXPECT_EQ(refusal("tune", {"--filter", "--against", "--batch"}, asking_for({"resnet18"})), "");
  Request layers = asking_for({"resnet18"});
  layers.layers = true;
  layers.states = {CacheState::warm, CacheState::cold_weights};
  EXPECT_EQ(refusal("bench", {"--layers", "--filter", "--state", "--sweep"}, layers), "");
  EXPECT_EQ(refusal("check", {"--sweep"}, asking_for({"tiny"})), "");
}

TEST(Ignored, PeersOfCasesAreOfWarmCachesAndOneSchedule) {
  Request r = asking_for({"smoke"});
  EXPECT_EQ(refusal("bench", {"--peers"}, r), "");
  EXPECT_EQ(refusal("bench", {"--peers"}, asking_for({kProblem})), "");
  r.states = {CacheState::cold_weights, CacheState::warm};
  EXPECT_EQ(refusal("bench", {"--peers", "--state"}, r), "");
  r.states = {CacheState::cold_weights};
  EXPECT_EQ(refusal("bench", {"--peers", "--state"}, r),
            "--peers: of cases is of warm caches, and --state leaves them out");
  EXPECT_NE(refusal("bench", {"--peers", "--sweep"}, asking_for({"smoke"})), "");
  r = asking_for({"resnet18"});
  r.states = {CacheState::cold};
  EXPECT_EQ(refusal("bench", {"--peers", "--state"}, r), "") << "of a network they are as asked";
}

TEST(Ignored, ANetworkHasOneStateAndNoColdWeights) {
  Request r = asking_for({"resnet18"});
  r.states = {CacheState::cold_weights};
  EXPECT_NE(refusal("bench", {"--state"}, r).find("--state cold-weights: "), std::string::npos);
  r.states = {CacheState::warm, CacheState::cold};
  EXPECT_NE(refusal("bench", {"--state"}, r).find("--state warm, cold: "), std::string::npos);
  for (const CacheState state : {CacheState::warm, CacheState::cold}) {
    r.states = {state};
    EXPECT_EQ(refusal("bench", {"--state"}, r), "") << to_text(state);
  }
}

TEST(Ignored, OptionsThatAnotherMakesMeaninglessAreRefused) {
  const std::vector<std::pair<Words, const char*>> pairs = {
      {{"--schedule", "--point"}, "check"},
      {{"--schedule", "--source"}, "check"},
      {{"--schedule", "--tuned"}, "check"},
      {{"--schedule", "--sweep"}, "bench"},
      {{"--point", "--sweep"}, "bench"},
      {{"--point", "--tuned"}, "emit"},
      {{"--sweep", "--tuned"}, "bench"},
      {{"--json", "--goals"}, "bench"},
      {{"--against-itself", "--budget"}, "tune"},
      {{"--against-itself", "--keep"}, "tune"},
      {{"--against-itself", "--json"}, "tune"},
      {{"--against-itself", "--out"}, "tune"},
      {{"--replay", "--budget"}, "tune"},
      {{"--replay", "--target"}, "tune"},
      {{"--peer-dtype"}, "bench"},
      {{"--tuned"}, "tune"}};
  for (const auto& [options, verb] : pairs)
    EXPECT_NE(refusal(verb, options, asking_for({kProblem})), "") << options.front();
  EXPECT_EQ(refusal("tune", {"--tuned", "--keep"}, asking_for({kProblem})), "");
  EXPECT_NO_THROW(refuse_clashes({"tune", {"--replay", "--out", "--json", "--quiet"}}));
}

TEST(Ignored, WhatIsOfAnotherSourceIsRefused) {
  Request r = asking_for({kProblem});
  r.source = FromRecipe{};
  EXPECT_NE(refusal("check", {"--source", "--tuned"}, r), "");
  EXPECT_NE(refusal("check", {"--source", "--search"}, r), "");
  EXPECT_EQ(refusal("check", {"--source", "--point"}, r), "") << "a point is the recipe's";
  r.source = source_from_text("adams2019+llvm_loop_opt");
  EXPECT_EQ(refusal("check", {"--source", "--search"}, r), "");
  EXPECT_NE(refusal("check", {"--source", "--point"}, r), "");
}

TEST(Ignored, OptionsOfAClockAreRefusedWhereAMeterCounts) {
  Request r = asking_for({kProblem});
  r.target = "j6m";
  for (const char* option : {"--cpu", "--state", "--quick"}) {
    EXPECT_NE(refusal("bench", {option}, r).find("is of time"), std::string::npos) << option;
    EXPECT_EQ(refusal("bench", {option}, asking_for({kProblem})), "") << option;
  }
  r.what = {"resnet18"};
  EXPECT_NE(refusal("bench", {"--peers"}, r), "");
}

TEST(Ignored, ShowRefusesWhatItsPartsDoNotShow) {
  for (const char* option : {"--target", "--source", "--cache", "--schedule", "--batch"})
    EXPECT_NE(refusal("show", {option}, asking_for({"smoke"})), "") << option;
  EXPECT_NE(refusal("show", {"--target"}, asking_for({"x86-avx2"})), "");
  EXPECT_NE(refusal("show", {"--cut"}, asking_for({"resnet18"})), "");
  EXPECT_EQ(refusal("show", {"--cut", "--part"}, asking_for({"resnet18"}), {"plan"}), "");
  EXPECT_EQ(refusal("show", {"--target", "--schedule"}, asking_for({kProblem})), "");
}

TEST(Ignored, ASeedIsNothingToAModelThatHasItsWeights) {
  EXPECT_NE(refusal("run", {"--seed"}, asking_for({"somewhere/model.onnx"})), "");
  EXPECT_EQ(refusal("run", {"--seed"}, asking_for({"resnet18"})), "");
  EXPECT_EQ(refusal("check", {"--seed"}, asking_for({"somewhere/model.onnx"})), "")
      << "of its inputs";
}

}  // namespace
}  // namespace halcyon
