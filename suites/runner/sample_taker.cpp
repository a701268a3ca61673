#include "suites/runner/sample_taker.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "suites/runner/clock.h"

namespace halcyon {
namespace {

double now_seconds() { return static_cast<double>(now_ns()) * 1e-9; }

/// A set that no cache holds.
std::size_t eviction_bytes(const CacheBytes& caches) {
  return std::max(std::size_t{64} << 20, 2 * caches.l3);
}

}  // namespace

SampleTaker::SampleTaker(const ProbeKind& kind, const Protocol& protocol, int threads)
    : protocol_(protocol),
      threads_(threads),
      caches_(cache_bytes(take_cores(kind, protocol.cpu, threads))),
      fma_(kind),
      read_(kind, 2 * caches_.l2),  // walked in order, none of it is still in L2
      evict_(kind, protocol.state == "warm" ? 1 : eviction_bytes(caches_)),
      gate_(threads, protocol.probe_gate, protocol.best_window_seconds) {}

void SampleTaker::warm_up() {
  constexpr double kSeconds = 0.2;
  for (const double end = now_seconds() + kSeconds; now_seconds() < end;) fma();
}

Readings SampleTaker::fma() {
  const Readings rates = fma_rates(fma_);
  gate_.saw(now_seconds(), rates);
  return rates;
}

Readings SampleTaker::read() const {
  read_.rates();  // brings the set into L3: since the last turn neighbours may have pushed it out,
                  // and 16 GB/s from memory says nothing of the 98 GB/s of L3
  return read_.rates();
}

Sample SampleTaker::take(const Sampled& work, ReadGate& read_gate, SampleTally& progress) {
  const double begun = now_seconds();
  const Sample s = sample(work, read_gate);
  if (!s.accepted)
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(protocol_.pause_ms));
  progress.taken++;
  progress.accepted += s.accepted;
  progress.spent_seconds += now_seconds() - begun;
  return s;
}

Sample SampleTaker::sample(const Sampled& work, ReadGate& read_gate) {
  Sample s;
  const bool reads = work.exceeds_l2;
  Readings read_before, read_after;
  if (reads) {
    read_before = read();
    read_gate.saw_before(now_seconds(), read_before);
  }
  work.prepare();
  if (threads_ > 1) s.loop_ns = empty_loop_ns();
  const long long delay_before = queue_delay_ns();
  const Readings before = fma();
  s.ns = work.run();
  const Readings after = fma();
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
  s.accepted = gate_.accepts(before, after, now) &&
               (!reads || read_gate.accepts(read_before, read_after, now)) &&
               s.queue_delay <= protocol_.queue_delay_limit;
  return s;
}

Finding SampleTaker::verdict(const std::vector<Sample>& samples, const SampleTally& progress,
                             std::int64_t macs_inside) const {
  std::vector<double> calls;
  for (const Sample& s : samples)
    if (s.accepted) calls.push_back(s.ns_per_call());
  if (calls.empty()) return noisy(progress);
  std::nth_element(calls.begin(), calls.begin() + calls.size() / 2, calls.end());
  const double call_ns = calls[calls.size() / 2];
  if (is_impossible(call_ns, macs_inside, gate_.fastest())) return impossible(call_ns, macs_inside);
  return outcome_of(progress, protocol_) == Outcome::ok ? Finding{} : noisy(progress);
}

Finding SampleTaker::noisy(const SampleTally& progress) const {
  return {Outcome::noisy,
          std::to_string(progress.accepted) + " of " + std::to_string(progress.taken) +
              " samples were undisturbed, " + std::to_string(protocol_.least_samples) +
              " are needed",
          ""};
}

Finding SampleTaker::impossible(double call_ns, std::int64_t macs_inside) const {
  char text[160];
  std::snprintf(text, sizeof text, "%.0f ns a call would be %.1f GFLOP/s, and the %s %.1f", call_ns,
                2 * static_cast<double>(macs_inside) / call_ns,
                threads_ == 1 ? "core gives" : "cores give", gate_.fastest());
  return {Outcome::impossible, text, ""};
}

}  // namespace halcyon
