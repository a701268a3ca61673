// The whole path with each of Halide's autoschedulers: search, import, compile, check, count.
// On the emulated target skipped without `make setup-cross`.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "results/document/journal.h"
#include "results/files/temporary_folder.h"
#include "suites/meters/meter.h"
#include "suites/runs/run.h"

namespace halcyon {
namespace {

const std::string kRoot = HALCYON_SOURCE_DIR;

Request request_for(const std::string& what, const std::string& source, const std::string& target) {
  Request r;
  r.folders = {kRoot, kRoot + "/schedules/targets", kRoot + "/suites/micro", "",
               "",    kRoot + "/suites/networks"};
  r.what = {what};
  r.source = source_from_text(source);
  r.target = target;
  return r;
}

Document run_quietly(Verb verb, const Request& request) {
  Progress progress(Progress::Style::silent);
  return run(verb, run_plan(request), progress);
}

/// Why programs for `target` cannot be made and run here; empty when they can.
std::string missing_for(const std::string& target) {
  const Target t = find_target(target, kRoot + "/schedules/targets");
  if (const std::string why_not = Meter(t).why_not(); !why_not.empty()) return why_not;
  if (t.arch != "aarch64" ||
      std::filesystem::exists(kRoot + "/build/j6/suites/libhalcyon_runner.a"))
    return "";
  return "run make setup-cross";
}

class EachAutoscheduler : public testing::TestWithParam<std::tuple<const char*, const char*>> {
 protected:
  const std::string source = std::get<0>(GetParam()), target = std::get<1>(GetParam());
  void SetUp() override {
    if (const std::string why = missing_for(target); !why.empty()) GTEST_SKIP() << why;
  }
};

TEST_P(EachAutoscheduler, PassesTheSmokeSuite) {
  const Document d = run_quietly(Verb::check, request_for("smoke", source, target));
  EXPECT_EQ(d.records.size(), 9u);
  for (const auto& r : d.records) {
    EXPECT_EQ(r.outcome, Outcome::ok) << r.detail << "\n" << r.repro;
    EXPECT_TRUE(r.check.checked_build) << r.repro;
    EXPECT_EQ(r.schedule_source.rfind(source, 0), 0u) << r.schedule_source;
  }
  EXPECT_EQ(exit_of(d), Exit::ok);
}

INSTANTIATE_TEST_SUITE_P(On, EachAutoscheduler,
                         testing::Combine(testing::Values("mullapudi2016", "adams2019", "li2018"),
                                          testing::Values("host", "j6m")),
                         [](const auto& of) {
                           return std::string(std::get<0>(of.param)) + "_" + std::get<1>(of.param);
                         });

// An unscheduled reduction is what LLVM's own vectorizer is for.
TEST(Autoschedulers, BenchKeepsTheBetterOfWithAndWithoutLoopOptimisationAndNamesIt) {
  if (const std::string why = missing_for("j6m"); !why.empty()) GTEST_SKIP() << why;
  TemporaryFolder out;
  Request request = request_for("1x1x1x64 | linear 3", "mullapudi2016", "j6m");
  request.out = out.path();
  const Document d = run_quietly(Verb::bench, request);
  ASSERT_EQ(d.records.size(), 1u);
  const Record& kept = d.records[0];
  ASSERT_EQ(kept.outcome, Outcome::ok) << kept.detail;
  std::map<std::string, double> by_source;
  for (const auto& line : Journal::load(out.path() + "/journal.jsonl").lines)
    if (line.kind == "record") {
      const Record r = record_from_json(line.body);
      ASSERT_TRUE(r.counts) << r.detail;
      by_source[r.schedule_source] = r.counts->per_call();
      EXPECT_EQ(r.halide_target.find("enable_llvm_loop_opt") != std::string::npos,
                r.schedule_source == "mullapudi2016+llvm_loop_opt");
    }
  ASSERT_EQ(by_source.size(), 2u);
  for (const auto& [source, instructions] : by_source)
    EXPECT_GE(instructions, by_source.at(kept.schedule_source)) << source;
  EXPECT_NE(kept.repro.find("--source " + kept.schedule_source), std::string::npos) << kept.repro;
  EXPECT_EQ(kept.case_id.find("llvm"), std::string::npos) << kept.case_id;
}

}  // namespace
}  // namespace halcyon
