#include <gtest/gtest.h>

#include "results/document/sample_peers.h"
#include "results/table/table.h"

namespace halcyon {

extern const Table case_peers_table;

namespace {

TEST(CasePeersTable, HasEveryCaseEverySystemAndTheMeans) {
  const Document d = peers_document();
  const std::string text = case_peers_table.render(d, {});
  for (const std::string& part : std::vector<std::string>{
           d.records[0].case_id, "▲ 1.50", "▼ 0.90", "onednn", "absent",
           "litert absent: no form of it (all cases)\n", "all of them", d.records[0].kernel_class,
           "1.37", "Layouts: onednn: any; onnxruntime: nhwc.", "1 thread"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
}

TEST(CasePeersTable, IsOfRunsWithPeers) {
  EXPECT_FALSE(case_peers_table.applies(sample_document(), {}));
}

}  // namespace
}  // namespace halcyon
