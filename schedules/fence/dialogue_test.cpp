#include "schedules/fence/dialogue.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "kernels/error.h"
#include "schedules/fence/left_behind.h"

namespace halcyon {
namespace {

constexpr double kSeconds = 20;  // more than any answer here takes

/// A shell script that answers on descriptor 4.
std::vector<std::string> script(const std::string& text) {
  return {"sh", "-c", "eval \"exec 4>&${0#--fd=}\"\n" + text};
}

/// It echoes.
const std::string kEcho = "while read -r line; do echo \"said $line\" >&4; done";

TEST(Dialogue, EveryLineHasItsAnswer) {
  Dialogue d({}, script(kEcho), "--fd=", {});
  for (const std::string line : {"one", "two words", ""}) {
    const Reply r = d.ask(line, kSeconds);
    EXPECT_EQ(r.how, Reply::answered);
    EXPECT_EQ(r.text, "said " + line);
  }
}

TEST(Dialogue, WhatAProgramPrintsIsNoAnswer) {
  Dialogue d({}, script("echo noise; echo noise >&2; read -r line; echo noise; echo answer >&4"),
             "--fd=", {});
  EXPECT_EQ(d.ask("x", kSeconds).text, "answer");
}

TEST(Dialogue, AnEndIsToldWithTheLastThatWasPrinted) {
  Dialogue d({}, script("read -r x; echo first; echo 'the reason' >&2; exit 3"), "--fd=", {});
  for (int i = 0; i < 2; i++) {  // and again for every further request
    const Reply r = d.ask("x", kSeconds);
    EXPECT_EQ(r.how, Reply::ended);
    EXPECT_EQ(r.text, "exit code 3: the reason");
  }
}

TEST(Dialogue, ACrashIsToldByItsSignal) {
  Dialogue d({}, script("read -r x; kill -SEGV $$"), "--fd=", {});
  EXPECT_NE(d.ask("x", kSeconds).text.find("signal SIGSEGV"), std::string::npos);
}

TEST(Dialogue, AProgramThatHasGoneBeforeItIsAskedHarmsNobody) {
  Dialogue d({}, script("exit 7"), "--fd=", {});
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(d.ask("x", kSeconds).text, "exit code 7");
}

TEST(Dialogue, SilenceIsGivenUpAndKilledWithAllThatDescendsFromIt) {
  const LeftBehind left;
  Dialogue d({}, script("sleep 1000 & (setsid sleep 1000 &) ; read -r x; sleep 1000"), "--fd=", {});
  const Reply r = d.ask("question", 0.3);
  EXPECT_EQ(r.how, Reply::late);
  EXPECT_EQ(r.text, "no answer within 0.3 s to 'question'");
  EXPECT_EQ(left.processes(), 0);
}

TEST(Dialogue, NothingIsLeftWhenItGoes) {
  const LeftBehind left;
  {
    Dialogue d({}, script("(setsid sleep 1000 &)\n" + kEcho), "--fd=", {});
    d.ask("x", kSeconds);
    EXPECT_GT(left.processes(), 0);
  }
  EXPECT_EQ(left.processes(), 0);
}

TEST(Dialogue, OneThatPrintsWithoutEndIsStillHeard) {
  Dialogue d({.output_bytes = 1 << 10},
             script("(while :; do echo noise; done) & read -r x; sleep 0.2; echo answer >&4; wait"),
             "--fd=", {});
  EXPECT_EQ(d.ask("x", kSeconds).text, "answer");
}

TEST(Dialogue, ItIsPinned) {
  Dialogue d({}, script("read -r x; grep Cpus_allowed_list /proc/self/status >&4"), "--fd=", {0});
  EXPECT_EQ(d.ask("x", kSeconds).text, "Cpus_allowed_list:\t0");
}

TEST(Dialogue, AProgramThatIsNotThereIsNamed) {
  EXPECT_THROW(Dialogue({}, {"no-such-program"}, "--fd=", {}), Error);
  Dialogue d({}, {"/no/such/program"}, "--fd=", {});
  EXPECT_EQ(d.ask("x", kSeconds).text, "/no/such/program: No such file or directory");
}

TEST(Dialogue, AnInterruptEndsIt) {
  Dialogue d({}, script("sleep 1000"), "--fd=", {});
  interrupted_by = SIGINT;
  EXPECT_THROW(d.ask("x", kSeconds), Interrupted);
  EXPECT_THROW(d.ask("x", kSeconds), Interrupted);
  interrupted_by = 0;
  EXPECT_EQ(d.ask("x", kSeconds).how, Reply::ended) << "it is gone";
}

}  // namespace
}  // namespace halcyon
