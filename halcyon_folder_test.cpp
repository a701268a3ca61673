// What the program does with files and folders that are not as it would have them: refused with one
// line and the right exit code, nothing of anybody's lost.
#include <fcntl.h>
#include <unistd.h>

#include "halcyon_program.h"
#include "results/document/document.h"
#include "results/document/journal.h"
#include "results/document/journal_document.h"

namespace halcyon {
namespace {

constexpr const char *kOne = "1x7x7x16 | pw 9", *kOther = "1x5x5x8 | pw 8";

class ProgramFolders : public Program {
 protected:
  /// Through a shell's words, so that variables and descriptors can be set.
  Ended shell(const std::string& before, Words arguments, const std::string& after = "") {
    std::string line = before + " exec " HALCYON_PROGRAM;
    for (const auto& word : arguments) line += " '" + word + "'";
    return run_program({.wall_seconds = 240, .processes = 0}, {"sh", "-c", line + " " + after});
  }
  Ended halcyon(const Words& arguments) { return shell("", arguments); }
  static void expect_one_line(const Ended& e, int code, const std::string& words) {
    EXPECT_EQ(e.code, code) << e.output;
    EXPECT_EQ(std::count(e.output.begin(), e.output.end(), '\n'), 1) << e.output;
    EXPECT_NE(e.output.find(words), std::string::npos) << e.output;
  }
};

TEST_F(ProgramFolders, AnotherCommandsFolderIsRefusedAndStaysAsItIs) {
  ASSERT_EQ(halcyon({"check", kOne, "-q", "-o", out()}).code, 0);
  const std::string results = bytes_in(out() + "/results.json"),
                    journal = bytes_in(out() + "/journal.jsonl");
  expect_one_line(halcyon({"check", kOther, "-q", "-o", out()}), 2, "made, which stays");
  expect_one_line(halcyon({"bench", kOne, "-q", "-o", out()}), 2, "made, which stays");
  expect_one_line(halcyon({"tune", kOne, "-q", "-o", out()}), 2, "made, which stays");
  expect_one_line(halcyon({"publish", out(), "-o", out()}), 2, "holds a run");
  EXPECT_EQ(bytes_in(out() + "/results.json"), results);
  EXPECT_EQ(bytes_in(out() + "/journal.jsonl"), journal);
  const Ended again = halcyon({"check", kOne, "-o", out()});
  EXPECT_EQ(again.code, 0);
  EXPECT_NE(again.output.find(": replacing run "), std::string::npos) << again.output;
}

TEST_F(ProgramFolders, AJournalAloneIsPublishedAndGoneOnWith) {
  const Words check = {"check", kOne, kOther, "1x3x3x8 | relu", "-o", out()};
  ASSERT_EQ(halcyon(check).code, 0);
  const Document whole = read_document(out() + "/results.json");
  // As if killed right after the first record.
  const std::string journal = out() + "/journal.jsonl", text = bytes_in(journal);
  const auto first = text.find("\"kind\":\"record\"");
  fs::remove(out() + "/results.json");
  fs::remove(out() + "/report.html");
  std::ofstream(journal) << text.substr(0, text.find('\n', first) + 1);
  ASSERT_EQ(halcyon({"publish", out(), "-o", path("page")}).code, 0);
  const Document part = read_document(path("page") + "/results.json");
  EXPECT_FALSE(part.complete);
  ASSERT_EQ(part.records.size(), 1u);
  EXPECT_EQ(part.records[0], whole.records[0]);
  const Ended on = halcyon(check);
  EXPECT_EQ(on.code, 0);
  EXPECT_NE(on.output.find("going on where run " + whole.run + " ended: 1 records"),
            std::string::npos)
      << on.output;
  const Document done = read_document(out() + "/results.json");
  EXPECT_TRUE(done.complete);
  EXPECT_EQ(done.run, whole.run);
  EXPECT_EQ(done.records.size(), whole.records.size());
  EXPECT_EQ(done.records[0], whole.records[0]) << "not made again";
}

TEST_F(ProgramFolders, WhatAnotherMachineBeganIsDoneAnew) {
  const Words check = {"check", kOne, "-o", out()};
  ASSERT_EQ(halcyon(check).code, 0);
  Document other = read_document(out() + "/results.json");
  other.machine.cpu_model = "a CPU of another kind";
  fs::remove_all(out());
  fs::create_directory(out());
  {
    Journal journal(out() + "/journal.jsonl", other.run, [](const std::string&) {});
    append_head(journal, other);
    journal.append(other.records[0]);
  }
  const Ended e = halcyon(check);
  EXPECT_EQ(e.code, 0);
  EXPECT_NE(e.output.find("another machine or program"), std::string::npos) << e.output;
  const Document done = read_document(out() + "/results.json");
  EXPECT_NE(done.run, other.run);
  EXPECT_NE(done.machine.cpu_model, other.machine.cpu_model);
  EXPECT_EQ(done.records.size(), 1u);
}

TEST_F(ProgramFolders, AJournalThatIsNoneIsRefusedAndStaysAsItIs) {
  fs::create_directory(out());
  std::ofstream(path("notes")) << "my own notes\n";
  for (const bool link : {true, false}) {
    if (link)
      fs::create_symlink(path("notes"), out() + "/journal.jsonl");
    else
      fs::copy_file(path("notes"), out() + "/journal.jsonl");
    for (const char* verb : {"check", "bench", "tune"})
      expect_one_line(halcyon({verb, kOne, "-q", "-o", out()}), link ? 4 : 3, "journal.jsonl: ");
    EXPECT_EQ(bytes_in(out() + "/journal.jsonl"), "my own notes\n");
    EXPECT_EQ(std::distance(fs::directory_iterator(out()), {}), 1);
    fs::remove(out() + "/journal.jsonl");
  }
}

TEST_F(ProgramFolders, WithItsDescriptorsClosedNothingElseIsTakenForThem) {
  const Ended e =
      shell("", {"tune", kOne, "--budget", "2", "--quick", "--json", "-o", out()}, "<&- >&- 2>&-");
  EXPECT_TRUE(e.code == 0 || e.code == 6) << e.code;
  const auto loaded = Journal::load(out() + "/journal.jsonl");
  EXPECT_TRUE(loaded.corrupt.empty());
  EXPECT_FALSE(loaded.torn);
  EXPECT_FALSE(loaded.lines.empty());
}

TEST_F(ProgramFolders, ATemporaryFolderThatIsNotThereIsTheEnvironments) {
  expect_one_line(shell("TMPDIR=/no/such/place", {"check", kOne, "-q"}), 4,
                  "TMPDIR /no/such/place: no such folder");
}

TEST_F(ProgramFolders, WhatTuningCannotKeepIsSaidBeforeItSearches) {
  std::ofstream(path("tuned")) << "no folder";
  const Ended e = halcyon({"tune", kOne, "--budget", "2", "--quick", "-q", "--keep", "--tuned",
                           path("tuned"), "-o", out()});
  EXPECT_TRUE(e.code == 2 || e.code == 4) << e.code;
  EXPECT_EQ(std::count(e.output.begin(), e.output.end(), '\n'), 1) << e.output;
  EXPECT_FALSE(fs::exists(out()));
  if (geteuid() != 0) GTEST_SKIP() << "the rest is of who is not root";
  const std::string place = path("others");
  fs::create_directory(place);
  fs::permissions(folder_.path(), fs::perms(0755));
  fs::create_directory(path("mine"));
  fs::permissions(path("mine"), fs::perms(0777));
  const std::string nobody =
      "HOME=" + path("mine") +
      " exec setpriv --reuid=65534 --regid=65534 --clear-groups " HALCYON_PROGRAM;
  const Ended unwritable =
      run_program({.wall_seconds = 240, .processes = 0},
                  {"sh", "-c",
                   nobody + " tune '" + kOne + "' --budget 2 --quick -q --keep --tuned " + place +
                       " -o " + path("mine") + "/t"});
  expect_one_line(unwritable, 4, "others/");
  EXPECT_FALSE(fs::exists(path("mine") + "/t"));
}

}  // namespace
}  // namespace halcyon
