#include <gtest/gtest.h>

#include "results/document/sample_document.h"
#include "results/table/table.h"

namespace halcyon {

extern const Table rivals_table;

namespace {

TEST(RivalsTable, NamesCasesThatHaveNoFigure) {
  Document d = sample_document();
  d.records = {d.records[0], d.records[0]};
  Record& rival = d.records[1];
  rival.rival = "li2018";
  rival.outcome = Outcome::compile_timeout;
  rival.samples.clear(), rival.statistics.reset();
  const std::string text = rivals_table.render(d, {});
  EXPECT_NE(text.find("no figure of " + d.records[0].case_id), std::string::npos) << text;
  EXPECT_NE(text.find("compile_timeout"), std::string::npos) << text;
}

TEST(RivalsTable, IsOfRunsWithRivals) { EXPECT_FALSE(rivals_table.applies(sample_document(), {})); }

}  // namespace
}  // namespace halcyon
