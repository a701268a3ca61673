#include "kernels/strict_json.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <random>

#include "kernels/for_tests.h"

namespace halcyon {
namespace {

using nlohmann::json;

std::string refusal(std::string_view text) {
  return refusal_of([&] { parse_json(text, "f", Exit::usage); });
}

TEST(StrictJson, AcceptsWhatTheStandardAllows) {
  for (const char* text : {"null", " true ", "\"\"", "[]", "{}", "[[[]]]", "{\"\":0}", "[1,2]\r\n",
                           "\"\\ud83d\\ude00\"", "{\"a\":{\"a\":1},\"b\":[{\"a\":1}]}",
                           "\"\\u0000\"", "\"\xC3\xA9\"", "[1e308]", "[0e999]", "[-0.0]", "[1E+2]"})
    EXPECT_EQ(parse_json(text, "f", Exit::usage), json::parse(text)) << text;
}

TEST(StrictJson, RefusesWhatTheStandardForbids) {
  for (const char* text : {"",
                           " ",
                           "[",
                           "]",
                           "{",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{'a':1}",
                           "[01]",
                           "[+1]",
                           "[.5]",
                           "[1.]",
                           "[1e]",
                           "[-]",
                           "[0x1]",
                           "NaN",
                           "[Infinity]",
                           "[-Infinity]",
                           "nul",
                           "True",
                           "\"a",
                           "\"\n\"",
                           "\"\t\"",
                           "\"\\x\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "\"\xff\"",
                           "\"\xC0\x80\"",
                           "\"\xED\xA0\x80\"",
                           "\"\xF4\x90\x80\x80\"",
                           "// c\n1",
                           "/* c */1",
                           "[1]x",
                           "[1][2]",
                           "{}}",
                           "\xC3\xA9",
                           "\xEF\xBB\xBF{}",
                           "\xFE\xFF"})
    refusal(text);
}

TEST(StrictJson, NamesLineColumnFoundAndAllowed) {
  EXPECT_EQ(refusal("{\"a\" 12}"), "f:1:6: found '12', allowed ':'");
  EXPECT_EQ(refusal("[1,\n 2,]"), "f:2:4: found ']', allowed '[', '{', or a literal");
  EXPECT_EQ(refusal("[\"\xC3\xA9\", tru]"),  // the column counts characters, not bytes
            "f:1:7: found 'tru]', invalid literal, allowed JSON (RFC 8259) in UTF-8");
  EXPECT_EQ(refusal("{"), "f:1:2: found the end, allowed string literal");
}

TEST(StrictJson, RefusesDuplicateKeysWhereTheyStand) {
  EXPECT_EQ(refusal("{\"a\":1,\n \"b\":2,\"a\":3}"),
            "f:2:8: found key 'a' twice in one object, allowed once");
  // The same key in another spelling is the same key.
  EXPECT_EQ(refusal("{\"a\\\"\":1,\"\\u0061\\\"\":3}"),
            "f:1:10: found key 'a\"' twice in one object, allowed once");
}

TEST(StrictJson, RefusesTextAfterANulByte) {  // nlohmann alone takes NUL for the end
  EXPECT_EQ(refusal(std::string_view("{}\0{", 4)),
            "f:1:3: found a NUL byte, allowed JSON (RFC 8259) in UTF-8");
}

TEST(StrictJson, NumbersAreExactOrRefused) {
  const json ints =
      parse_json("[9223372036854775807,-9223372036854775808,9007199254740993]", "f", Exit::usage);
  EXPECT_EQ(ints[0].get<std::int64_t>(), INT64_MAX);
  EXPECT_EQ(ints[1].get<std::int64_t>(), INT64_MIN);
  EXPECT_EQ(ints[2].get<std::int64_t>(), 9007199254740993);  // 2^53 + 1, not through a double
  for (const char* text : {"[9223372036854775808]", "[-9223372036854775809]",
                           "[18446744073709551615]", "[18446744073709551616]"})
    EXPECT_NE(refusal(text).find("f:1:2: found integer '"), std::string::npos) << text;
  EXPECT_EQ(refusal("[1e999]"), "f:1:2: found '1e999', allowed finite numbers that fit a double");
  EXPECT_EQ(refusal("[ -1e-400]"),
            "f:1:3: found '-1e-400', allowed numbers that a double can tell from 0");
  EXPECT_TRUE(std::signbit(parse_json("-0.0", "f", Exit::usage).get<double>()));
}

TEST(StrictJson, DoublesSurviveTextAndBack) {
  std::mt19937_64 random(20261124);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    const double back = parse_json(json(value).dump(), "f", Exit::usage).get<double>();
    ASSERT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value)) << value;
  }
}

