#include "suites/trials/named_case.h"

#include <gtest/gtest.h>

#include "suites/request/run_plan.h"

namespace halcyon {
namespace {

/// Ids of the cases of a suite in i8, and what is left out, by a filter.
std::pair<std::string, std::vector<std::string>> in_i8(const std::string& filter) {
  const std::string root = HALCYON_SOURCE_DIR;
  Request r;
  r.folders = {root, root + "/schedules/targets", root + "/suites/micro", "", "", ""};
  r.dtypes = {DType::f32, DType::i8};
  r.filter = filter;
  Suite suite{"suite", "", "", {}, false};
  for (const char* line : {"1x4x4x8 | pw 8", "1x4x4x8 | tokensum"})
    suite.cases.push_back({line + 10, Problem::parse(line), "", "class", false, 1});
  std::vector<std::string> left_out;
  std::string ids;
  for (const NamedCase& c : cases_of(run_plan(r), {suite}, &left_out))
    ids += c.id + " (" + c.of.kernel_class + ") ";
  return {ids, left_out};
}

TEST(CasesInDtypes, AreNamedByThemAndThoseThatCannotBeAreLeftOutWithTheReason) {
  const auto [ids, left_out] = in_i8("");
  EXPECT_EQ(ids, "pw 8 (class) pw 8-i8 (i8 class) tokensum (class) ");
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_NE(left_out[0].find("'tokensum-i8'"), std::string::npos) << left_out[0];
  EXPECT_NE(left_out[0].find("no scale known"), std::string::npos) << left_out[0];
}

TEST(CasesInDtypes, AreNotLeftOutWhereTheFilterDidNotAskForThem) {
  const auto [ids, left_out] = in_i8("pw");
  EXPECT_EQ(ids, "pw 8 (class) pw 8-i8 (i8 class) ");
  EXPECT_TRUE(left_out.empty());
}

}  // namespace
}  // namespace halcyon
