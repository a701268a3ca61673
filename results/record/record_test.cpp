#include "results/record/record.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "kernels/for_tests.h"
#include "kernels/strict_json.h"
#include "results/document/sample_document.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;

const std::vector<Record>& records() {
  static const std::vector<Record> all = sample_document().records;
  return all;
}
Record with(Outcome outcome) {
  for (const Record& r : records())
    if (r.outcome == outcome) return r;
  throw std::logic_error("no such sample");
}
std::string refusal(const json& value) {
  return refusal_of([&] { record_from_json(value, "f", "/records/3"); }, Exit::data);
}

TEST(Record, SurvivesJsonAndText) {
  for (const Record& r : records()) {
    const std::string text = compact_text(to_json(r));
    EXPECT_EQ(record_from_json(parse_json(text, "f", Exit::data)), r) << r.case_id;
  }
}

TEST(Record, DoublesAreExact) {
  std::mt19937_64 random(20261124);
  Record r = with(Outcome::wrong);
  for (int i = 0; i < 2000; ++i) {
    const double value = std::abs(std::bit_cast<double>(random()));
    if (!std::isfinite(value)) continue;
    r.compile_seconds = value;
    const json back = parse_json(compact_text(to_json(r)), "f", Exit::data);
    ASSERT_EQ(record_from_json(back).compile_seconds, value);
  }
}

TEST(Record, ErrorsThatAreNotFiniteAreNullAndComeBackAsSuch) {
  Record r = with(Outcome::nonfinite);
  r.check.max_abs = INFINITY, r.check.max_rel = NAN;
  const json value = parse_json(compact_text(to_json(r)), "f", Exit::data);
  EXPECT_TRUE(value["check"]["max_abs"].is_null());
  EXPECT_FALSE(std::isfinite(record_from_json(value).check.max_abs));
  EXPECT_FALSE(std::isfinite(record_from_json(value).check.max_rel));  // catches reading 0
}

TEST(Record, AnyOtherNumberThatIsNotFiniteIsOurBug) {
  Record r = with(Outcome::ok);
  r.statistics->gflops = NAN;
  try {
    compact_text(to_json(r));
    FAIL() << "nlohmann alone writes null";
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::internal);
    EXPECT_STREQ(e.what(), "/statistics/gflops: found a number that is not finite");
  }
}

TEST(Record, NewFieldsAreIgnoredAndANewerSchemaIsRefused) {
  json value = to_json(with(Outcome::ok));
  value["colour"] = "green";
  value["check"]["mood"] = {1, 2};
  EXPECT_EQ(record_from_json(value), with(Outcome::ok));
  value["schema"] = 2;
  EXPECT_EQ(refusal(value),
            "f: /records/3/schema: found 2, this program reads up to 1: use a newer Halcyon");
}

TEST(Record, AFailedRowHasNoTime) {
  for (const Record& failed : records()) {
    if (failed.outcome == Outcome::ok || failed.outcome == Outcome::noisy) continue;
    Record r = failed;
    r.samples = with(Outcome::ok).samples;
    EXPECT_NE(refusal(to_json(r)).find("a failed row has no time"), std::string::npos);
    r = failed;
    r.statistics = with(Outcome::ok).statistics;
    EXPECT_NE(refusal(to_json(r)).find("/records/3: statistics: "), std::string::npos);
  }
  Record noisy = with(Outcome::noisy);  // samples, but no verdict
  noisy.statistics = statistics_of(noisy.samples, noisy.mac_counts());
  EXPECT_NE(refusal(to_json(noisy)).find("statistics: found some with outcome noisy"),
            std::string::npos);
}

Record counted() {
  Record r = with(Outcome::ok);
  r.unit = FigureUnit::instructions;
  r.samples.clear();
  r.rejected.reset();
  r.statistics.reset();
  r.bound.reset();
  r.macs = 400;
  r.counts =
      Counts{.calls = 2, .fmla = 200, .simd = 10, .load = 20, .store = 4, .branch = 3, .scalar = 3};
  return r;
}

