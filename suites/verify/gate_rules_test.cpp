#include "suites/verify/gate_rules.h"

#include <gtest/gtest.h>

#include "results/document/sample_document.h"
#include "suites/protocol/gate.h"

namespace halcyon {
namespace {

/// As the gate has it: a case that is ok, and one that is noisy.
Document gated() {
  Document d = sample_document();
  d.protocol = to_json(Protocol());
  d.records = {d.records.at(0), d.records.at(31)};
  SampleTally tally;
  for (const Sample& s : d.records[1].samples) tally.add(s, 0);
  d.records[1].detail = why_noisy(tally, Protocol());
  return d;
}

std::string found_in(const Document& d) {
  Flaws found;
  find_broken_gates(d, Document::kMinor, found);
  std::string text;
  for (const Flaw& f : found) text += to_text(f) + "\n";
  return text;
}

TEST(GateRules, WhatTheGateSaidIsRight) {
  const Document d = gated();
  EXPECT_EQ(d.records[1].detail.substr(0, 33), "9 of 31 samples were undisturbed,");
  EXPECT_EQ(found_in(d), "");
}

TEST(GateRules, ATimeOfTooFewSamplesIsFound) {
  Document d = gated();
  d.records[1].outcome = Outcome::ok;
  EXPECT_EQ(found_in(d).substr(0, 44), "/records/1/outcome: found 'ok', the gate say");
}

TEST(GateRules, AGoodCaseCalledNoisyIsFound) {
  Document d = gated();
  d.records[0].outcome = Outcome::noisy;
  EXPECT_NE(found_in(d).find("the gate lets state a time"), std::string::npos);
}

TEST(GateRules, AnotherReasonIsFound) {
  Document d = gated();
  d.records[1].detail = "somebody coughed";
  EXPECT_NE(found_in(d).find("/records/1/detail: found 'somebody coughed'"), std::string::npos);
}

TEST(GateRules, ADelayThatTheGateWouldHaveSeenIsFound) {
  Document d = gated();
  d.records[0].samples[0].queue_delay = 0.5;
  EXPECT_EQ(found_in(d),
            "/records/0/samples/0/queue_delay: found 0.500 of a sample that was not refused by it, "
            "the limit is 0.0100\n");
}

TEST(GateRules, FasterThanTheCoreIsFound) {
  Document d = gated();
  for (Sample& s : d.records[0].samples) s.probe_before = s.probe_after = 1;
  EXPECT_NE(found_in(d).find("faster than any probe of the core"), std::string::npos);
}

TEST(GateRules, GoalsAreThoseOfTheRecords) {
  const DocumentRule rule = goals_rule(HALCYON_SOURCE_DIR "/suites/goals.json");
  Flaws found;
  rule(gated(), Document::kMinor, found);
  rule(counted_document(), Document::kMinor, found);  // of another state of the file
  EXPECT_TRUE(found.empty());
}

}  // namespace
}  // namespace halcyon
