#include "suites/runner/timing/network_timing.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include "suites/runner/check/network_check.h"
#include "suites/runner/process/clock.h"
#include "suites/runner/process/fault.h"
#include "suites/runner/process/guarded_memory.h"
#include "suites/runner/timing/sample_taker.h"
#include "suites/runner/timing/team.h"

namespace halcyon {
namespace {

constexpr std::size_t kTimedSet = 0;

/// Lower quantile of values that it may reorder.
double quantile(std::vector<double>& values, double share) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// ns of one reading of the clock, as it is between two calls.
double clock_cost_ns() {
  constexpr int kReadings = 1000, kTimes = 21;
  std::vector<double> costs;
  for (int t = 0; t < kTimes; t++) {
    const std::int64_t begin = now_ns();
    for (int i = 1; i < kReadings; i++) now_ns();
    costs.push_back(static_cast<double>(now_ns() - begin) / kReadings);
  }
  return quantile(costs, 0.5);
}

int empty_kernel(void**) { return 0; }

/// ns of a call by the list to a kernel that does nothing.
double empty_call_ns(const BundledNetwork& n) {
  constexpr int kTimes = 21;
  std::vector<BundledCase> kernels;
  for (const BundledCall& call : n.calls) kernels.push_back(*call.kernel);
  BundledNetwork idle = n;
  idle.weights = {};  // nobody reads it
  for (std::size_t i = 0; i < kernels.size(); i++) {
    kernels[i].timed = empty_kernel;
    idle.calls[i].kernel = &kernels[i];
  }
  Network network(idle);
  std::vector<double> costs;
  for (int t = 0; t < kTimes; t++) {
    const std::int64_t begin = now_ns();
    network.run();
    costs.push_back(static_cast<double>(now_ns() - begin) /
                    static_cast<double>(n.calls.size() * static_cast<std::size_t>(n.batch)));
  }
  return quantile(costs, 0.5);
}

/// Times of the calls in stamped runs.
class Stamps {
 public:
  explicit Stamps(const BundledNetwork& n)
      : images_(n.batch), sums_(n.calls.size()), calls_(n.calls.size()) {}

  /// ns of `iterations` runs.
  std::int64_t run(Network& network, std::int64_t iterations) {
    std::fill(sums_.begin(), sums_.end(), 0);
    const std::int64_t begin = now_ns();
    std::int64_t last = begin;
    for (std::int64_t i = 0; i < iterations; i++)
      network.run([&](std::size_t call) {
        const std::int64_t now = now_ns();
        sums_[call] += now - last;
        last = now;
      });
    return last - begin;
  }
  /// The last run counts. ns of each of its calls, for one image.
  std::vector<double> keep(std::int64_t iterations) {
    std::vector<double> calls;
    for (std::size_t i = 0; i < sums_.size(); i++) {
      calls.push_back(static_cast<double>(sums_[i]) / static_cast<double>(iterations * images_));
      calls_[i].push_back(calls.back());
    }
    return calls;
  }
  CallTimes times(double clock_ns) {
    CallTimes t;
    constexpr double kLeastNs = 0.1;  // no call takes nothing, though the clock may say so
    t.clock_ns = clock_ns;
    for (auto& call : calls_) {
      t.median_ns.push_back(std::max(kLeastNs, quantile(call, 0.5) - clock_ns));
      t.q25_ns.push_back(std::max(kLeastNs, quantile(call, 0.25) - clock_ns));
    }
    return t;
  }

 private:
  int images_;
  std::vector<std::int64_t> sums_;          // of the last run, by call
  std::vector<std::vector<double>> calls_;  // of those that count
};

/// One of the networks and where its sampling stands.
class TimedNetwork {
 public:
  TimedNetwork(const BundledNetwork& bundled, const Protocol& protocol, SampleTaker& taker,
               int threads)
      : bundled_(bundled),
        protocol_(protocol),
        taker_(taker),
        network_(bundled),
        judge_(network_),
        stamps_(bundled),
        whole_(protocol, threads),
        stamped_(protocol, threads) {}

  Finding verify(const std::string& when) {
    Finding f = judge_.run(kTimedSet, poison_pattern(bundled_.name + " timed " + when));
    if (!f.ok()) f.detail = when + f.detail;
    return f;
  }

  void calibrate() {
    constexpr int kRuns = 3;
    for (int i = 0; i < kRuns; i++) {
      const std::int64_t begin = now_ns();
      network_.run();
      const double ns = static_cast<double>(now_ns() - begin);
      run_ns_ = i == 0 ? ns : std::min(run_ns_, ns);
    }
    iterations_ = iterations_for(run_ns_, protocol_);
  }