TEST(Record, CountsComeBackAndAreOverTheLeastNumberOfFmla) {
  const Record r = counted();
  EXPECT_EQ(check_record(r), "");
  EXPECT_EQ(record_from_json(to_json(r)), r);
  EXPECT_EQ(r.counts->total(), 240);
  EXPECT_EQ(r.counts->per_call(), 120);
  EXPECT_EQ(r.counts->per_least_fmla(r.macs), 1.2);  // 120 instructions, 400 / 4 FMLA
}

/// Catches a count that passes for a time, or a time for a count.
TEST(Record, CountsStandAlone) {
  Record r = counted();
  r.unit = FigureUnit::ns;
  EXPECT_EQ(check_record(r).rfind("counts: ", 0), 0u);
  r = counted();
  r.samples = with(Outcome::ok).samples;
  EXPECT_EQ(check_record(r).rfind("counts: ", 0), 0u);
  r = counted();
  r.outcome = Outcome::noisy;
  EXPECT_EQ(check_record(r).rfind("counts: ", 0), 0u);
}

TEST(Record, ATimeHasAPassedCheck) {
  for (Outcome outcome : {Outcome::ok, Outcome::noisy}) {
    Record r = with(outcome);
    r.check.passed = false;
    EXPECT_NE(refusal(to_json(r)).find("without a passed check"), std::string::npos);
  }
}

TEST(Record, OkWithoutSamplesIsACheckThatPassed) {
  Record r = with(Outcome::ok);
  r.samples.clear();
  r.rejected.reset();
  r.statistics.reset();
  EXPECT_EQ(record_from_json(to_json(r)), r);
}

TEST(Record, StatisticsAreThoseOfTheSamples) {
  const json good = to_json(with(Outcome::ok));
  for (const char* field :
       {"median_ns", "q25_ns", "min_ns", "peak_gflops", "gflops", "percent_of_peak"}) {
    json value = good;
    value["statistics"][field] = value["statistics"][field].get<double>() * (1 + 1e-9);
    EXPECT_NE(refusal(value).find("statistics: not those of the samples"), std::string::npos)
        << field;
  }
  for (const char* field : {"accepted", "taken"}) {
    json value = good;
    value["statistics"][field] = value["statistics"][field].get<int>() + 1;
    EXPECT_NE(refusal(value).find("statistics: not those of the samples"), std::string::npos)
        << field;
  }
  json value = good;
  value["statistics"] = nullptr;
  EXPECT_NE(refusal(value).find("statistics: found null"), std::string::npos);
  value = good;
  value["samples"][3]["ns"] = 1;  // a faster sample slipped in
  EXPECT_NE(refusal(value).find("statistics: not those of the samples"), std::string::npos);
  value["samples"][3]["ns"] = 0;
  EXPECT_NE(refusal(value).find("an accepted sample of 0 ns"), std::string::npos);
  for (json& sample : value["samples"]) sample["accepted"] = false;
  EXPECT_NE(refusal(value).find("no accepted sample"), std::string::npos);
}

TEST(Record, WhatGatesRefusedIsCountedAsTheSamplesSay) {
  json value = to_json(with(Outcome::ok));
  EXPECT_EQ(value["rejected"], json({{"clock", 6}, {"memory", 0}, {"queue", 0}}));
  value["rejected"]["memory"] = 1;
  EXPECT_NE(refusal(value).find("rejected: not those of the samples"), std::string::npos);
  value.erase("rejected");
  EXPECT_NE(refusal(value).find("rejected: not those of the samples"), std::string::npos);
  for (json& sample : value["samples"]) sample.erase("refused_by");
  EXPECT_EQ(record_from_json(value).rejected, std::nullopt);  // a document before 1.5
  value["samples"][0]["refused_by"] = {"clock"};
  EXPECT_NE(refusal(value).find("an accepted one that is refused"), std::string::npos);
  value["samples"][0]["refused_by"] = {"moon"};
  EXPECT_NE(refusal(value).find("allowed clock, memory, queue"), std::string::npos);
}

