#include "autotune/search/metered_worker.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

Machine a_machine(int family, int model, int stepping = 1) {
  Machine m;
  m.cpu_model = "AMD EPYC";
  m.vendor = "AuthenticAMD";
  m.family = family;
  m.model = model;
  m.stepping = stepping;
  return m;
}

// A journal's trials are found by this key.
TEST(MeteredWorker, TrialsOfTwoCpusOfOneBrandHaveOtherKeys) {
  const TemporaryFolder cache;
  const Target target = find_target("x86-avx2", HALCYON_SOURCE_DIR "/schedules/targets");
  const Meter meter(target);
  Compiler compiler(cache.path());
  const Problem problem = Problem::parse("1x7x7x8 | dw 3x3");
  const NamedCandidate candidate = candidate_at({"case", "suite", {"case", problem, "", ""}},
                                                target, recipe_for(problem).start(problem, target));
  const auto key = [&](const Machine& machine) {
    return MeteredWorker({{}, target, "run", {}, {}, machine, meter, compiler}).key_of(candidate);
  };
  EXPECT_EQ(key(a_machine(25, 17)), key(a_machine(25, 17)));
  EXPECT_NE(key(a_machine(25, 17)), key(a_machine(26, 2)));
  EXPECT_NE(key(a_machine(25, 17)), key(a_machine(25, 17, 2)));
}

}  // namespace
}  // namespace halcyon
