#include "results/document/journal_document.h"

#include <gtest/gtest.h>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/document/sample_document.h"

namespace halcyon {
namespace {

class JournalDocument : public testing::Test {
 protected:
  JournalDocument() {
    document_ = sample_document();
    document_.networks.clear();
    document_.searches.reset();
  }
  std::string path() const { return folder_.path("journal.jsonl"); }
  /// The journal of the document's run, cut off after so many records.
  void write(std::size_t records, bool end) const {
    Journal journal(path(), document_.run, [](const std::string&) {});
    append_head(journal, document_);
    for (std::size_t i = 0; i < records; i++) {
      journal.append("started", {{"id", document_.records[i].id}});
      journal.append(document_.records[i]);
    }
    if (end) append_end(journal);
  }
  static std::vector<std::string> ids(const Document& d) {
    std::vector<std::string> all;
    for (const Record& r : d.records) all.push_back(r.id);
    return all;
  }
  const TestFolder folder_;
  Document document_;
};

TEST_F(JournalDocument, IsTheDocumentOfARunThatCameToItsEnd) {
  write(document_.records.size(), true);
  const auto run = last_run(path());
  ASSERT_TRUE(run.has_value());
  EXPECT_TRUE(run->ended);
  Document wanted = document_;
  wanted.ended_utc = run->document.ended_utc;
  wanted.complete = true;
  EXPECT_EQ(canonical_text(run->document), canonical_text(wanted));
}

TEST_F(JournalDocument, HasWhatACutOffRunDidAndSaysThatItIsNotAll) {
  write(3, false);
  const Document d = read_run(folder_.path());
  EXPECT_FALSE(d.complete);
  EXPECT_EQ(d.run, document_.run);
  EXPECT_EQ(ids(d), (std::vector<std::string>{document_.records[0].id, document_.records[1].id,
                                              document_.records[2].id}));
  EXPECT_NO_THROW(document_from_text(canonical_text(d), "again")) << "it is a whole document";
  const auto found = run_in_folder(folder_.path());
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->command, document_.command);
  EXPECT_EQ(found->unfinished, document_.run);
}

TEST_F(JournalDocument, TheNewestRecordOfAnIdStandsAndOtherRunsAreOtherDocuments) {
  write(2, true);
  const Document first = document_;
  document_.run = "another";
  document_.records[0].detail = "of another run";
  write(1, false);
  document_.records[0].detail = "made again";
  write(1, false);
  const auto run = last_run(path());
  EXPECT_EQ(run->document.run, "another");
  ASSERT_EQ(run->document.records.size(), 1u);
  EXPECT_EQ(run->document.records[0].detail, "made again");
}

TEST_F(JournalDocument, NothingIsLeftToDoOnlyWhenTheResultsAreWritten) {
  write(1, true);
  EXPECT_EQ(run_in_folder(folder_.path())->unfinished, document_.run);
  write_file_atomically(folder_.path("results.json"), canonical_text(document_));
  EXPECT_EQ(run_in_folder(folder_.path())->unfinished, "");
  EXPECT_EQ(run_in_folder(folder_.path())->run, document_.run);
}

TEST_F(JournalDocument, AFolderWithoutARunHasNone) {
  EXPECT_FALSE(run_in_folder(folder_.path()).has_value());
  EXPECT_FALSE(run_in_folder(folder_.path("none")).has_value());
  EXPECT_THROW(read_run(folder_.path()), Error);
  Journal(path(), "run", [](const std::string&) {}).append("note", {{"i", 1}});
  EXPECT_FALSE(run_in_folder(folder_.path()).has_value()) << "of an older program";
  EXPECT_THROW(read_run(folder_.path()), Error);
}

}  // namespace
}  // namespace halcyon
