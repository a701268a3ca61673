#include "suites/meters/processes.h"

#include <algorithm>

#include "results/record/stats.h"
#include "suites/protocol/gate.h"

namespace halcyon {
namespace {

void append(std::vector<Sample>& all, const std::vector<Sample>& more, int process) {
  for (Sample s : more) {
    s.process = process;
    all.push_back(std::move(s));
  }
}

/// By the gate's rules, of all samples together; empty where they make a figure.
std::string why_noisy(const Measured& m, const Protocol& protocol) {
  return why_noisy(tally_of(m.samples), protocol);
}

/// Those of its calls are a series of their own.
std::string why_noisy(const NetworkMeasured& m, const Protocol& protocol) {
  std::string why = why_noisy(tally_of(m.samples), protocol);
  if (why.empty()) why = why_noisy(tally_of(m.stamped), protocol);
  // A process whose samples all were refused says nothing of its calls.
  if (why.empty() && !m.calls) why = "no process gave the times of its calls";
  return why;
}

/// Of each call the times that its stamps give, less a reading of the clock.
CallTimes times_of(const std::vector<std::vector<double>>& stamps, const CallTimes& like) {
  constexpr double kLeastNs = 0.1;  // no call takes nothing, though the clock may say so
  CallTimes times = like;
  for (std::size_t call = 0; call < like.median_ns.size(); ++call) {
    std::vector<double> ns;
    for (const std::vector<double>& sample : stamps)
      if (!sample.empty()) ns.push_back(sample.at(call));
    times.median_ns[call] = std::max(kLeastNs, median(ns) - like.clock_ns);
    times.q25_ns[call] = std::max(kLeastNs, quantile(ns, 0.25) - like.clock_ns);
  }
  return times;
}

template <class Measurement>
bool wants_one_more(const Measurement& m, const Protocol& protocol, int processes) {
  if (!may_go_on(m.outcome)) return false;
  if (processes < protocol.processes) return true;
  return processes < 2 * protocol.processes &&
         tally_of(m.samples).accepted >= protocol.least_samples && !why_noisy(m, protocol).empty();
}

template <class Measurement>
void settle(Measurement& m, const Protocol& protocol) {
  m.detail = why_noisy(m, protocol);
  m.outcome = m.detail.empty() ? Outcome::ok : Outcome::noisy;
}

/// True where the outcome is that of a failure, and stays.
template <class Measurement>
bool join(Measurement& all, const Measurement& one, int process) {
  if (process == 0) {
    all = one;
    all.samples.clear();
  } else if (!may_go_on(one.outcome)) {
    all.outcome = one.outcome;
    all.detail = one.detail;
    all.check = one.check;
    all.samples.clear();
  }
  if (!may_go_on(one.outcome)) return true;
  append(all.samples, one.samples, process);
  return false;
}

}  // namespace

Protocol protocol_of_process(const Protocol& protocol, int process) {
  Protocol p = protocol;
  p.wanted_samples = (p.wanted_samples + p.processes - 1) / p.processes;
  p.least_samples = 1;
  p.case_cap_seconds /= p.processes;
  p.seed += static_cast<std::uint64_t>(process);
  p.processes = 1;
  return p;
}

bool wants_another(const Measured& m, const Protocol& protocol, int processes) {
  return wants_one_more(m, protocol, processes);
}

bool wants_another(const NetworkMeasured& m, const Protocol& protocol, int processes) {
  return wants_one_more(m, protocol, processes);
}

void join_process(Measured& all, const Measured& one, int process) { join(all, one, process); }

void join_process(NetworkMeasured& all, const NetworkMeasured& one, int process) {
  const bool failed = join(all, one, process);
  if (process == 0 || failed) {
    all.stamped.clear();
    all.stamps.clear();
  }
  if (failed) return all.calls.reset();
  if (one.calls) all.calls = one.calls;
  append(all.stamped, one.stamped, process);
  all.stamps.insert(all.stamps.end(), one.stamps.begin(), one.stamps.end());
}

void settle_processes(Measured& m, const Protocol& protocol) {
  if (may_go_on(m.outcome)) settle(m, protocol);
}

void settle_processes(NetworkMeasured& m, const Protocol& protocol) {
  if (!may_go_on(m.outcome)) return;
  settle(m, protocol);
  if (m.outcome == Outcome::ok)
    m.calls = times_of(m.stamps, *m.calls);
  else
    m.calls.reset();
}

}  // namespace halcyon
