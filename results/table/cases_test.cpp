#include <gtest/gtest.h>

#include <algorithm>
#include <locale>
#include <sstream>

#include "results/document/sample_document.h"
#include "results/figures/summary.h"
#include "results/table/table.h"
#include "results/text/format.h"

namespace halcyon {

extern const Table cases_table;

namespace {

std::string table(const Document& d, bool colour, int columns) {
  return cases_table.render(d, {.columns = columns, .colour = colour});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

int width_of(const std::string& line) {
  return static_cast<int>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

TEST(Table, FitsTheTerminal) {
  const Document d = sample_document();
  for (int columns : {60, 80, 132, 200})
    for (const std::string& line : lines_of(table(d, false, columns)))
      EXPECT_LE(width_of(line), columns) << line;
  for (const std::string& line : lines_of(table(d, false, 1))) EXPECT_LE(width_of(line), 60);
}

TEST(Table, AWideTerminalHasWholeNames) {
  Document d = sample_document();
  const std::string name(90, 'n');
  d.records[0].case_id = name;
  EXPECT_NE(table(d, false, 140).find(name + " "), std::string::npos);
  EXPECT_EQ(table(d, false, 80).find(name), std::string::npos);
}

TEST(Table, SaysAtWhichBandwidthABoundStands) {
  Document d = sample_document();
  Record& r = d.records[0];
  r.macs = r.macs_inside = 0;
  r.activation_bytes = 1000, r.weight_bytes = 0;
  r.bound = Bound{0, 10, "L2", "memory"};  // 1000 bytes in 10 ns
  d.records.resize(1);
  const std::string text = table(d, false, 120);
  EXPECT_NE(text.find("L2 100\n"), std::string::npos) << text;
  d.records.push_back(r);
  d.records[1].bound->memory_ns = 8;
  EXPECT_NE(table(d, false, 120).find("L2 100 to 125\n"), std::string::npos);
}

TEST(Table, ShowsEveryTimeAndNoneForFailures) {
  const Document d = sample_document();
  const std::vector<std::string> lines = lines_of(table(d, false, 100));
  for (const Record& r : d.records) {
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const std::string& l) {
      return l.starts_with(r.case_id + " ");
    });
    ASSERT_NE(line, lines.end()) << r.case_id;
    if (r.statistics) {
      EXPECT_NE(line->find(figure_text(r.statistics->median_ns, "ns")), std::string::npos) << *line;
      EXPECT_NE(line->find(fixed(percent_reached(r), 1)), std::string::npos) << *line;
    } else {
      EXPECT_NE(line->find(std::string(to_text(r.outcome)) + ": "), std::string::npos) << *line;
      // What a noisy row saw is marked as such, in words.
      if (r.outcome == Outcome::noisy)
        EXPECT_NE(line->find("noisy: seen about "), std::string::npos) << *line;
      else
        EXPECT_EQ(line->find(" µs"), std::string::npos) << *line;
    }
  }
  for (const ClassMean& mean : class_means(d))
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [&](const std::string& l) {
      return l.starts_with(mean.kernel_class);
    })) << mean.kernel_class;
}

TEST(Table, CountsStandBesideTheirGoalsAndHaveNoTime) {
  const std::string text = table(counted_document(), false, 80);
  EXPECT_NE(text.find("dw-2                    262    2.62\n"), text.npos) << text;
  EXPECT_NE(text.find("depthwise                 3    2.62\n"), text.npos) << text;
  EXPECT_NE(text.find("depthwise, all            3    2.62    2.00  0.62 too many\n"), text.npos)
      << text;
  EXPECT_NE(text.find("depthwise, some           2    2.00    2.00  reached\n"), text.npos) << text;
  EXPECT_EQ(text.find(" %"), std::string::npos) << text;
  EXPECT_EQ(text.find(" µs"), std::string::npos) << text;
}

TEST(Table, ColoursOnlyWhenAsked) {
  const Document d = sample_document();
  EXPECT_EQ(table(d, false, 80).find('\x1b'), std::string::npos);
  EXPECT_NE(table(d, true, 80).find('\x1b'), std::string::npos);
}

TEST(Table, NamesCannotDriveTheTerminal) {
  Document d = sample_document();
  for (Record& r : d.records) {
    r.case_id += "\x1b[2J\n";
    r.detail += "\r\x1b]0;title\x07";
    r.kernel_class += "\u009b2J";
  }
  for (char c : table(d, false, 80))
    EXPECT_TRUE(c == '\n' || !std::iscntrl(c, std::locale::classic()));
}

TEST(Table, OfNothingIsEmpty) { EXPECT_EQ(tables_text(Document(), {}), ""); }

}  // namespace
}  // namespace halcyon
