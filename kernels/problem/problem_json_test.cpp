#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "kernels/oracle/random_problem.h"

namespace halcyon {
namespace {

using nlohmann::json;

std::optional<std::string> refusal(const json& value) {
  try {
    Problem::from_json(value);
    return {};
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage) << value;
    return e.what();
  }
}

TEST(ProblemJson, IsTheLineInOtherTerms) {
  const char* const pairs[][2] = {
      {"1x14x14x192 | dw 1x5",
       R"({"dtype":"f32","input":[1,14,14,192],"ops":[{"op":"dw","kernel":[1,5]}]})"},
      {"f16 1x8x8x8 | conv 3x3 4 s1x2 p0,1,0,1 d2 g2 relu add | se 3 silu sigmoid",
       R"({"dtype":"f16","input":[1,8,8,8],"ops":[{"op":"conv","kernel":[3,3],"channels":4,
           "stride":[1,2],"pad":[0,1,0,1],"dilation":2,"groups":2,"epilogue":["relu","add"]},
           {"op":"se","squeeze":3,"act":"silu","gate":"sigmoid"}]})"},
      {"1x8x8x8 | hardswish add | s2d 2",
       R"({"dtype":"f32","input":[1,8,8,8],"ops":[{"op":"map","epilogue":["hardswish","add"]},
           {"op":"s2d","block":2}]})"},
  };
  for (const auto& [line, text] : pairs) {
    EXPECT_EQ(Problem::parse(line).to_json(), json::parse(text));
    EXPECT_EQ(Problem::from_json(json::parse(text)).text(), line);
  }
}

TEST(ProblemJson, TakesDefaultsThatAreWrittenOut) {
  const json value = json::parse(
      R"({"dtype":"f32","input":[1,8,8,8],"ops":[{"op":"dw","kernel":[3,5],"stride":[1,1],
          "dilation":3,"pad":[3,3,6,6],"epilogue":[]}]})");
  EXPECT_EQ(Problem::from_json(value).text(), "1x8x8x8 | dw 3x5 d3");
}

TEST(ProblemJson, RoundTripsWhateverTheGrammarWrites) {
  const unsigned seed = 12;
  RandomProblem random(seed);
  for (int i = 0; i < 2000; ++i) {
    const Problem problem = Problem::parse(random.line());
    const Problem again = Problem::from_json(problem.to_json());
    ASSERT_EQ(again, problem) << "seed " << seed;
    ASSERT_EQ(again.ops(), problem.ops()) << problem.text();
    ASSERT_EQ(again.to_json(), problem.to_json()) << problem.text();
  }
}

/// A document that has every key, with `value` at `pointer`.
json with(const char* pointer, const json& value) {
  json document = json::parse(
      R"({"dtype":"f32","input":[1,8,8,8],"ops":[
          {"op":"conv","kernel":[3,3],"channels":8,"stride":[1,1],"pad":[1,1,1,1],"dilation":1,
           "groups":2,"epilogue":["relu"]},
          {"op":"se","squeeze":2,"act":"relu","gate":"sigmoid"},{"op":"s2d","block":2}]})");
  document[json::json_pointer(pointer)] = value;
  return document;
}

TEST(ProblemJson, NamesThePointerOfWhatIsWrong) {
  struct Bad {
    const char* pointer;
    json value;
    const char* message;  // the beginning
  };
  const Bad bad[] = {
      {"/dtype", "f8", "problem: /dtype: found 'f8'"},
      {"/dtype", 32, "problem: /dtype: expected a string"},
      {"/input", json::array({1, 8, 8}), "problem: /input: found 3 extents, allowed 4"},
      {"/input/0", 0, "problem: /input"},
      {"/input/1", "8", "problem: /input"},
      {"/input/1", 8.5, "problem: /input"},
      {"/input/3", 2147483648, "problem: /input"},
      {"/ops", json::array(), "problem: /ops: found no op"},
      {"/ops", "relu", "problem: /ops: expected an array"},
      {"/ops/0", "relu", "problem: /ops/0: expected an object"},
      {"/ops/0/op", "cnov", "problem: /ops/0/op: found 'cnov' (did you mean 'conv'?)"},
      {"/ops/0/kernel", 3, "problem: /ops/0/kernel: expected an array"},
      {"/ops/0/kernel", json::array({3}), "problem: /ops/0/kernel: found 1 numbers, allowed 2"},
      {"/ops/0/kernel/1", 16, "problem: /ops/0/kernel"},
      {"/ops/0/channels", -8, "problem: /ops/0/channels"},
      {"/ops/0/stride/0", 0, "problem: /ops/0/stride"},
      {"/ops/0/pad", json::array({1, 1}), "problem: /ops/0/pad: found 2 numbers, allowed 4"},
      {"/ops/0/pad/0", 14337, "problem: /ops/0/pad"},
      {"/ops/0/dilation", true, "problem: /ops/0/dilation"},
      {"/ops/0/groups", 3, "problem: /ops/0: groups 3 do not divide"},
      {"/ops/0/epilogue/0", "rleu",
       "problem: /ops/0/epilogue: found 'rleu' (did you mean 'relu'?)"},
      {"/ops/0/epilogue/0", 1, "problem: /ops/0/epilogue"},
      {"/ops/1/act", "tanh", "problem: /ops/1/act: found 'tanh'"},
      {"/ops/1/gate", "gelu", "problem: /ops/1/gate: found 'gelu', allowed: hardsigmoid, sigmoid"},
      {"/ops/2/block", 3, "problem: /ops/2: block 3 does not divide"},
      {"/ops/1/groups", 1, "problem: /ops/1/groups"},
      {"/ops/0/strides", 1, "problem: /ops/0/strides"},
      {"/note", "x", "problem: /note"},
      {"/ops/2", {{"op", "map"}, {"epilogue", {"relu"}}}, "problem: /ops/2: map after another op"},
      {"/ops/0", {{"op", "map"}}, "problem: /ops/0: map without an epilogue"},
  };
  ASSERT_FALSE(refusal(with("/dtype", "f32")));
  for (const Bad& one : bad) {
    const std::string message = refusal(with(one.pointer, one.value)).value_or("accepted");
    EXPECT_EQ(message.rfind(one.message, 0), 0u) << one.pointer << ": " << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
}

TEST(ProblemJson, NeedsEveryKeyOfTheDocumentAndTheArguments) {
  const json whole = with("/dtype", "f32");
  for (const char* pointer :
       {"/dtype", "/input", "/ops", "/ops/0/op", "/ops/0/kernel", "/ops/0/channels",
        "/ops/1/squeeze", "/ops/1/act", "/ops/1/gate", "/ops/2/block"}) {
    json document = whole;
    const json::json_pointer at(pointer);
    document[at.parent_pointer()].erase(at.back());
    EXPECT_EQ(refusal(document), "problem: " + std::string(pointer) + ": missing");
  }
}

}  // namespace
}  // namespace halcyon
