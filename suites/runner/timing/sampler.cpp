#include "suites/runner/timing/sampler.h"

#include <deque>

#include "suites/runner/process/fault.h"
#include "suites/runner/timing/sample_taker.h"
#include "suites/runner/timing/timed_case.h"

namespace halcyon {
namespace {

class Sampler {
 public:
  Sampler(const OpenBundle& bundle, const Protocol& protocol, const Report& report)
      : bundle_(bundle),
        protocol_(protocol),
        report_(report),
        taker_(bundle.isa(), protocol, bundle.threads()),
        order_(protocol.seed) {}

  bool run(const std::vector<std::string>& ids) {
    taker_.warm_up();
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
        : timed(c, s.protocol_, s.taker_.caches(), s.taker_.evict()),
          read_gate(s.protocol_, s.bundle_.threads()) {
      measured.id = c.id;
    }
    TimedCase timed;
    Sampled work;
    ReadGate read_gate;
    SampleTally progress;
    Measured measured;
    bool over = false;
  };

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
      task.work = {[&] { task.timed.prepare(); }, [&] { return task.timed.run(); },
                   task.timed.iterations(),       task.timed.expected_ns(),
                   task.timed.exceeds_l2(),       task.timed.bundled().peak};
    });
  }

  void turn(Task& task) {
    guard(task, [&] {
      task.measured.samples.push_back(taker_.take(task.work, task.read_gate, task.progress));
      if (finished(task.progress, protocol_)) conclude(task);
    });
  }

  /// Verifies once more, on the buffers that were timed, and states the outcome.
  void conclude(Task& task) {
    Measured& m = task.measured;
    if (const Finding f = task.timed.verify(m.check); !f.ok())
      return end(task, {f.outcome, "after the timed loop: " + f.detail, f.where});
    end(task,
        taker_.verdict(task.progress, task.timed.bundled().macs_inside, task.timed.bundled().peak));
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
  SampleTaker taker_;
  TurnOrder order_;
  std::deque<Task> tasks_;
  bool crashed_ = false;
};

}  // namespace

bool time_cases(const OpenBundle& bundle, const std::vector<std::string>& ids,
                const Protocol& protocol, const Report& report) {
  return Sampler(bundle, protocol, report).run(ids);
}

}  // namespace halcyon
