// A search on the real path, counted under qemu so that its figures are exact, while some of its
// candidates are not what the compiler made of them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "autotune/search/metered_worker.h"
#include "autotune/search/search.h"
#include "kernels/error.h"
#include "results/files/temporary_folder.h"
#include "schedules/compile/cache.h"
#include "schedules/fence/left_behind.h"
#include "suites/bundle/link.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// What a kernel does instead of its work; `host` is where its output lies.
struct Misdeed {
  const char* name;
  const char* body;
  Outcome outcome;
};
constexpr Misdeed kMisdeeds[] = {
    {"crashes", "*(volatile int*)0 = 1; return 0;", Outcome::run_crash},
    {"computes nothing", "return 0;", Outcome::wrong},
    {"writes behind its output", "host[(16 * 5 * 5) + 1024] = 1; return 0;",
     Outcome::out_of_bounds},
    {"says that all went well and leaves", "_exit(0);", Outcome::no_result},
};

class HostileSearch : public testing::Test {
 protected:
  HostileSearch()
      : target_(find_target("j6m", std::string(HALCYON_SOURCE_DIR) + "/schedules/targets")),
        meter_(target_) {}

  void SetUp() override {
    const std::string why = meter_.why_not();
    if (!why.empty()) GTEST_SKIP() << why;
    try {
      require_linkage(target_);
    } catch (const Error& e) {
      GTEST_SKIP() << e.what();
    }
  }

  SearchResult search_with(const std::string& cache, const std::string& journal) {
    Request request;
    request.target = target_.name;
    Compiler compiler(cache, 2);
    const Protocol protocol;
    MeteredWorker worker({request, target_, "run", protocol, {}, {}, meter_, compiler});
    SearchListener nobody;
    Ledger ledger(journal, "run", [](const std::string&) {});
    const NamedCase of{
        "case", "suite", {"case", Problem::parse("1x5x5x8 | pw 16"), "", "pointwise"}};
    SearchOptions options;
    options.strategy = &strategy_kind("random");
    options.most_trials = 20;
    return search(of, target_, options, worker, ledger, nobody);
  }

  /// Puts a kernel that does something else in the place of a candidate's object.
  static void plant(const Candidate& candidate, const Misdeed& misdeed, const std::string& root) {
    const std::string key = object_key(candidate), symbol = "halcyon_" + key.substr(0, 16);
    const Cache cache(root);
    fs::remove_all(root + "/" + key.substr(0, 2) + "/" + key);
    const Cache::Scratch scratch = cache.scratch();
    const std::string source = scratch.folder() + "/source.c";
    std::ofstream(source) << "#include <unistd.h>\nint " << symbol << "_argv(void** a) {\n"
                          << "  float* host = ((float**)a[3])[2]; (void)host;\n  " << misdeed.body
                          << "\n}\n";
    const std::string compile = "aarch64-linux-gnu-g++ -x c -O1 ";
    ASSERT_EQ(std::system((compile + "-c -o " + scratch.folder() + "/kernel.o " + source).c_str()),
              0);
    ASSERT_EQ(std::system((compile + "-S -o " + scratch.folder() + "/kernel.s " + source).c_str()),
              0);
    fs::remove(source);
    cache.publish(scratch, key, {{"planted", misdeed.name}});
  }

  const Target target_;
  const Meter meter_;
  const TemporaryFolder folder_;
};

TEST_F(HostileSearch, FindsTheSameWinnerWithOneCandidateInFiveHostile) {
  const std::string good = folder_.path() + "/good", bad = folder_.path() + "/bad";
  const SearchResult quiet = search_with(good, folder_.path() + "/good.jsonl");
  const auto winner = [](const SearchResult& r) {
    return r.winner() ? r.winner()->key : "the start";
  };
  const auto leads = [&](const Searched& s) {
    for (const std::size_t l : quiet.leaders)
      if (quiet.trials[l].key == s.key) return true;
    return s.key == quiet.start().key;
  };
  fs::copy(good, bad, fs::copy_options::recursive);
  std::map<std::string, const Misdeed*> planted;  // by key of the trial
  for (const Searched& s : quiet.trials) {
    if (planted.size() == std::size(kMisdeeds)) break;
    if (leads(s) || !s.tried.cost) continue;
    const Misdeed& misdeed = kMisdeeds[planted.size()];
    planted[s.key] = &misdeed;
    plant(s.named.candidate, misdeed, bad);
  }
  ASSERT_EQ(planted.size(), std::size(kMisdeeds));
  const LeftBehind left;
  const SearchResult hostile = search_with(bad, folder_.path() + "/bad.jsonl");
  EXPECT_EQ(left.processes(), 0);
  EXPECT_EQ(winner(hostile), winner(quiet));
  EXPECT_EQ(hostile.trials.size(), quiet.trials.size());
  for (const Searched& s : hostile.trials) {
    const auto found = planted.find(s.key);
    if (found == planted.end()) continue;
    EXPECT_EQ(s.tried.record.outcome, found->second->outcome)
        << "a kernel that " << found->second->name << ": " << s.tried.record.detail;
  }
}

}  // namespace
}  // namespace halcyon
