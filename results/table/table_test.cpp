#include "results/table/table.h"

#include <gtest/gtest.h>

#include <set>

#include "results/document/sample_network.h"
#include "results/document/sample_peers.h"

namespace halcyon {
namespace {

/// One of each kind of run.
std::vector<Document> runs() {
  std::vector<Document> all = {sample_document(), counted_document(), network_document(), {}};
  all[0].records.push_back(all[0].records[0]);
  all[0].records.back().rival = "li2018";
  all.push_back(peers_document());
  all.push_back(in_i8(sample_document()));
  return all;
}

TEST(Tables, ShowSomethingWhereTheyApply) {
  std::set<std::string> shown;
  for (const Document& d : runs())
    for (const Table* t : tables())
      if (t->applies(d, {.explain = true})) {
        EXPECT_NE(t->render(d, {.explain = true}), "") << t->name;
        shown.insert(t->name);
      }
  EXPECT_EQ(shown.size(), tables().size()) << "each somewhere, by a name of its own";
}

TEST(Tables, StandOneAfterTheOther) {
  for (const Document& d : runs()) {
    std::string all;
    for (const Table* t : tables())
      if (t->applies(d, {})) all += t->render(d, {});
    EXPECT_EQ(tables_text(d, {}), all);
  }
}

TEST(Tables, WhereTheTimeGoesIsForThoseWhoAsk) {
  const Document d = network_document();
  EXPECT_EQ(tables_text(d, {}).find("Where the time"), std::string::npos);
  EXPECT_NE(tables_text(d, {.explain = true}).find("Where the time"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
