#include <gtest/gtest.h>

#include <map>

#include "kernels/error.h"
#include "results/document/sample_network.h"
#include "results/exports/export.h"

namespace halcyon {
namespace {

using Cells = std::vector<std::string>;

/// Read as RFC 4180 says, by a reader that shares nothing with the writer.
std::vector<Cells> lines_of(const std::string& text) {
  std::vector<Cells> lines = {{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && quoted && text[i + 1] == '"')
      lines.back().back() += text[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      lines.back().emplace_back();
    else if (c == '\n' && !quoted)
      lines.push_back({""});
    else
      lines.back().back() += c;
  }
  EXPECT_FALSE(quoted);
  EXPECT_EQ(lines.back(), Cells{""}) << "the last line ends";
  lines.pop_back();
  return lines;
}

/// By column, a record a row.
std::vector<std::map<std::string, std::string>> rows_of(const std::vector<Document>& documents) {
  const auto lines = lines_of(export_named("csv").render(documents));
  std::vector<std::map<std::string, std::string>> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].size(), lines[0].size()) << i;
    auto& row = rows.emplace_back();
    for (std::size_t c = 0; c < lines[i].size(); ++c)
      EXPECT_TRUE(row.emplace(lines[0][c], lines[i][c]).second) << lines[0][c];
  }
  return rows;
}

TEST(Csv, HasARowForEachRecordOfEveryRun) {
  const Document cases = sample_document(1), networks = network_document();
  const auto rows = rows_of({cases, networks});
  ASSERT_EQ(rows.size(), cases.records.size() + networks.networks.size());
  EXPECT_EQ(rows.front().at("run"), cases.run);
  EXPECT_EQ(rows.front().at("problem"), cases.records[0].problem);
  EXPECT_EQ(rows.back().at("run"), networks.run);
  EXPECT_EQ(rows.back().at("kind"), "network");
  EXPECT_EQ(rows.back().at("name"), "resnet18");
}

TEST(Csv, FiguresReadBackAsTheSameNumbersAndFailuresHaveNone) {
  const Document d = sample_document();
  const auto rows = rows_of({d});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Record& r = d.records[i];
    EXPECT_EQ(rows[i].at("outcome"), to_text(r.outcome));
    if (!r.statistics) {
      EXPECT_EQ(rows[i].at("median_ns") + rows[i].at("percent_of_peak") + rows[i].at("gflops"), "");
      continue;
    }
    EXPECT_EQ(std::stod(rows[i].at("median_ns")), r.statistics->median_ns);
    EXPECT_EQ(std::stod(rows[i].at("percent_of_peak")), r.statistics->percent_of_peak);
    EXPECT_EQ(std::stoi(rows[i].at("accepted")), r.statistics->accepted);
  }
  const Document counted = counted_document();
  EXPECT_EQ(rows_of({counted})[1].at("instructions"), "261.5");
  EXPECT_EQ(rows_of({counted})[1].at("median_ns"), "");
}

TEST(Csv, AnyTextIsOneCellAndNoFormula) {
  Document d = sample_document();
  d.records.resize(1);
  Record& r = d.records[0];
  r.detail = "a \"b\", c\nd";
  r.suite = "=1+1";
  r.case_id = "@SUM(A1)";
  const auto rows = rows_of({d});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].at("detail"), r.detail);
  EXPECT_EQ(rows[0].at("suite"), "'=1+1");
  EXPECT_EQ(rows[0].at("name"), "'@SUM(A1)");
}

TEST(Csv, OfNoRecordSaysWhyThereIsNone) {
  EXPECT_EQ(export_named("csv").why_not({sample_document()}), "");
  EXPECT_EQ(export_named("csv").why_not({Document()}), "none of these runs holds a record");
}

TEST(Exports, AWordThatIsNoneIsAnErrorThatSaysWhatIsAllowed) {
  try {
    export_named("cvs");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    EXPECT_STREQ(e.what(),
                 "--format 'cvs' (did you mean 'csv'?): allowed are csv, google-benchmark, t4, "
                 "github-action-benchmark, markdown");
  }
}

}  // namespace
}  // namespace halcyon
