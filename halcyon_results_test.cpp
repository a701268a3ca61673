// What becomes of results: verified, compared, published in other forms, as a user types it.
#include <nlohmann/json.hpp>

#include "halcyon_program.h"
#include "kernels/text_file.h"

namespace halcyon {
namespace {

using ResultsProgram = Program;

std::string kept(int minor) {
  return HALCYON_SOURCE_DIR "/results/document/versions/1." + std::to_string(minor) + ".json";
}
std::string text_of(const std::string& path) {
  return read_text_file(path, Exit::data, std::size_t{1} << 24);
}

TEST_F(ResultsProgram, VerifySaysThatAFileIsRightOrWhatIsNot) {
  fs::create_directory(out());
  write(out() + "/results.json", text_of(kept(8)));
  Ended e = halcyon({"verify", out()});
  EXPECT_EQ(e.code, 0) << e.output;
  EXPECT_NE(e.output.find("results.json: as it was written, and right in itself"), e.output.npos);
  std::string text = text_of(kept(8));
  text.replace(text.find("\"accepted\": true"), 16, "\"accepted\": false");
  write(out() + "/results.json", text);
  e = halcyon({"verify", out(), kept(8)});
  EXPECT_EQ(e.code, 1) << e.output;
  EXPECT_NE(e.output.find("results.json: /hash: found "), e.output.npos) << e.output;
  EXPECT_NE(e.output.find("1.8.json: as it was written"), e.output.npos) << e.output;
  e = halcyon({"verify", out(), "--json"});
  EXPECT_EQ(e.code, 1);
  const auto files = nlohmann::json::parse(e.output);
  EXPECT_FALSE(files.at(0).at("verified").get<bool>());
  EXPECT_EQ(files.at(0).at("findings").at(0).at("pointer"), "/hash");
  write(out() + "/results.json", text.substr(0, 1000));
  e = halcyon({"verify", out()});
  EXPECT_EQ(e.code, 1) << e.output;
  EXPECT_EQ(std::count(e.output.begin(), e.output.end(), '\n'), 1) << e.output;
}

TEST_F(ResultsProgram, VerifyOfWhatIsNotThereIsAnErrorOfData) {
  for (const std::string& place : {path("none.json"), folder_.path()}) {
    const Ended e = halcyon({"verify", place});
    EXPECT_EQ(e.code, 3) << e.output;
    EXPECT_EQ(e.output.rfind("halcyon: ", 0), 0u) << e.output;
  }
}

TEST_F(ResultsProgram, StrictSaysWhatKeepsARunFromBeingPublished) {
  const Ended e = halcyon({"verify", kept(8), "--strict"});
  EXPECT_EQ(e.code, 1) << e.output;
  EXPECT_NE(e.output.find("/records/1/outcome: found 'noisy' of a headline"), e.output.npos)
      << e.output;
}

TEST_F(ResultsProgram, CompareEndsWithOneOnARegression) {
  const Ended same = halcyon({"compare", kept(7), kept(8)});
  EXPECT_EQ(same.code, 0) << same.output;
  EXPECT_NE(same.output.find("0 regressed"), same.output.npos) << same.output;
  const Ended json = halcyon({"compare", kept(7), kept(8), "--json"});
  EXPECT_EQ(nlohmann::json::parse(json.output).at("regressed"), 0);
  const Ended markdown = halcyon({"compare", kept(7), kept(8), "--markdown"});
  EXPECT_EQ(markdown.output.rfind("**0 regressed", 0), 0u) << markdown.output;
  expect_refused({"compare", kept(7), kept(7)});
  expect_refused({"compare", kept(7)});
  expect_refused({"compare", kept(7), kept(8), "--json", "--markdown"});
}

TEST_F(ResultsProgram, FormatsLieBesideThePage) {
  const Ended e = halcyon({"publish", kept(8), "-o", out(), "--format",
                           "csv,t4,google-benchmark,github-action-benchmark,markdown"});
  ASSERT_EQ(e.code, 0) << e.output;
  for (const char* file : {"records.csv", "t4.json", "google-benchmark.json",
                           "github-action-benchmark.json", "records.md", "index.html"})
    EXPECT_TRUE(fs::exists(out() + "/" + file)) << file;
  EXPECT_EQ(halcyon({"verify", out()}).code, 0);
  expect_refused({"publish", kept(7), kept(8), "-o", out(), "--format", "google-benchmark"});
  expect_refused({"bench", "smoke", "--format", "csv"});  // without a folder
  expect_refused({"bench", "smoke", "--format", "cvs", "-o", out()});
}

}  // namespace
}  // namespace halcyon
