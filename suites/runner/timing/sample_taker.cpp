#include "suites/runner/timing/sample_taker.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "suites/runner/process/clock.h"

namespace halcyon {
namespace {

double now_seconds() { return static_cast<double>(now_ns()) * 1e-9; }

/// A set that no cache holds.
std::size_t eviction_bytes(const CacheBytes& caches) {
  return std::max(std::size_t{64} << 20, 2 * caches.l3);
}

}  // namespace

SampleTaker::SampleTaker(const std::string& isa, const Protocol& protocol, int threads)
    : protocol_(protocol),
      threads_(threads),
      caches_(cache_bytes(take_cores(probe_kind(isa), protocol.cpu, threads))),
      isa_(isa),
      read_(probe_kind(isa), 2 * caches_.l2),  // walked in order, none of it is still in L2
      evict_(probe_kind(isa), protocol.state == CacheState::warm ? 1 : eviction_bytes(caches_)) {}

const FmaProbe& SampleTaker::probe_of(DType peak) {
  return probes_.try_emplace(peak, probe_kind(isa_, peak)).first->second;
}

void SampleTaker::warm_up() {
  constexpr double kSeconds = 0.2;
  Clock& clock = clock_for({});
  for (const double end = now_seconds() + kSeconds; now_seconds() < end;) fma(clock);
}

SampleTaker::Clock& SampleTaker::clock_for(const Sampled& work) {
  constexpr double kShareOfWork = 0.1;
  constexpr int kMostTimes = 16, kFirstProbes = 8;
  int times = 1;
  while (times < kMostTimes && 2 * times * kProbeNs <= kShareOfWork * work.expected_ns) times *= 2;
  for (Clock& clock : clocks_)
    if (clock.peak == work.peak && clock.times == times) return clock;
  Clock& clock =
      clocks_.emplace_back(Clock{work.peak, times, TeamGate(threads_, clock_rule(protocol_))});
  for (int i = 0; i < kFirstProbes; i++) fma(clock);  // the first sample is judged like the last
  return clock;
}

Readings SampleTaker::fma(Clock& clock) {
  const Readings rates = fma_rates(probe_of(clock.peak), clock.times);
  clock.gate.saw(now_seconds(), rates);
  return rates;
}

Readings SampleTaker::read() {
  if (protocol_.state != CacheState::warm) return memory_rates(evict_, next_slice_);
  read_.rates();  // brings the set into L3: since the last turn neighbours may have pushed it out,
                  // and 16 GB/s from memory says nothing of the 98 GB/s of L3
  return read_.rates();
}

Sample SampleTaker::take(const Sampled& work, ReadGate& read_gate, SampleTally& progress) {
  const double begun = now_seconds();
  const Sample s = sample(work, read_gate);
  if (!s.accepted)
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(protocol_.pause_ms));
  progress.add(s, now_seconds() - begun);
  return s;
}

Sample SampleTaker::sample(const Sampled& work, ReadGate& read_gate) {
  Sample s;
  Clock& clock = clock_for(work);
  // Cold weights come from memory, however few they are.
  const bool reads = work.exceeds_l2 || protocol_.state != CacheState::warm;
  Readings read_before, read_after;
  if (reads) {
    read_before = read();
    read_gate.saw_before(now_seconds(), read_before);
  }
  work.prepare();
  if (threads_ > 1) s.loop_ns = empty_loop_ns();
  const long long delay_before = queue_delay_ns();
  const Readings before = fma(clock);
  s.ns = work.run();
  const Readings after = fma(clock);
  // By what the sample took, not by what the work should take: short work that was pushed aside
  // for a time slice of 4 ms has good probes on both sides.
  constexpr std::int64_t kAskedAboveNs = 1'000'000;
  if (s.ns > kAskedAboveNs)
    s.queue_delay =
        static_cast<double>(queue_delay_ns() - delay_before) / static_cast<double>(s.ns);
  if (reads) {
    read_after = read();
    read_gate.saw_after(now_seconds(), read_after);
  }
  s.probe_before = sum(before);
  s.probe_after = sum(after);
  s.read_before = sum(read_before);
  s.read_after = sum(read_after);
  s.iterations = work.iterations;
  s.order = turns_++;
  const double now = now_seconds();
  judge(s, clock.gate.accepts(before, after, now),
        !reads || read_gate.accepts(read_before, read_after, now), protocol_);
  return s;
}

Finding SampleTaker::verdict(const SampleTally& progress, std::int64_t macs_inside,
                             DType peak) const {
  std::vector<double> calls = progress.calls_ns;
  if (!calls.empty()) {
    std::nth_element(calls.begin(), calls.begin() + calls.size() / 2, calls.end());
    const double call_ns = calls[calls.size() / 2];
    if (is_impossible(call_ns, macs_inside, fastest(peak)))
      return impossible(call_ns, macs_inside, peak);
  }
  const std::string why = why_noisy(progress, protocol_);
  return why.empty() ? Finding{} : Finding{Outcome::noisy, why, ""};
}

double SampleTaker::fastest(DType peak) const {
  double rate = 0;
  for (const Clock& clock : clocks_)
    if (clock.peak == peak) rate = std::max(rate, clock.gate.fastest());
  return rate;
}

Finding SampleTaker::impossible(double call_ns, std::int64_t macs_inside, DType peak) const {
  char text[160];
  std::snprintf(text, sizeof text, "%.0f ns a call would be %.1f GFLOP/s, and the %s %.1f", call_ns,
                2 * static_cast<double>(macs_inside) / call_ns,
                threads_ == 1 ? "core gives" : "cores give", fastest(peak));
  return {Outcome::impossible, text, ""};
}

}  // namespace halcyon
