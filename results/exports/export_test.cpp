// Forms for other programs, read by those programs where they are installed
// (`make setup-exports`).
#include "results/exports/export.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/document/sample_network.h"
#include "results/files/atomic_file.h"

namespace halcyon {
namespace {

using nlohmann::json;

json rendered(const std::string& name, const Document& d) {
  return json::parse(export_named(name).render({d}));
}

/// Cases that are ok, noisy and failed, and networks.
Document everything(std::uint64_t seed = 1) {
  Document d = sample_document(seed);
  d.networks = network_document().networks;
  return d;
}

TEST(Exports, NamesTellEveryFigureFromEveryOther) {
  Document d = everything();
  d.records.push_back(d.records[0]);  // the parts of a chain have the names of their ops
  d.records.push_back(d.records[0]);
  d.records.back().target = "x86-avx2";
  std::set<std::string> names;
  for (const NamedFigure& f : named_figures(d)) EXPECT_TRUE(names.insert(f.name).second) << f.name;
  EXPECT_TRUE(names.count("kernels/dw3-112x112x16/f32/warm/threads:1"));
  EXPECT_TRUE(names.count("kernels/dw3-112x112x16/f32/warm/threads:1.2"));
  EXPECT_TRUE(names.count("x86-avx2/kernels/dw3-112x112x16/f32/warm/threads:1"));
  EXPECT_TRUE(names.count("network/henet_tinye/1x224x224x3/batch:1/threads:1"));
}

TEST(Exports, FormsOfOneRunRefuseTwo) {
  for (const char* name : {"google-benchmark", "github-action-benchmark"}) {
    const Export& e = export_named(name);
    EXPECT_EQ(e.why_not({everything()}), "");
    EXPECT_EQ(e.why_not({everything(1), everything(2)}), "is of one run, and 2 are given") << name;
    EXPECT_NE(e.why_not({Document()}), "") << name;
  }
  EXPECT_EQ(export_named("google-benchmark").why_not({counted_document()}),
            "no record of this run has a time");
}

TEST(GoogleBenchmark, EverySampleIsARepetitionAndNoFailureARow) {
  const Document d = everything();
  const json file = rendered("google-benchmark", d);
  EXPECT_EQ(file["context"]["json_schema_version"], 1);
  std::size_t iterations = 0, medians = 0;
  for (const json& row : file["benchmarks"]) {
    EXPECT_GT(row["real_time"].get<double>(), 0) << row;
    EXPECT_EQ(row["time_unit"], "ns");
    (row["run_type"] == "iteration" ? iterations : medians)++;
  }
  std::size_t accepted = 0, figures = 0;
  const auto count = [&](const auto& r) {
    if (!r.statistics) return;
    accepted += static_cast<std::size_t>(r.statistics->accepted);
    figures++;
  };
  for (const Record& r : d.records) count(r);
  for (const NetworkRecord& n : d.networks) count(n);
  EXPECT_EQ(iterations, accepted);
  EXPECT_EQ(medians, figures);
}

TEST(T4, EveryTrialIsAResultWithItsWordAndItsMilliseconds) {
  const Document d = everything();
  const json file = rendered("t4", d);
  ASSERT_EQ(file["results"].size(), d.records.size());
  EXPECT_EQ(file["metadata"]["timeunit"], "milliseconds");
  const std::set<std::string> words = {"timeout",     "compile",     "runtime",
                                       "correctness", "constraints", "correct"};
  for (std::size_t i = 0; i < d.records.size(); i++) {
    const json& result = file["results"][i];
    const Record& r = d.records[i];
    EXPECT_TRUE(words.count(result["invalidity"].get<std::string>()));
    EXPECT_EQ(result["invalidity"] == "correct", r.outcome == Outcome::ok);
    EXPECT_EQ(result["measurements"].empty(), !r.statistics);
    if (r.statistics) {
      EXPECT_EQ(result["measurements"][0]["value"], r.statistics->median_ns / 1e6);
    }
    EXPECT_EQ(result["configuration"]["rows"], 7);
    EXPECT_EQ(result["times"]["compilation_time"], 110);
  }
}

TEST(GithubAction, OneMedianOfEachFigureAsItsReaderWantsIt) {
  const Document d = everything();
  const json entries = rendered("github-action-benchmark", d);
  ASSERT_EQ(entries.size(), named_figures(d).size());
  for (const json& entry : entries) {
    EXPECT_TRUE(entry["name"].is_string());
    EXPECT_TRUE(entry["value"].is_number()) << entry;
    EXPECT_TRUE(entry["unit"].is_string());
    EXPECT_TRUE(!entry.contains("range") || entry["range"].is_string());
    EXPECT_TRUE(!entry.contains("extra") || entry["extra"].is_string());
  }
  EXPECT_EQ(entries[0]["value"], d.records[0].statistics->median_ns);
}

TEST(Markdown, EveryRowHasAsManyCellsAsItsHead) {
  Document d = everything();
  d.records[0].case_id = "a|b `c` <d>";
  const std::string text = export_named("markdown").render({d});
  EXPECT_NE(text.find("a\\|b \\`c\\` \\<d\\>"), std::string::npos);
  std::size_t cells = 0, rows = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] != '|') {
      cells = 0;
      continue;
    }
    std::size_t found = 0;
    for (std::size_t i = 0; i < line.size(); i++)
      found += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    if (cells == 0) cells = found;
    EXPECT_EQ(found, cells) << line;
    rows++;
  }
  EXPECT_EQ(rows, d.records.size() + d.networks.size() + 4);
}

TEST(Exports, TheirConsumersReadThem) {
  const std::string readers = HALCYON_SOURCE_DIR "/.deps/exports";
  if (!std::filesystem::exists(readers + "/bin/python"))
    GTEST_SKIP() << "`make setup-exports` installs the consumers' own readers";
  const TestFolder folder;
  for (const std::uint64_t seed : {1, 2}) {
    const std::vector<Document> d = {everything(seed)};
    const std::string place = folder.path("run" + std::to_string(seed));
    make_folder(place);
    for (const Export* e : exports()) write_file_atomically(place + "/" + e->file, e->render(d));
  }
  const std::string command =
      readers + "/bin/python -B '" HALCYON_SOURCE_DIR "/results/exports/check_exports.py' '" +
      readers + "' '" + folder.path() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace halcyon
