#include "suites/peers/contest.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "results/record/peer_record.h"

namespace halcyon {
namespace {

/// A machine with a clock of its own: `speed` says what its core gives at a second, 1 undisturbed.
struct Machine {
  double now = 0;
  std::function<double(double)> speed = [](double) { return 1.0; };
  bool reads_suffer_only = false;   // what disturbs is in memory: FMAs do not feel it
  int probes = 0, last_probe = -1;  // a probe after this many has no answer; -1: all have
  std::string log;                  // a letter per timed turn, | per pause

  ContestSurroundings surroundings() {
    return {[this]() -> std::optional<CoreLevel> {
              if (probes++ == last_probe) return std::nullopt;
              now += 1e-4;
              return CoreLevel{reads_suffer_only ? 100 : 100 * speed(now), 50 * speed(now)};
            },
            [this] { return now; },
            [this](double ms) {
              now += ms * 1e-3;
              log += '|';
            }};
  }
};

struct FakeSystem : Contestant {
  FakeSystem(Machine& on, char letter_in_log, double inference_ms)
      : machine(on), letter(letter_in_log), ms(inference_ms) {}
  std::optional<PeerTurn> run(int inferences) override {
    calls.push_back(inferences);
    if (static_cast<int>(calls.size()) > fails_after) return std::nullopt;
    const double seconds = inferences * ms * 1e-3 / machine.speed(machine.now);
    machine.now += seconds;
    if (inferences > 1) machine.log += letter;
    return PeerTurn{static_cast<std::int64_t>(seconds * 1e9),
                    static_cast<std::int64_t>(seconds * 1e9 * waits)};
  }
  Machine& machine;
  const char letter;
  const double ms;
  double waits = 0;
  int fails_after = 1 << 20;
  std::vector<int> calls;
};

struct Held {
  explicit Held(const Protocol& p = contest_protocol()) : protocol(p) {}
  Machine machine;
  FakeSystem ours{machine, 'o', 5}, slow{machine, 's', 8}, fast{machine, 'f', 2};
  Protocol protocol;
  Turns hold() { return hold_contest({&ours, &slow, &fast}, machine.surroundings(), protocol); }
};

int accepted(const std::vector<Sample>& samples) {
  int count = 0;
  for (const Sample& s : samples) count += s.accepted;
  return count;
}

TEST(Contest, EverybodysTurnIsAsManyInferencesAsTheFastestNeedsFor20Ms) {
  Held h;
  const Turns t = h.hold();
  EXPECT_EQ(t.inferences, 10);
  for (const auto& samples : t.samples) {
    ASSERT_EQ(samples.size(), 31u);
    for (const Sample& s : samples) EXPECT_EQ(s.iterations, 10);
  }
  EXPECT_EQ(t.samples[0][0].ns, 50'000'000);
}

TEST(Contest, ALongInferenceIsATurn) {
  Held h;
  FakeSystem one{h.machine, 'a', 400}, other{h.machine, 'b', 600};
  EXPECT_EQ(hold_contest({&one, &other}, h.machine.surroundings(), h.protocol).inferences, 1);
}

TEST(Contest, AnInferenceThatIsNotTimedGoesBeforeEveryTurn) {
  Held h;
  h.hold();
  const auto& calls = h.slow.calls;
  const auto first = std::find(calls.begin(), calls.end(), 10);
  for (auto at = first; at < calls.end(); at += 2) {
    EXPECT_EQ(at[-1], 1);
    EXPECT_EQ(at[0], 10);
  }
}

TEST(Contest, EveryRoundHasEverybodyOnceInAnOrderOfItsOwn) {
  Held h;
  h.hold();
  ASSERT_EQ(h.machine.log.size(), 93u);
  std::set<std::string> orders;
  for (std::size_t i = 0; i < h.machine.log.size(); i += 3) {
    const std::string order = h.machine.log.substr(i, 3);
    EXPECT_EQ(std::set<char>(order.begin(), order.end()).size(), 3u) << order;
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 6u);
}

TEST(Contest, TheSameSeedGivesTheSameOrder) {
  Held a, b, c;
  c.protocol.seed = 2;
  a.hold(), b.hold(), c.hold();
  EXPECT_EQ(a.machine.log, b.machine.log);
  EXPECT_NE(a.machine.log, c.machine.log);
}

/// Half speed in a third of the time.
double disturbed(double now) { return static_cast<int>(now * 3) % 3 == 2 ? 0.5 : 1; }

TEST(Contest, DisturbedTurnsCountForNobody) {
  for (const bool memory : {false, true}) {
    Held h;
    h.machine.speed = disturbed;
    h.machine.reads_suffer_only = memory;
    const Turns t = h.hold();
    for (std::size_t i = 0; i < t.samples.size(); i++) {
      EXPECT_GE(shared_rounds(t.samples[0], t.samples[i]), 31);
      EXPECT_GT(t.samples[i].size(), 31u);
      for (const Sample& s : t.samples[i]) {
        const bool disturbed_before = s.probe_before < 95 || s.read_before < 44;
        EXPECT_FALSE(disturbed_before && s.accepted);
      }
    }
    EXPECT_NE(h.machine.log.find('|'), std::string::npos);
  }
}

TEST(Contest, ATurnWhoseThreadsHadToWaitDoesNotCount) {
  Held h;
  h.slow.waits = 0.02;
  h.protocol.case_cap_seconds = 1;
  const Turns t = h.hold();
  EXPECT_EQ(accepted(t.samples[1]), 0);
  EXPECT_GT(accepted(t.samples[2]), 0);
}

TEST(Contest, ItEndsWhenTheTimeIsUp) {
  Held h;
  h.machine.speed = [n = 0](double) mutable { return ++n % 2 ? 1 : 0.5; };  // never two good probes
  h.protocol.case_cap_seconds = 2;
  h.hold();
  EXPECT_GT(h.machine.now, 6);
  EXPECT_LT(h.machine.now, 9);
}

TEST(Contest, WhoFailsIsOutAndTheOthersGoOn) {
  Held h;
  h.slow.fails_after = 20;
  const Turns t = h.hold();
  EXPECT_EQ(t.failed, (std::vector<bool>{false, true, false}));
  EXPECT_EQ(t.samples[2].size(), 31u);
}

TEST(Contest, ItIsOverWhenOursFailsOrTheCoreCannotBeProbed) {
  Held h;
  h.ours.fails_after = 20;
  EXPECT_TRUE(h.hold().failed[0]);
  EXPECT_LT(h.machine.log.size(), 20u);
  Held blind;
  blind.machine.last_probe = 100;
  const Turns t = blind.hold();
  EXPECT_EQ(blind.machine.probes, 101);
  EXPECT_EQ(t.failed, (std::vector<bool>{false, false, false}));
}

struct RenewedSystem : FakeSystem {
  using FakeSystem::FakeSystem;
  Renewal renew() override {
    if (renewals == fails_at) return Renewal::failed;
    ++renewals;
    return Renewal::renewed;
  }
  int renewals = 0, fails_at = -1;
};

TEST(Contest, RoundsAreSpreadOverProcessesOfAllThatCanBeStartedAgain) {
  Held h;
  RenewedSystem one{h.machine, 'a', 5};
  const Turns t = hold_contest({&one, &h.slow}, h.machine.surroundings(), h.protocol);
  EXPECT_EQ(one.renewals, h.protocol.processes - 1);
  std::map<int, int> rounds;
  for (const Sample& s : t.samples[0]) ++rounds[s.process.value()];
  EXPECT_EQ(rounds.size(), 6u);
  for (const auto& [process, count] : rounds) EXPECT_GE(count, 5) << process;
  for (const Sample& s : t.samples[1]) EXPECT_EQ(s.process, 0);
}

TEST(Contest, WhoCannotBeStartedAgainIsOut) {
  Held h;
  RenewedSystem one{h.machine, 'a', 5};
  one.fails_at = 2;
  const Turns t = hold_contest({&h.ours, &one}, h.machine.surroundings(), h.protocol);
  EXPECT_EQ(t.failed, (std::vector<bool>{false, true}));
}

TEST(Contest, ASystemWithATimeThatCannotBeHasFailed) {
  Held h;
  FakeSystem nothing{h.machine, 'n', 0};
  const Turns t = hold_contest({&h.ours, &nothing}, h.machine.surroundings(), h.protocol);
  EXPECT_EQ(t.failed, (std::vector<bool>{false, true}));
}

}  // namespace
}  // namespace halcyon
