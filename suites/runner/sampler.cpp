#include "suites/runner/sampler.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <thread>

#include "suites/runner/clock.h"
#include "suites/runner/cpu.h"
#include "suites/runner/fault.h"
#include "suites/runner/gate.h"
#include "suites/runner/probe.h"
#include "suites/runner/rates.h"
#include "suites/runner/timed_case.h"

namespace halcyon {
namespace {

double now_seconds() { return static_cast<double>(now_ns()) * 1e-9; }

/// A set that no cache holds.
std::size_t eviction_bytes(const CacheBytes& caches) {
  return std::max(std::size_t{64} << 20, 2 * caches.l3);
}

class Sampler {
 public:
  Sampler(const OpenBundle& bundle, const Protocol& protocol, const Report& report)
      : bundle_(bundle),
        protocol_(protocol),
        report_(report),
        kind_(probe_kind(bundle.isa())),
        caches_(cache_bytes(pin_to_best(kind_, protocol.cpu))),
        fma_(kind_),
        read_(kind_, 2 * caches_.l2),  // walked in order, none of it is still in L2
        evict_(kind_, protocol.state == "warm" ? 1 : eviction_bytes(caches_)),
        gate_(protocol.probe_gate, protocol.best_window_seconds),
        order_(protocol.seed) {}

  bool run(const std::vector<std::string>& ids) {
    warm_up();
    for (const auto& id : ids) begin(bundle_.find(id));
    std::vector<std::size_t> active;
    for (;;) {
      active.clear();
      for (std::size_t i = 0; i < tasks_.size(); i++)
        if (!tasks_[i].over) active.push_back(i);
      if (active.empty() || crashed_) return !crashed_;
      order_.shuffle(active);
      for (const std::size_t i : active)
        if (!crashed_) turn(tasks_[i]);
    }
  }

 private:
  struct Task {
    Task(const BundledCase& c, Sampler& s)
        : timed(c, s.protocol_, s.caches_, s.evict_),
          read_gate(s.protocol_.read_gate, s.protocol_.best_window_seconds) {
      measured.id = c.id;
    }
    TimedCase timed;
    ProbeGate read_gate;  // of its own: what the case leaves in L3 is part of what the probe sees
    Tally progress;
    Measured measured;
    bool over = false;
  };

  /// Fills the gate's window, so that the first sample is judged like the last.
  void warm_up() {
    constexpr double kSeconds = 0.2;
    for (const double end = now_seconds() + kSeconds; now_seconds() < end;) fma();
  }

  double fma() {
    const double rate = fma_.rate();
    gate_.saw(now_seconds(), rate);
    return rate;
  }

  double read(Task& task) {
    read_.rate();  // brings the set into L3: since the last turn neighbours may have pushed it out,
                   // and 16 GB/s from memory says nothing of the 98 GB/s of L3
    const double rate = read_.rate();
    task.read_gate.saw(now_seconds(), rate);
    return rate;
  }

  /// Runs a part of a case; a signal that it raises ends the case and the process's work.
  template <class Part>
  void guard(Task& task, Part part) {
    flush_denormals();  // whatever the kernel before this one did to the mode
    report_.running(task.measured.id);
    const auto fault = run_guarded(part);
    if (!fault) return;
    crashed_ = true;
    end(task, judge_crash(*fault));
  }

  void begin(const BundledCase& c) {
    Task& task = tasks_.emplace_back(c, *this);
    guard(task, [&] {
      const Finding f = task.timed.verify(task.measured.check);
      if (!f.ok()) return end(task, f);
      task.timed.calibrate();
    });
  }

  void turn(Task& task) {
    guard(task, [&] {
      const double begun = now_seconds();
      const Sample sample = take(task);
      if (!sample.accepted) pause();
      task.progress.taken++;
      task.progress.accepted += sample.accepted;
      task.progress.spent_seconds += now_seconds() - begun;
      task.measured.samples.push_back(sample);
      if (finished(task.progress, protocol_)) conclude(task);
    });
  }

