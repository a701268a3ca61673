#include "suites/peers/contest.h"

#include <algorithm>

#include "results/record/peer_record.h"
#include "suites/protocol/gate.h"

namespace halcyon {
namespace {

/// A contestant's part of the contest.
struct Entry {
  Entry(Contestant* who, const Protocol& p)
      : contestant(who), fma_gate(clock_rule(p)), read_gate(memory_rule(p)) {}
  Contestant* contestant;
  ProbeGate fma_gate;   // fed with everybody's probes
  ProbeGate read_gate;  // of its own: what it leaves in L3 is part of what the probe sees
  std::vector<Sample> samples;
  std::int64_t inference_ns = 0;
  int process = 0;
  bool failed = false;
};

class ContestRun {
 public:
  ContestRun(const std::vector<Contestant*>& contestants, const ContestSurroundings& around,
             const Protocol& protocol, int inferences)
      : around_(around), protocol_(protocol), order_(protocol.seed), inferences_(inferences) {
    for (Contestant* c : contestants) entries_.emplace_back(c, protocol);
  }

  Turns run() {
    for (Entry& e : entries_) {
      warm_up(e);
      for (int i = 0; i < first_probes() && can_probe_; i++) probe(e);
    }
    if (inferences_ == 0) inferences_ = inferences_of_a_turn();
    const double begun = around_.now_seconds();
    const double cap = protocol_.case_cap_seconds * static_cast<double>(entries_.size());
    int generation = 0;
    while (!decided()) {
      const double spent = (around_.now_seconds() - begun) / cap;
      if (spent >= 1) break;
      if (std::max(spent, counted()) * protocol_.processes >= generation + 1) {
        renew();
        ++generation;
      }
      round();
    }
    Turns turns{inferences_, {}, {}};
    for (Entry& e : entries_) {
      turns.samples.push_back(std::move(e.samples));
      turns.failed.push_back(e.failed);
    }
    return turns;
  }

 private:
  /// So that the first turn is judged like the last: about as long as a turn.
  int first_probes() const {
    return std::clamp(static_cast<int>(protocol_.least_sample_us / 1000), 5, 20);
  }

  /// Some inferences to settle caches and lazy set-up, and to learn how long one takes.
  void warm_up(Entry& e) {
    constexpr int kMost = 10;
    constexpr std::int64_t kEnoughNs = 300'000'000;
    std::int64_t spent = 0;
    for (int i = 0; i < kMost && !e.failed && spent < kEnoughNs; i++) {
      const auto turn = turn_of(e, 1);
      if (!turn) return;
      spent += turn->ns;
      e.inference_ns = i ? std::min(e.inference_ns, turn->ns) : turn->ns;
    }
  }

  /// The same for everybody, so that the fastest one's turn is long enough.
  int inferences_of_a_turn() const {
    double least = 0;
    for (const Entry& e : entries_)
      if (!e.failed && (least == 0 || static_cast<double>(e.inference_ns) < least))
        least = static_cast<double>(e.inference_ns);
    return static_cast<int>(std::min<std::int64_t>(iterations_for(least, protocol_), 10'000));
  }

  /// Of the rounds that are wanted of everybody, those that counted; 1: all.
  double counted() const {
    double least = 1;
    for (const Entry& e : entries_) {
      const double rounds = shared_rounds(entries_[0].samples, e.samples);
      if (!e.failed) least = std::min(least, rounds / protocol_.wanted_samples);
    }
    return least;
  }

  bool decided() const {
    return entries_.empty() || entries_[0].failed || !can_probe_ || counted() >= 1;
  }

  void renew() {
    for (Entry& e : entries_) {
      if (e.failed) continue;
      const Renewal what = e.contestant->renew();
      e.failed = what == Renewal::failed;
      if (what != Renewal::renewed) continue;
      ++e.process;
      warm_up(e);
    }
  }

  void round() {
    std::vector<std::size_t> turns;
    for (std::size_t i = 0; i < entries_.size(); i++)
      if (!entries_[i].failed) turns.push_back(i);
    order_.shuffle(turns);
    for (const std::size_t i : turns)
      if (can_probe_) take_turn(entries_[i]);
  }

  void take_turn(Entry& e) {
    const auto before = probe(e);
    if (!before || !turn_of(e, 1)) return;
    const auto turn = turn_of(e, inferences_);
    const auto after = turn ? probe(e) : std::nullopt;
    if (!after) return;
    Sample s;
    s.ns = turn->ns;
    s.iterations = inferences_;
    s.probe_before = before->gflops, s.probe_after = after->gflops;
    s.read_before = before->read_gbs, s.read_after = after->read_gbs;
    s.queue_delay = static_cast<double>(turn->waited_ns) / static_cast<double>(turn->ns);
    if (protocol_.processes > 1) s.process = e.process;
    s.order = turns_++;
    const double now = around_.now_seconds();
    judge(s, e.fma_gate.accepts(s.probe_before, s.probe_after, now),
          e.read_gate.accepts(s.read_before, s.read_after, now), protocol_);
    e.samples.push_back(s);
    if (!s.accepted) around_.pause(protocol_.pause_ms);
  }

  std::optional<PeerTurn> turn_of(Entry& e, int inferences) {
    auto turn = e.contestant->run(inferences);
    if (turn && (turn->ns <= 0 || turn->waited_ns < 0)) turn.reset();
    e.failed = !turn;
    return turn;
  }

  std::optional<CoreLevel> probe(Entry& e) {
    const auto level = around_.probe();
    can_probe_ = level.has_value();
    if (!level) return level;
    const double now = around_.now_seconds();
    for (Entry& everybody : entries_) everybody.fma_gate.saw(now, level->gflops);
    e.read_gate.saw(now, level->read_gbs);
    return level;
  }

  const ContestSurroundings& around_;
  const Protocol& protocol_;
  TurnOrder order_;
  std::vector<Entry> entries_;
  int inferences_, turns_ = 0;
  bool can_probe_ = true;
};

}  // namespace

Protocol contest_protocol() {
  Protocol p;
  p.least_sample_us = 20'000;
  p.case_cap_seconds = 30;
  p.processes = 6;
  return p;
}

Protocol case_contest_protocol() {
  Protocol p;
  p.least_sample_us = 5'000;
  p.case_cap_seconds = 6;
  p.wanted_samples = 32;
  p.processes = 4;
  return p;
}

Turns hold_contest(const std::vector<Contestant*>& contestants, const ContestSurroundings& around,
                   const Protocol& protocol, int inferences) {
  return ContestRun(contestants, around, protocol, inferences).run();
}

}  // namespace halcyon
