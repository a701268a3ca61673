#include "suites/meters/job.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "results/record/record_fields.h"
#include "suites/protocol/network_wire.h"
#include "suites/protocol/wire.h"

namespace halcyon {
namespace {

using nlohmann::json;

const std::string kNonce = "0123abcd";

std::string line(const char* key, const json& value, const std::string& nonce = kNonce) {
  return json{{wire::kNonce, nonce}, {key, value}}.dump() + "\n";
}

std::string result_line(const std::string& id, Outcome outcome = Outcome::ok,
                        const std::string& nonce = kNonce) {
  Measured m;
  m.id = id;
  m.outcome = outcome;
  return line(wire::kMeasured, wire::measured_json(m), nonce);
}

std::string running_line(const std::string& id) { return line(wire::kRunning, id); }

Ended ended(Ended::How how, int code, const std::string& output = "") {
  Ended e;
  e.how = how;
  e.code = code;
  e.output = output;
  return e;
}
const Ended kWell = ended(Ended::exited, 0);

std::vector<std::string> ids_of(const std::vector<Measured>& all) {
  std::vector<std::string> ids;
  for (const Measured& m : all) ids.push_back(m.id);
  return ids;
}

TEST(Wire, WhatIsMeasuredComesBackAsItWas) {
  Measured m;
  m.id = "dw3";
  m.outcome = Outcome::noisy;
  m.detail = "3 of 400 samples";
  m.check = {true, 1e-7, 2e-6, 0.999, 1e-5, 1.3e-6, "out at n0 h0 w0 c0", 2, true, true};
  m.samples = {{123456789012, 7, 231.5, 229.25, 98.5, 97.5, 0.001, 42, true}, {}};
  const Measured back = wire::measured_of(json::parse(wire::measured_json(m).dump()));
  EXPECT_EQ(wire::measured_json(back), wire::measured_json(m));
  EXPECT_EQ(back.id, m.id);
  EXPECT_EQ(back.outcome, m.outcome);
  EXPECT_EQ(back.detail, m.detail);
  EXPECT_EQ(back.check, m.check);
  ASSERT_EQ(back.samples.size(), 2u);
  EXPECT_EQ(back.samples, m.samples);
}

TEST(Wire, WhatANetworkGaveComesBackAsItWas) {
  NetworkMeasured m;
  m.outcome = Outcome::ok;
  m.detail = "call 'stem': fine";
  m.check = {true, 1e-7, 2e-6, 0.999, 1e-5, 0, "", 2, false, false};
  m.errors = {{"logits", 1e-7, 4.5}, {"features", 0, 2}};
  m.bytes = {1, 2, 3, 4, 5};
  m.samples = {{123456789012, 1, 231.5, 229.25, 98.5, 97.5, 0.001, 42, true}, {}};
  m.stamped = {{99, 2, 1, 2, 3, 4, 0, 7, false}};
  m.calls = CallTimes{{10.5, 20}, {9, 19.25}, 21, 3.5};
  const NetworkMeasured back = wire::network_measured_of(json::parse(wire::network_json(m).dump()));
  EXPECT_EQ(wire::network_json(back), wire::network_json(m));
  EXPECT_EQ(back.outcome, m.outcome);
  EXPECT_EQ(back.detail, m.detail);
  EXPECT_EQ(back.check, m.check);
  EXPECT_EQ(back.errors, m.errors);
  EXPECT_EQ(back.bytes, m.bytes);
  EXPECT_EQ(back.samples, m.samples);
  EXPECT_EQ(back.stamped, m.stamped);
  EXPECT_EQ(back.calls, m.calls);
}

// Else a field must be entered twice, and one that is forgotten is lost on its way.
TEST(Wire, TellsSamplesAndChecksAsRecordsDo) {
  Measured m;
  m.outcome = Outcome::noisy;
  m.check = {true, 1e-7, 2e-6, 0.999, 1e-5, 1.3e-6, "out", 2, true, true};
  m.samples = {{.ns = 7, .loop_ns = 3.5, .process = 1, .refused_by = {Gate::clock, Gate::queue}}};
  const json told = wire::measured_json(m);
  EXPECT_EQ(told["samples"][0], write_fields(m.samples[0]));
  EXPECT_EQ(told["check"], write_fields(m.check));
  EXPECT_EQ(wire::measured_of(told).samples, m.samples);
}

// JSON has no number for it, and the outcome that goes with it must not be lost.
TEST(Wire, AnErrorThatIsNotFiniteStaysSo) {
  Measured m;
  m.outcome = Outcome::nonfinite;
  m.check.max_abs = std::numeric_limits<double>::infinity();
  const Measured back = wire::measured_of(json::parse(wire::measured_json(m).dump()));
  EXPECT_EQ(back.outcome, Outcome::nonfinite);
  EXPECT_EQ(back.check.max_abs, m.check.max_abs);
}

TEST(NetworkResult, IsOneLineOfAProcessThatEndedWell) {
  NetworkMeasured m;
  m.outcome = Outcome::ok;
  const std::string one = line(wire::kNetwork, wire::network_json(m));
  EXPECT_EQ(network_result(kWell, read_answers(one, kNonce)).outcome, Outcome::ok);
  EXPECT_EQ(network_result(kWell, read_answers(one + one, kNonce)).outcome, Outcome::no_result);
  EXPECT_EQ(network_result(kWell, read_answers("", kNonce)).outcome, Outcome::no_result);
  EXPECT_EQ(network_result(ended(Ended::signalled, 9), read_answers(one, kNonce)).outcome,
            Outcome::run_crash);
}

TEST(Wire, AProtocolReachesTheRunnerWhole) {
  const Protocol p{.probe_gate = 0.9,
                   .read_gate = 0.8,
                   .level_quantile = 0.6,
                   .window_seconds = 7,
                   .wanted_samples = 5,
                   .least_samples = 3,
                   .least_sample_us = 11,
                   .median_limit = 0.2,
                   .case_cap_seconds = 2,
                   .queue_delay_limit = 0.1,
                   .pause_ms = 3,
                   .state = CacheState::cold,
                   .cpu = 1,
                   .processes = 4,
                   .seed = 99};
  const json sent = to_json(p);
  EXPECT_EQ(to_json(protocol_from_json(sent)), sent);
  const json defaults = to_json(Protocol{});
  for (const auto& [key, value] : defaults.items())
    EXPECT_NE(value, sent.at(key)) << key << " is not told apart from its default";
}

TEST(Answers, OnlyLinesWithTheNonceCount) {
  const Answers a = read_answers(result_line("a") + result_line("b", Outcome::ok, "guessed") +
                                     "{\"measured\": 1}\nnot json\n" + running_line("c"),
                                 kNonce);
  EXPECT_EQ(ids_of(a.measured), std::vector<std::string>{"a"});
  EXPECT_EQ(a.running, "c");
  EXPECT_EQ(a.strange, 3);
}

TEST(Answers, ALineCutShortIsNoResult) {
  const std::string whole = result_line("a");
  for (std::size_t bytes = 1; bytes < whole.size(); bytes++) {
    const Answers a = read_answers(whole.substr(0, bytes), kNonce);
    EXPECT_TRUE(a.measured.empty()) << bytes;
    EXPECT_EQ(a.strange, 1) << bytes;
  }
}

TEST(Answers, AnUnknownOutcomeIsNoResult) {
  json m = wire::measured_json({});
  m["outcome"] = "fine";
  EXPECT_TRUE(read_answers(line(wire::kMeasured, m), kNonce).measured.empty());
}

Measured check_of(const std::string& result, const Ended& how) {
  return check_result("a", how, read_answers(result, kNonce));
}

TEST(CheckResult, IsTheOneLineOfAProcessThatEndedWell) {
  EXPECT_EQ(check_of(result_line("a"), kWell).outcome, Outcome::ok);
  EXPECT_EQ(check_of(result_line("a", Outcome::wrong), kWell).outcome, Outcome::wrong);
}

TEST(CheckResult, AnythingElseIsNotAPass) {
  EXPECT_EQ(check_of("", kWell).outcome, Outcome::no_result);
  EXPECT_EQ(check_of(result_line("b"), kWell).outcome, Outcome::no_result);
  EXPECT_EQ(check_of(result_line("a") + result_line("a"), kWell).outcome, Outcome::no_result);
  EXPECT_EQ(check_of(result_line("a") + "forged\n", kWell).outcome, Outcome::no_result);
  // It said ok, and died on its way out.
  EXPECT_EQ(check_of(result_line("a"), ended(Ended::signalled, 11)).outcome, Outcome::run_crash);
  EXPECT_EQ(check_of(result_line("a"), ended(Ended::wall_timeout, 9)).outcome,
            Outcome::run_timeout);
}

TEST(Blame, FollowsHowAProcessEnded) {
  EXPECT_EQ(blame("a", ended(Ended::signalled, 9)).outcome, Outcome::run_crash);
  EXPECT_EQ(blame("a", ended(Ended::signalled, 9)).detail, "signal SIGKILL");
  EXPECT_EQ(blame("a", ended(Ended::wall_timeout, 9)).outcome, Outcome::run_timeout);
  EXPECT_EQ(blame("a", ended(Ended::cpu_timeout, 9)).outcome, Outcome::run_timeout);
  EXPECT_EQ(blame("a", ended(Ended::out_of_memory, 9)).outcome, Outcome::run_oom);
  EXPECT_EQ(blame("a", ended(Ended::exited, 3)).outcome, Outcome::no_result);
  const Measured ours = blame("a", ended(Ended::exited, 70, "noise\nbench: data.bin: cut\n"));
  EXPECT_EQ(ours.outcome, Outcome::infra);
  EXPECT_EQ(ours.detail, "exit code 70 without a result: bench: data.bin: cut");
}

TEST(Settle, BlamesTheCaseThatWasRunning) {
  const auto settled =
      settle({"a", "b", "c"}, ended(Ended::signalled, 9),
             read_answers(running_line("a") + result_line("c") + running_line("b"), kNonce));
  EXPECT_EQ(ids_of(settled), (std::vector<std::string>{"b", "c"}));  // a is to be run again
  EXPECT_EQ(settled[0].outcome, Outcome::run_crash);
  EXPECT_EQ(settled[1].outcome, Outcome::ok);
}

TEST(Settle, AResultThatWasGivenIsKeptWhenItsCaseRanLast) {
  const auto settled =
      settle({"a", "b"}, ended(Ended::exited, 1),
             read_answers(running_line("a") + result_line("a", Outcome::run_crash), kNonce));
  EXPECT_EQ(ids_of(settled), std::vector<std::string>{"a"});
  EXPECT_EQ(settled[0].outcome, Outcome::run_crash);
}

TEST(Settle, TwoResultsOfOneCaseAreNone) {
  const auto settled =
      settle({"a"}, kWell, read_answers(result_line("a") + result_line("a"), kNonce));
  EXPECT_EQ(settled.at(0).outcome, Outcome::no_result);
  EXPECT_EQ(settled.at(0).detail, "gave 2 results");
}

TEST(Settle, AlwaysComesForward) {  // else the meter would repeat for ever
  const auto settled = settle({"a", "b"}, ended(Ended::exited, 70, "bench: cpu 9\n"), Answers{});
  EXPECT_EQ(ids_of(settled), (std::vector<std::string>{"a", "b"}));
  for (const Measured& m : settled) EXPECT_EQ(m.outcome, Outcome::infra);
}

}  // namespace
}  // namespace halcyon