TEST(Record, EveryFieldIsRequiredAndOfOneType) {
  const json good = to_json(with(Outcome::ok));
  for (const auto& [key, field] : good.items()) {
    if (key == "rejected" || key == "rival") continue;  // older documents have none
    json value = good;
    value.erase(key);
    EXPECT_EQ(refusal(value), "f: /records/3/" + key + ": missing");
    value[key] = field.is_string() ? json(7) : json("seven");
    EXPECT_EQ(refusal(value).find("f: /records/3/" + key + ": "), 0u);
  }
}

TEST(Record, NumbersAndWordsOutsideTheirRangeAreRefused) {
  const json good = to_json(with(Outcome::ok));
  const auto refused = [&](const char* pointer, const json& wrong) {
    json value = good;
    value[json::json_pointer(pointer)] = wrong;
    EXPECT_EQ(refusal(value).find("f: /records/3"), 0u) << pointer;
  };
  refused("/macs", -1);
  refused("/macs", 1.5);
  refused("/threads", 0);
  refused("/threads", 4294967297);  // catches a wrap to 1
  refused("/samples/0/iterations", 0);
  refused("/samples/0/ns", 0);
  refused("/compile_seconds", -0.5);
  refused("/seed", "-1");
  refused("/seed", "18446744073709551616");
  refused("/seed", "");
  refused("/outcome", "okay");  // catches the first entry taken for an unknown word
  refused("/unit", "us");
  refused("/state", "lukewarm");
}

TEST(Record, WhatWasAddedLaterMayBeAbsent) {
  Record r = with(Outcome::ok);
  r.hot_loop = HotLoop{.instructions = 9};
  json value = to_json(r);
  EXPECT_EQ(value.erase("rival"), 1u);
  EXPECT_EQ(value["hot_loop"].erase("spilled"), 1u);
  EXPECT_EQ(record_from_json(value), r);
}

TEST(Record, PercentOfPeakCountsNoPaddedTaps) {
  const Problem p = Problem::parse("1x7x7x64 | dw 7x7");
  ASSERT_LT(3 * p.macs_inside(), 2 * p.macs()) << "a third and more is padding";
  Record r;
  r.outcome = Outcome::ok;
  r.check.passed = true;
  r.problem = p.text();
  r.macs = p.macs(), r.macs_inside = p.macs_inside();
  for (int i = 0; i < 31; ++i)  // at 80 % of 100 GFLOP/s
    r.samples.push_back({.ns = 1000 * static_cast<std::int64_t>(std::llround(
                                          2.0 * static_cast<double>(r.macs_inside) / 80)),
                         .iterations = 1000,
                         .probe_before = 100,
                         .probe_after = 100,
                         .accepted = true});
  r.statistics = statistics_of(r.samples, r.mac_counts());
  EXPECT_NEAR(r.statistics->percent_of_peak, 80, 0.1);
  EXPECT_GT(r.statistics->gflops, 120) << "the field's convention";
}

TEST(Record, AnOlderFormThatCountsPaddedTapsInItsPercentIsReadAsOfToday) {
  const Record today = sample_document().records.front();
  ASSERT_LT(today.macs_inside, today.macs) << today.problem;
  auto older = to_json(today);
  const double padded = 100 * today.statistics->gflops / today.statistics->peak_gflops;
  older["statistics"]["percent_of_peak"] = padded;
  const Record read = record_from_json(older);
  EXPECT_NEAR(read.statistics->percent_of_peak, today.statistics->percent_of_peak, 1e-9);
  EXPECT_EQ(check_record(read), "");
  older["statistics"]["percent_of_peak"] = padded + 1;
  EXPECT_THROW(record_from_json(older), Error);
}

}  // namespace
}  // namespace halcyon