  bool done(bool stamped) const {
    return finished((stamped ? stamped_ : whole_).progress, protocol_);
  }
  /// One sample of a run without stamps or with them.
  void take(bool stamped) {
    Series& series = stamped ? stamped_ : whole_;
    const bool exceeds = bundled_.weights.size() + bundled_.arena_bytes > taker_.caches().l2;
    const Sampled work{
        [this] { prepare(); },
        [this, stamped] { return stamped ? stamps_.run(network_, iterations_) : run_whole(); },
        iterations_,
        run_ns_ * static_cast<double>(iterations_),
        exceeds,
        bundled_.peak()};
    const Sample s = taker_.take(work, series.read_gate, series.progress);
    (stamped ? measured_.stamped : measured_.samples).push_back(s);
    if (!stamped) return;
    measured_.stamps.emplace_back();
    if (s.accepted) measured_.stamps.back() = stamps_.keep(iterations_);
  }

  /// What the samples amount to, once they are taken.
  Finding conclude() {
    const std::int64_t macs = bundled_.macs_inside();
    Finding f = taker_.verdict(whole_.progress, macs, bundled_.peak());
    if (f.ok()) f = taker_.verdict(stamped_.progress, macs, bundled_.peak());
    if (!f.ok()) return f;
    measured_.calls = stamps_.times(clock_cost_ns());
    measured_.calls->empty_call_ns = empty_call_ns(bundled_);
    return f;
  }

  Finding blame(const Fault& fault) const { return in_call(network_, judge_crash(fault)); }

  NetworkMeasured result(const Finding& f) {
    judge_.sets_seen = 1;
    judge_.state(f, measured_);
    if (!f.ok() && f.outcome != Outcome::noisy) {
      measured_.samples.clear();
      measured_.stamped.clear();
      measured_.stamps.clear();
    }
    return std::move(measured_);
  }

 private:
  /// One kind of run.
  struct Series {
    Series(const Protocol& protocol, int threads) : read_gate(protocol, threads) {}
    ReadGate read_gate;
    SampleTally progress;
  };

  void prepare() {
    constexpr double kTwiceBelowNs = 1e6;  // as for a case: the first run refills the caches
    network_.run();
    if (protocol_.state == CacheState::cold)
      read_in_each(taker_.evict());
    else if (run_ns_ < kTwiceBelowNs)
      network_.run();
  }

  std::int64_t run_whole() {
    const std::int64_t begin = now_ns();
    for (std::int64_t i = 0; i < iterations_; i++) network_.run();
    return now_ns() - begin;
  }

  const BundledNetwork& bundled_;
  const Protocol& protocol_;
  SampleTaker& taker_;
  Network network_;
  NetworkJudge judge_;
  Stamps stamps_;
  NetworkMeasured measured_;
  Series whole_, stamped_;
  double run_ns_ = 0;
  std::int64_t iterations_ = 1;
};

class NetworkTimer {
 public:
  NetworkTimer(const OpenBundle& bundle, const std::vector<std::size_t>& which,
               const Protocol& protocol)
      : protocol_(protocol), taker_(bundle.isa(), protocol, bundle.threads()) {
    for (const std::size_t i : which)
      all_.emplace_back(bundle.networks().at(i), protocol, taker_, bundle.threads());
    findings_.resize(all_.size());
  }

  std::vector<NetworkMeasured> operator()() {
    flush_denormals();
    taker_.warm_up();
    for (std::size_t i = 0; i < all_.size(); i++) findings_[i] = all_[i].verify("");
    if (const auto fault = run_guarded([&] { sample(); })) {
      for (Finding& f : findings_)
        if (f.ok()) f = {Outcome::infra, "another network of the bundle crashed meanwhile", ""};
      findings_[at_] = all_[at_].blame(*fault);
    }
    std::vector<NetworkMeasured> results;
    for (std::size_t i = 0; i < all_.size(); i++) {
      Finding& f = findings_[i];
      if (f.ok()) f = all_[i].verify("after the timed loop: ");
      if (f.ok()) f = all_[i].conclude();
      results.push_back(all_[i].result(f));
    }
    return results;
  }

 private:
  /// Number 2i is network i without stamps, 2i + 1 with them.
  void sample() {
    for (std::size_t i = 0; i < all_.size(); i++)
      if (findings_[i].ok()) at(i).calibrate();
    TurnOrder order(protocol_.seed);
    for (std::vector<std::size_t> active;;) {
      active.clear();
      for (std::size_t turn = 0; turn < 2 * all_.size(); turn++)
        if (findings_[turn / 2].ok() && !all_[turn / 2].done(turn % 2)) active.push_back(turn);
      if (active.empty()) break;
      order.shuffle(active);
      for (const std::size_t turn : active) at(turn / 2).take(turn % 2);
    }
  }

  TimedNetwork& at(std::size_t network) {
    at_ = network;
    return all_[network];
  }

  const Protocol& protocol_;
  SampleTaker taker_;
  std::deque<TimedNetwork> all_;
  std::vector<Finding> findings_;
  volatile std::size_t at_ = 0;  // the network that runs; read after a signal
};

}  // namespace

std::vector<NetworkMeasured> time_networks(const OpenBundle& bundle,
                                           const std::vector<std::size_t>& which,
                                           const Protocol& protocol) {
  if (protocol.state == CacheState::cold_weights)
    throw std::runtime_error(
        "a network is timed warm or cold: its calls make each other's weights cold");
  return NetworkTimer(bundle, which, protocol)();
}

}  // namespace halcyon
