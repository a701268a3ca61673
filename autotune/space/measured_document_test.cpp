#include <gtest/gtest.h>

#include <fstream>

#include "autotune/space/measured_space.h"
#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/document/sample_document.h"
#include "results/files/temporary_folder.h"

namespace halcyon {
namespace {

/// What `bench --sweep` leaves of a whole space: each point 100 and its number, some without.
Document swept(const std::string& line, std::size_t without) {
  Document d = sample_document();
  const Target target = find_target("j6m", HALCYON_SOURCE_DIR "/schedules/targets");
  const Space space = space_of(Problem::parse(line), target);
  d.targets = {target};
  d.records.clear();
  for (std::size_t i = 0; i < space.size(); i++) {
    Record r;
    r.problem = line;
    r.target = target.name;
    r.unit = FigureUnit::instructions;
    r.point = space.point(i);
    r.id = std::to_string(i);
    r.outcome = i == without ? Outcome::pruned : Outcome::ok;
    r.check.passed = true;
    if (i != without) r.counts = Counts{.calls = 2, .fmla = 200 + 2 * static_cast<std::int64_t>(i)};
    d.records.push_back(r);
  }
  return d;
}

TEST(MeasuredSpaces, AreReadFromTheDocumentOfASweep) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/results.json", line = "1x6x6x8 | relu";
  const Document document = swept(line, 1);
  std::ofstream(path) << canonical_text(document);
  const auto spaces = read_measured_spaces(path);
  ASSERT_EQ(spaces.size(), 1u);
  const MeasuredSpace& m = spaces.front();
  EXPECT_EQ(m.problem, line);
  EXPECT_EQ(m.unit, "instructions");
  ASSERT_EQ(m.space.size(), document.records.size());
  EXPECT_EQ(m.figures[0], 100);
  EXPECT_EQ(m.figures[1], std::nullopt);
  EXPECT_EQ(m.figures[2], 102);
  write_measured_spaces(spaces, folder.path() + "/kept");
  const auto kept = read_measured_spaces(folder.path() + "/kept/space-1.json");
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(to_text(kept.front()), to_text(m));
}

TEST(MeasuredSpaces, OfADocumentAreRefusedWhereTheRecipeIsAnother) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/results.json";
  const Document whole = swept("1x6x6x8 | relu", 1);
  const auto refused = [&](const Document& document) {
    std::ofstream(path, std::ios::trunc) << canonical_text(document);
    return refusal_of([&] { read_measured_spaces(path); }, Exit::data);
  };
  Document other = whole;
  other.records.erase(other.records.begin() + 3);
  EXPECT_NE(refused(other).find("lacks 1 of the"), std::string::npos);
  other = whole;
  other.records[3].point.begin()->second = 12345;
  EXPECT_NE(refused(other).find("12345"), std::string::npos);
  other = whole;
  other.records[3].point["more"] = 1;
  EXPECT_NE(refused(other).find("more=1"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