TEST(StrictJson, DepthIsCappedWhileParsing) {
  EXPECT_NO_THROW(parse_json(std::string(64, '[') + std::string(64, ']'), "f", Exit::usage));
  EXPECT_EQ(refusal(std::string(65, '[') + std::string(65, ']')),
            "f:1:65: found more than 64 levels of nesting, allowed 64");
  refusal(std::string(1000000, '['));
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  refusal(objects);
}

TEST(StrictJson, SizeIsCapped) {
  const std::string text = "\"" + std::string(98, 'x') + "\"";
  EXPECT_NO_THROW(parse_json(text, "f", Exit::data, {.bytes = 100}));
  EXPECT_EQ(refusal_of([&] { parse_json(text, "f", Exit::data, {.bytes = 99}); }, Exit::data),
            "f: found 100 bytes, allowed 99 bytes");
}

TEST(StrictJson, EveryTruncationOfAFileIsRefused) {
  const std::string text = R"({"a":[1,-2.5e3,"x\u00e9y",{"b":null}],"c":true,"d":{}})";
  ASSERT_NO_THROW(parse_json(text, "f", Exit::usage));
  for (std::size_t n = 0; n < text.size(); ++n) refusal(std::string_view(text).substr(0, n));
}

TEST(StrictJson, RandomBytesNeverCrashAndMessagesAreOneCleanLine) {
  const std::string text = R"({"a":[1,-2.5e3,"x\u00e9y",{"b":null}],"c":true,"d":{}})";
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string changed = text;
    for (int k = 0; k < 2; ++k) changed[random() % changed.size()] = static_cast<char>(random());
    try {
      parse_json(changed, "f", Exit::usage);
    } catch (const Error& e) {
      for (const char* c = e.what(); *c; ++c) ASSERT_TRUE(*c >= 0x20 && *c < 0x7f) << e.what();
      ASSERT_LT(std::string(e.what()).size(), 300u);
    }
  }
}

TEST(StrictJson, LongForeignTextIsCropped) {
  EXPECT_LT(refusal("\"" + std::string(100000, 'x')).size(), 200u);
  EXPECT_LT(refusal("[" + std::string(1000, '9') + "]").size(), 200u);
}

TEST(StrictJsonFile, OnlyRegularFilesAreRead) {
  const TestFolder folder;
  const std::string& dir = folder.path();
  const std::string good = folder.write("good.json", "{\"a\": 1}");
  EXPECT_EQ(read_json_file(good, Exit::usage)["a"], 1);
  const auto read = [&](const std::string& path) {
    return refusal_of([&] { read_json_file(path, Exit::usage); });
  };
  EXPECT_EQ(read(dir), dir + ": found a folder, allowed a regular file");
  EXPECT_EQ(read("/dev/zero"), "/dev/zero: found a pipe or device, allowed a regular file");
  const std::string pipe = dir + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read(pipe), pipe + ": found a pipe or device, allowed a regular file");  // and no wait
  EXPECT_EQ(read(dir + "/none"), dir + "/none: cannot be opened: No such file or directory");
  const std::string big = folder.write("big.json", "1");
  ASSERT_EQ(truncate(big.c_str(), off_t{1} << 30), 0);  // sparse: refused by its size, never read
  EXPECT_EQ(read(big), big + ": found 1073741824 bytes, allowed 1 MiB");
}

Reader reader(const json& value) { return Reader(value, "f.json", "/cases/3", Exit::usage); }