  void pause() const {
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(protocol_.pause_ms));
  }

  Sample take(Task& task) {
    Sample s;
    const bool reads = task.timed.exceeds_l2();
    if (reads) s.read_before = read(task);
    task.timed.prepare();
    const long long delay_before = queue_delay_ns();
    s.probe_before = fma();
    s.ns = task.timed.run();
    s.probe_after = fma();
    // By what the sample took, not by what the work should take: short work that was pushed aside
    // for a time slice of 4 ms has good probes on both sides.
    constexpr std::int64_t kAskedAboveNs = 1'000'000;
    if (s.ns > kAskedAboveNs)
      s.queue_delay =
          static_cast<double>(queue_delay_ns() - delay_before) / static_cast<double>(s.ns);
    if (reads) s.read_after = read(task);
    s.iterations = task.timed.iterations();
    s.order = turns_++;
    const double now = now_seconds();
    s.accepted = gate_.accepts(s.probe_before, s.probe_after, now) &&
                 (!reads || task.read_gate.accepts(s.read_before, s.read_after, now)) &&
                 s.queue_delay <= protocol_.queue_delay_limit;
    return s;
  }

  /// Verifies once more, on the buffers that were timed, and states the outcome.
  void conclude(Task& task) {
    Measured& m = task.measured;
    if (const Finding f = task.timed.verify(m.check); !f.ok())
      return end(task, {f.outcome, "after the timed loop: " + f.detail, f.where});
    std::vector<double> calls;
    for (const Sample& s : m.samples)
      if (s.accepted) calls.push_back(s.ns_per_call());
    if (calls.empty()) return end(task, noisy(task));
    std::nth_element(calls.begin(), calls.begin() + calls.size() / 2, calls.end());
    const double call_ns = calls[calls.size() / 2];
    if (is_impossible(call_ns, task.timed.bundled().macs_inside, gate_.fastest()))
      return end(task, impossible(task, call_ns));
    end(task, outcome_of(task.progress, protocol_) == Outcome::ok ? Finding{} : noisy(task));
  }

  Finding noisy(const Task& task) const {
    return {Outcome::noisy,
            std::to_string(task.progress.accepted) + " of " + std::to_string(task.progress.taken) +
                " samples were undisturbed, " + std::to_string(protocol_.least_samples) +
                " are needed",
            ""};
  }

  Finding impossible(const Task& task, double call_ns) const {
    char text[160];
    std::snprintf(
        text, sizeof text, "%.0f ns a call would be %.1f GFLOP/s, and the core gives %.1f", call_ns,
        2 * static_cast<double>(task.timed.bundled().macs_inside) / call_ns, gate_.fastest());
    return {Outcome::impossible, text, ""};
  }

  void end(Task& task, const Finding& f) {
    Measured& m = task.measured;
    m.outcome = f.outcome;
    m.detail = f.detail;
    m.check.where = f.where;
    m.check.passed = f.ok() || f.outcome == Outcome::noisy || f.outcome == Outcome::impossible;
    if (f.outcome != Outcome::ok && f.outcome != Outcome::noisy) m.samples.clear();
    task.over = true;
    report_.result(m);
  }

  const OpenBundle& bundle_;
  const Protocol& protocol_;
  const Report& report_;
  const ProbeKind& kind_;
  CacheBytes caches_;
  FmaProbe fma_;
  ReadProbe read_;
  ReadProbe evict_;
  ProbeGate gate_;
  TurnOrder order_;
  std::deque<Task> tasks_;
  int turns_ = 0;
  bool crashed_ = false;
};

}  // namespace

bool time_cases(const OpenBundle& bundle, const std::vector<std::string>& ids,
                const Protocol& protocol, const Report& report) {
  return Sampler(bundle, protocol, report).run(ids);
}

}  // namespace halcyon
