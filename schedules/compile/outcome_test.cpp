#include "schedules/compile/outcome.h"

#include <gtest/gtest.h>

#include <set>

#include "kernels/error.h"

namespace halcyon {
namespace {

constexpr int kOutcomes = static_cast<int>(Outcome::quarantined) + 1;

TEST(Outcome, EveryWordReadsBackAsItself) {
  std::set<std::string_view> words;
  for (int i = 0; i < kOutcomes; i++) {
    const Outcome o = static_cast<Outcome>(i);
    EXPECT_EQ(outcome_from_text(to_text(o)), o) << to_text(o);
    words.insert(to_text(o));
  }
  EXPECT_EQ(words.size(), static_cast<size_t>(kOutcomes));
}

// Catches a table whose order is not the enum's: the words are part of every record.
TEST(Outcome, WordsAreTheIdentifiers) {
  EXPECT_EQ(to_text(Outcome::ok), "ok");
  EXPECT_EQ(to_text(Outcome::compile_timeout), "compile_timeout");
  EXPECT_EQ(to_text(Outcome::run_crash), "run_crash");
  EXPECT_EQ(to_text(Outcome::nonfinite), "nonfinite");
  EXPECT_EQ(to_text(Outcome::nondeterministic), "nondeterministic");
  EXPECT_EQ(to_text(Outcome::noisy), "noisy");
  EXPECT_EQ(to_text(Outcome::quarantined), "quarantined");
}

// Catches the classic: an unknown word read as the first entry, which here would be success.
TEST(Outcome, UnknownWordIsADataErrorNeverOk) {
  for (const char* word : {"", "OK", "okay", "ok ", "compile-error"}) {
    try {
      outcome_from_text(word);
      FAIL() << "'" << word << "' was accepted";
    } catch (const Error& e) {
      EXPECT_EQ(e.code, Exit::data);
      EXPECT_NE(std::string(e.what()).find("'" + std::string(word) + "'"), std::string::npos);
    }
  }
}

TEST(Outcome, OnlyAWrongResultOrACrashIsAFailure) {
  for (Outcome o : {Outcome::ok, Outcome::noisy, Outcome::infra, Outcome::not_runnable,
                    Outcome::quarantined, Outcome::pruned, Outcome::compile_error})
    EXPECT_FALSE(is_failure(o)) << to_text(o);
  for (Outcome o : {Outcome::wrong, Outcome::run_crash, Outcome::nonfinite, Outcome::out_of_bounds,
                    Outcome::compile_crash, Outcome::no_result})
    EXPECT_TRUE(is_failure(o)) << to_text(o);
}

}  // namespace
}  // namespace halcyon