TEST(StrictReader, ReadsWhatIsThere) {
  const json value = {{"s", "x"},        {"i", 3},          {"d", 0.5},
                      {"b", true},       {"o", {{"k", 1}}}, {"a", {{{"z", 9}}}},
                      {"w", {"p", "q"}}, {"n", {1, 2}}};
  Reader r = reader(value);
  EXPECT_EQ(r.string("s"), "x");
  EXPECT_EQ(r.integer("i", 0, 3), 3);
  EXPECT_EQ(r.number("i", 0, 3), 3.0);  // an integer is a number, too
  EXPECT_EQ(r.number("d", 0, 1), 0.5);
  EXPECT_TRUE(r.boolean("b"));
  EXPECT_EQ(r.object("o").integer("k", 1, 1), 1);
  EXPECT_EQ(r.element("a", 0).integer("z", 0, 9), 9);
  EXPECT_EQ(r.strings("w"), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(r.integers("n", 1, 2), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(r.string("none", "other"), "other");
  EXPECT_EQ(r.integer("none", 0, 1, 7), 7);
  EXPECT_EQ(r.boolean("none", true), true);
  EXPECT_FALSE(r.has("none"));
  r.finish();
}

TEST(StrictReader, ErrorsNamePointerFoundAndAllowed) {
  const json value = {{"id", 7},    {"i", 1.5},          {"n", "x"},    {"list", {1, "two"}},
                      {"a/b~c", 1}, {"big", UINT64_MAX}, {"three", 3.0}};
  Reader r = reader(value);
  const auto message = [&](auto&& ask) { return refusal_of([&] { ask(); }); };
  EXPECT_EQ(message([&] { r.string("id"); }), "f.json: /cases/3/id: expected a string, found 7");
  EXPECT_EQ(message([&] { r.integer("id", 1, 6); }),
            "f.json: /cases/3/id: found 7, allowed 1 .. 6");
  EXPECT_EQ(message([&] { r.integer("i", 1, 6); }),
            "f.json: /cases/3/i: expected an integer in 1 .. 6, found 1.5");
  EXPECT_EQ(message([&] { r.integer("three", 1, 6); }),
            "f.json: /cases/3/three: expected an integer in 1 .. 6, found 3.0");
  EXPECT_NE(message([&] { r.integer("big", 0, INT64_MAX); }).find("/big: expected an integer"),
            std::string::npos);  // catches get<int64_t>() wrapping to -1
  EXPECT_EQ(message([&] { r.number("n", 0, 1); }),
            "f.json: /cases/3/n: expected a number in 0.0 .. 1.0, found 'x'");
  EXPECT_EQ(message([&] { r.number("id", 0, NAN); }).substr(0, 20), "f.json: /cases/3/id:");
  EXPECT_EQ(message([&] { r.strings("list"); }),
            "f.json: /cases/3/list: expected strings, found 1 at index 0");
  EXPECT_EQ(message([&] { r.integers("list", 0, 5); }),
            "f.json: /cases/3/list: expected integers in 0 .. 5, found 'two' at index 1");
  EXPECT_EQ(message([&] { r.element("list", 0); }),
            "f.json: /cases/3/list/0: expected an object, found 1");
  EXPECT_EQ(message([&] { r.string("none"); }), "f.json: /cases/3/none: missing");
  EXPECT_EQ(message([&] { r.string("a/b~c"); }),
            "f.json: /cases/3/a~1b~0c: expected a string, found 1");
  const json list = json::array();
  EXPECT_EQ(message([&] { Reader(list, "f.json", "", Exit::usage); }),
            "f.json: /: expected an object, found an array of 0");
}

TEST(StrictReader, AKeyNobodyAskedForIsAnError) {
  const json value = {{"stride", 1}, {"strid", 2}};
  Reader r = reader(value);
  r.integer("stride", 1, 9);
  EXPECT_EQ(refusal_of([&] { r.finish(); }),
            "f.json: /cases/3/strid: unknown key, did you mean 'stride'?");
  const json other = {{"zzzzzz", 2}};
  Reader q = reader(other);
  q.integer("stride", 1, 9, 1);
  q.integer("pad", 1, 9, 1);
  EXPECT_EQ(refusal_of([&] { q.finish(); }),
            "f.json: /cases/3/zzzzzz: unknown key, allowed: stride, pad");
}

}  // namespace
}  // namespace halcyon
