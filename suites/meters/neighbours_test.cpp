// Fault-free cases must give the same figures whether or not hostile ones run among them.
// Instructions under qemu are exact, so they must be equal. Times of this host are printed, not
// asserted; for those of the protocol that `bench` uses (minutes, on a quiet machine) run
// suites.neighbours_test --gtest_also_run_disabled_tests --gtest_filter=*RealProtocol
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>

#include "kernels/error.h"
#include "results/files/temporary_folder.h"
#include "suites/meters/any_host.h"
#include "suites/meters/meter.h"

namespace halcyon {
namespace {

constexpr int kRight = 40, kBetween = 4;  // a hostile one after every fourth

BundleCase case_of(const std::string& id, const std::string& problem, const Target& on,
                   const std::string& symbol, const std::string& object) {
  BundleCase c;
  c.id = id;
  c.candidate = {Problem::parse(problem), {}, on};
  c.timed.outcome = Outcome::ok;
  c.timed.symbol = symbol;
  c.timed.object = object;
  return c;
}

/// Ids of right cases alone, and with hostile ones mixed in.
struct Mix {
  std::vector<std::string> right, all;
};
Mix mix(const std::vector<std::string>& hostile) {
  Mix m;
  for (int i = 0; i < kRight; i++) {
    m.right.push_back("right-" + std::to_string(i));
    m.all.push_back(m.right.back());
    if (i % kBetween == kBetween - 1) m.all.push_back(hostile.at(i / kBetween));
  }
  return m;
}

std::map<std::string, Measured> by_id(const std::vector<Measured>& measured) {
  std::map<std::string, Measured> map;
  for (const Measured& m : measured) map[m.id] = m;
  return map;
}

/// A function in assembly, under the name that the table of a bundle wants.
std::string kernel(const std::string& name, const std::string& body) {
  return ".globl " + name + ", " + name + "_argv\n.type " + name + ", %function\n" + name + ":\n" +
         name + "_argv:\n" + body + "\n.size " + name + ", .-" + name + "\n";
}

struct Hostile {
  std::string assembly;
  Outcome outcome;
};

/// For aarch64: what does not return, does so wrongly, or leaves.
const std::map<std::string, Hostile>& hostile_kernels() {
  using enum Outcome;
  static const std::string kExit = "mov x8, #94\nsvc #0";
  static const std::map<std::string, Hostile> all = {
      {"undefined", {"udf #0", run_crash}},
      {"breakpoint", {"brk #0", run_crash}},
      {"write_to_nowhere", {"mov x1, #16\nstr x0, [x1]", run_crash}},
      {"jump_to_nowhere", {"mov x1, #64\nbr x1", run_crash}},
      {"stack_overflow", {"1: sub sp, sp, #4080\nstr x0, [sp]\nb 1b", run_crash}},
      {"exit_0", {"mov x0, #0\n" + kExit, no_result}},
      {"exit_3", {"mov x0, #3\n" + kExit, no_result}},
      {"sigkill", {"mov x8, #172\nsvc #0\nmov x1, #9\nmov x8, #129\nsvc #0", run_crash}},
      {"error_code", {"mov w0, #-27\nret", wrong}},
      {"far_code", {"adr x1, .\nmov x2, #1\nadd x1, x1, x2, lsl #40\nblr x1", run_crash}},
  };
  return all;
}

TEST(Neighbours, InstructionsOfRightKernelsAreTheSameAmongHostileOnes) {
  const Target board = find_target("j6m", HALCYON_SOURCE_DIR "/schedules/targets");
  const Meter meter(board);
  if (const std::string why_not = meter.why_not(); !why_not.empty()) GTEST_SKIP() << why_not;
  const TemporaryFolder folder;
  const std::string source = folder.path() + "/kernels.s";
  std::ofstream text(source);
  std::vector<BundleCase> cases;
  std::vector<std::string> hostile;
  const auto add = [&](const std::string& id, const std::string& symbol, const std::string& body) {
    text << kernel(symbol, body);
    cases.push_back(case_of(id, "1x6x7x5 | dw 3x3", board, symbol, source));
  };
  for (int i = 0; i < kRight; i++)
    add("right-" + std::to_string(i), "right_" + std::to_string(i),
        "mov x1, #" + std::to_string(10 + i) +
            "\n1: fmla v0.4s, v1.4s, v2.4s\nsubs x1, x1, #1\nb.ne 1b\nmov w0, #0\nret");
  for (const auto& [name, kernel_of] : hostile_kernels()) {
    hostile.push_back(name);
    add(name, name, kernel_of.assembly);
  }
  text.close();
  Bundle bundle;
  try {
    bundle = make_bundle(folder.path() + "/made", board, cases, "");
  } catch (const Error& e) {
    if (std::string(e.what()).find("make setup-cross") == std::string::npos) throw;
    GTEST_SKIP() << e.what();
  }
  const Mix ids = mix(hostile);
  auto alone = by_id(meter.time(bundle, ids.right, {}, nullptr));
  auto among = by_id(meter.time(bundle, ids.all, {}, nullptr));
  for (int i = 0; i < kRight; i++) {
    const std::string& id = ids.right[i];
    EXPECT_EQ(among[id].outcome, Outcome::ok) << id << ": " << among[id].detail;
    ASSERT_TRUE(alone[id].counts && among[id].counts) << id;
    EXPECT_EQ(alone[id].counts->fmla, 2 * (10 + i));  // two calls
    EXPECT_EQ(*among[id].counts, *alone[id].counts) << id;
  }
  for (const auto& [id, h] : hostile_kernels())
    EXPECT_EQ(to_text(among[id].outcome), to_text(h.outcome)) << id << ": " << among[id].detail;
}

const std::vector<std::string> kHostile = {
    "sigsegv", "sigfpe",         "sigill",          "abort",     "stack_overflow",
    "exit",    "modified_input", "idle_when_timed", "exception", "killed_when_timed"};

/// Bundle of right kernels of many sizes and hostile ones, timed without and with the latter.
void compare_times(const Protocol& protocol) {
  const Target host = any_host();
  const TemporaryFolder folder;
  std::vector<BundleCase> cases;
  for (int i = 0; i < kRight; i++)
    cases.push_back(case_of("right-" + std::to_string(i),
                            "1x14x14x" + std::to_string(16 + i) + " | dw 3x3", host, "bug_none",
                            HALCYON_PLANTED_BUGS));
  for (const auto& bug : kHostile)
    cases.push_back(case_of(bug, "1x6x7x5 | dw 3x3", host, "bug_" + bug,
                            bug == "exception" ? HALCYON_PLANTED_MISCHIEF : HALCYON_PLANTED_BUGS));
  const Bundle bundle = make_bundle(folder.path() + "/made", host, cases, "");
  const Meter meter(host);
  const Mix ids = mix(kHostile);
  const auto tell_nobody = [](const Measured&) {};
  auto alone = by_id(meter.time(bundle, ids.right, protocol, tell_nobody));
  auto among = by_id(meter.time(bundle, ids.all, protocol, tell_nobody));
  std::vector<double> ratios;
  const auto median_ns = [](const Measured& m) {
    std::vector<double> ns;
    for (const Sample& s : m.samples)
      if (s.accepted) ns.push_back(static_cast<double>(s.ns) / static_cast<double>(s.iterations));
    std::sort(ns.begin(), ns.end());
    return ns.at(ns.size() / 2);
  };
  for (const auto& id : ids.right) {
    EXPECT_EQ(alone[id].outcome, among[id].outcome) << id << ": " << among[id].detail;
    if (alone[id].outcome != Outcome::ok || among[id].outcome != Outcome::ok) continue;
    ratios.push_back(median_ns(among[id]) / median_ns(alone[id]));
  }
  for (const auto& bug : kHostile) EXPECT_NE(among[bug].outcome, Outcome::ok) << bug;
  ASSERT_FALSE(ratios.empty());
  std::sort(ratios.begin(), ratios.end());
  std::printf(
      "%zu right kernels, times among hostile ones over times alone: median %.3f, from "
      "%.3f to %.3f\n",
      ratios.size(), ratios[ratios.size() / 2], ratios.front(), ratios.back());
}

TEST(Neighbours, OutcomesOfRightKernelsAreTheSameAmongHostileOnes) {
  compare_times({.probe_gate = 0,
                 .read_gate = 0,
                 .wanted_samples = 5,
                 .least_samples = 5,
                 .queue_delay_limit = 1e9});
}

TEST(Neighbours, DISABLED_TimesByTheRealProtocol) { compare_times({}); }

}  // namespace
}  // namespace halcyon
