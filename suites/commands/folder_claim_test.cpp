#include "suites/commands/folder_claim.h"

#include <gtest/gtest.h>

#include "kernels/error.h"
#include "kernels/for_tests.h"
#include "results/document/journal_document.h"
#include "results/files/atomic_file.h"
#include "results/files/temporary_folder.h"
#include "suites/commands/options.h"

namespace halcyon {
namespace {

/// Of a program with two verbs that take the same.
std::string identity(const std::string& command) {
  Request request;
  Speech speech;
  RunExtras extras;
  CLI::App app;
  app.require_subcommand(1);
  std::vector<std::string> budget;
  for (const char* verb : {"bench", "tune"}) {
    CLI::App* one = app.add_subcommand(verb, "");
    add_bench_options(*one, request, speech, extras);
    one->add_option("--budget", budget, "");
  }
  return identity_of(command, app);
}

TEST(Identity, IsOfWhatIsAskedForAndNotOfHowItIsSaid) {
  const std::string one = identity("halcyon bench smoke --seed 2 --target x86-avx2 -o out/a");
  for (const char* same : {"halcyon bench smoke --seed 2 --target x86-avx2 -o out/b",
                           "halcyon bench --target x86-avx2 --seed 2 smoke",
                           "halcyon bench smoke -t x86-avx2 --seed=2 -q --json --cache /c -j 2"})
    EXPECT_EQ(identity(same), one) << same;
  for (const char* other :
       {"halcyon tune smoke --seed 2 --target x86-avx2", "halcyon bench smoke --seed 2",
        "halcyon bench smoke --seed 3 --target x86-avx2",
        "halcyon bench smoke kernels --seed 2 --target x86-avx2",
        "halcyon bench smoke --seed 2 --target x86-avx2 --state cold",
        "halcyon bench smoke --seed 2 --target x86-avx2 --budget 3",
        "halcyon bench smoke --seed 2 --target x86-avx2 --option-of-tomorrow"})
    EXPECT_NE(identity(other), one) << other;
}

TEST(Identity, ATuningsGoesOnWithAnotherBudget) {
  EXPECT_EQ(identity("halcyon tune \"1x7x7x8 | pw 8\" --budget 3"),
            identity("halcyon tune \"1x7x7x8 | pw 8\" --budget 30"));
  EXPECT_NE(identity("halcyon tune \"1x7x7x8 | pw 8\""),
            identity("halcyon tune \"1x7x7x8 | pw 9\""));
}

class FolderClaim : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }
  /// A run in a folder, come to its end or not.
  void make_run(const std::string& name, const std::string& command, bool end) const {
    make_folder(path(name));
    Document d;
    d.run = "run-of-" + name;
    d.command = command;
    d.started_utc = d.ended_utc = "2026-11-30T12:00:00Z";
    Journal journal(path(name) + "/journal.jsonl", d.run, [](const std::string&) {});
    append_head(journal, d);
    if (!end) return;
    append_end(journal);
    write_file_atomically(path(name) + "/results.json", canonical_text(d));
  }
  Request claimed(const std::string& name, const std::string& command) {
    Request request;
    request.out = path(name);
    request.command = command;
    claim_folder(request, identity, silent_);
    return request;
  }
  std::string refusal(const std::function<void()>& claim) const {
    return refusal_or_none([&] { claim(); });
  }
  const TemporaryFolder folder_;
  Progress silent_{Progress::Style::silent};
};

TEST_F(FolderClaim, OfAnotherCommandIsRefusedWithItsName) {
  for (const bool ended : {false, true}) {
    const std::string name = ended ? "ended" : "cut";
    make_run(name, "halcyon tune smoke", ended);
    const std::string line = refusal([&] { claimed(name, "halcyon bench smoke"); });
    EXPECT_NE(line.find("`halcyon tune smoke`"), std::string::npos) << line;
    EXPECT_NE(line.find("-o"), std::string::npos) << line;
  }
}

TEST_F(FolderClaim, TheSameCommandGoesOnOrReplaces) {
  make_run("cut", "halcyon bench smoke", false);
  make_run("ended", "halcyon bench smoke", true);
  EXPECT_EQ(claimed("cut", "halcyon bench smoke -q").unfinished, "run-of-cut");
  EXPECT_EQ(claimed("ended", "halcyon bench smoke -q").unfinished, "");
  EXPECT_EQ(claimed("new", "halcyon bench smoke").unfinished, "");
}

TEST_F(FolderClaim, WithoutAWordEveryTuningHasAFolderOfItsOwn) {
  const auto own = [&](const std::string& command) {
    return own_folder(path("tune"), command, identity);
  };
  EXPECT_EQ(own("halcyon tune smoke"), path("tune"));
  make_run("tune", "halcyon tune smoke", false);
  EXPECT_EQ(own("halcyon tune smoke --budget 80"), path("tune"));
  EXPECT_EQ(own("halcyon tune blocks"), path("tune-2"));
  make_run("tune-2", "halcyon tune blocks", true);
  EXPECT_EQ(own("halcyon tune blocks"), path("tune-2"));
  EXPECT_EQ(own("halcyon tune kernels"), path("tune-3"));
}

TEST_F(FolderClaim, APageAndARunDoNotShareAFolder) {
  make_run("run", "halcyon bench smoke", true);
  EXPECT_NE(refusal([&] { claim_page_folder(path("run")); }), "");
  make_folder(path("page"));
  write_file_atomically(path("page") + "/index.html", "");
  EXPECT_EQ(refusal([&] { claim_page_folder(path("page")); }), "");
  EXPECT_NE(refusal([&] { claimed("page", "halcyon bench smoke"); }), "");
}

}  // namespace
}  // namespace halcyon
