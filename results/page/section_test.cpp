#include "results/page/section.h"

#include <gtest/gtest.h>

#include <set>

#include "results/document/sample_network.h"
#include "results/document/sample_peers.h"

namespace halcyon::page_parts {
namespace {

using OneRun = Run;  // Run of a test is another

/// One of each kind of run: of cases with rivals, of counts, of networks, a study of blocks, a
/// tuning, cases with peers, and nothing.
std::vector<Document> documents() {
  std::vector<Document> all = {sample_document(),
                               counted_document(),
                               network_document(),
                               sample_document(),
                               sample_document(),
                               peers_document(),
                               {}};
  all[0].records.push_back(all[0].records[0]);
  all[0].records.back().rival = "li2018";
  for (Record& r : all[3].records) r.suite = "block-study";
  all[4].searches = {{"case", "1x7x7x16 | pw 24", "x86-zen4", {{"recipe", 4, 1.25, true, ""}}}};
  all.push_back(in_i8(sample_document()));
  for (Record& r : all[4].records) r.problem = all[4].records[0].problem;
  return all;
}

template <class Of>
void expect_shown(const std::vector<const Section<Of>*>& sections, const Of& of,
                  std::set<std::string>& shown) {
  for (const Section<Of>* s : sections)
    if (s->applies(of)) {
      EXPECT_FALSE(s->render(of).empty()) << s->name;
      shown.insert(s->name);
    }
}

TEST(Sections, ShowSomethingWhereTheyApply) {
  const std::vector<Document> all = documents();
  std::set<std::string> of_page, of_run, of_group;
  std::vector<OneRun> together;
  for (const Document& d : all) {
    const OneRun run{&d, "A", true, true, matches_of(d)};
    expect_shown(page_sections(), {run}, of_page);
    expect_shown(run_sections(), run, of_run);
    for (const Group& group : groups_of(d))
      expect_shown(group_sections(), GroupOfRun{run, group}, of_group);
    if (!d.records.empty()) together.push_back({&d, "B", true, false, {}});
  }
  expect_shown(page_sections(), together, of_page);
  // Each somewhere, by a name of its own.
  EXPECT_EQ(of_page.size(), page_sections().size());
  EXPECT_EQ(of_run.size(), run_sections().size());
  EXPECT_EQ(of_group.size(), group_sections().size());
}

TEST(Sections, ThatDoNotApplyAreNotThere) {
  const Section<int> never = {"never", [](const int&) { return false; },
                              [](const int&) { return text("seen"); }};
  const Section<int> always = {"always", [](const int&) { return true; },
                               [](const int&) { return text("seen"); }};
  EXPECT_EQ(rendered<int>({&never, &always, &never}, 1).string(), "seen");
}

}  // namespace
}  // namespace halcyon::page_parts
