#include "suites/runner/network_timing.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "suites/runner/clock.h"
#include "suites/runner/fault.h"
#include "suites/runner/guarded_memory.h"
#include "suites/runner/network_check.h"
#include "suites/runner/sample_taker.h"
#include "suites/runner/team.h"

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
  /// The last run counts.
  void keep(std::int64_t iterations) {
    for (std::size_t i = 0; i < sums_.size(); i++)
      calls_[i].push_back(static_cast<double>(sums_[i]) /
                          static_cast<double>(iterations * images_));
  }
  CallTimes times(double clock_ns) {
    CallTimes t;
    t.clock_ns = clock_ns;
    for (auto& call : calls_) {
      t.median_ns.push_back(quantile(call, 0.5) - clock_ns);
      t.q25_ns.push_back(quantile(call, 0.25) - clock_ns);
    }
    return t;
  }

 private:
  int images_;
  std::vector<std::int64_t> sums_;          // of the last run, by call
  std::vector<std::vector<double>> calls_;  // of those that count
};

class NetworkTimer {
 public:
  NetworkTimer(const OpenBundle& bundle, const Protocol& protocol)
      : bundled_(bundle.network()),
        protocol_(protocol),
        taker_(probe_kind(bundle.isa()), protocol, bundle.threads()),
        threads_(bundle.threads()),
        network_(bundled_),
        judge_(network_),
        stamps_(bundled_) {}

  NetworkMeasured operator()() {
    flush_denormals();
    taker_.warm_up();
    Finding f = verify("");
    if (f.ok()) {
      if (const auto fault = run_guarded([&] { sample(); }))
        f = in_call(network_, judge_crash(*fault));
      else if (f = verify("after the timed loop: "); f.ok())
        f = conclude();
    }
    judge_.sets_seen = 1;
    judge_.state(f, measured_);
    if (f.ok() || f.outcome == Outcome::noisy) return measured_;
    measured_.samples.clear();
    measured_.stamped.clear();
    return measured_;
  }

 private:
  /// One kind of run.
  struct Series {
    Sampled work;
    ReadGate read_gate;
    SampleTally progress;
    std::vector<Sample>& samples;
  };

  Finding verify(const std::string& when) {
    Finding f = judge_.run(kTimedSet, poison_pattern(bundled_.name + " timed " + when));
    if (!f.ok()) f.detail = when + f.detail;
    return f;
  }

  void calibrate() {
    constexpr int kRuns = 3;
    double run_ns = 0;
    for (int i = 0; i < kRuns; i++) {
      const std::int64_t begin = now_ns();
      network_.run();
      const double ns = static_cast<double>(now_ns() - begin);
      run_ns = i == 0 ? ns : std::min(run_ns, ns);
    }
    iterations_ = iterations_for(run_ns, protocol_);
    run_ns_ = run_ns;
  }

  void prepare() {
    constexpr double kTwiceBelowNs = 1e6;  // as for a case: the first run refills the caches
    network_.run();
    if (protocol_.state == "cold")
      read_in_each(taker_.evict());
    else if (run_ns_ < kTwiceBelowNs)
      network_.run();
  }

  std::int64_t run_whole() {
    const std::int64_t begin = now_ns();
    for (std::int64_t i = 0; i < iterations_; i++) network_.run();
    return now_ns() - begin;
  }

  void sample() {
    calibrate();
    const auto prepared = [&] { prepare(); };
    const bool exceeds = bundled_.weights.size() + bundled_.arena_bytes > taker_.caches().l2;
    Series whole{{prepared, [&] { return run_whole(); }, iterations_, exceeds},
                 ReadGate(protocol_, threads_),
                 {},
                 measured_.samples};
    Series stamped{
        {prepared, [&] { return stamps_.run(network_, iterations_); }, iterations_, exceeds},
        ReadGate(protocol_, threads_),
        {},
        measured_.stamped};
    TurnOrder order(protocol_.seed);
    const std::vector<Series*> all = {&whole, &stamped};
    for (std::vector<std::size_t> active;;) {
      active.clear();
      for (std::size_t i = 0; i < all.size(); i++)
        if (!finished(all[i]->progress, protocol_)) active.push_back(i);
      if (active.empty()) break;
      order.shuffle(active);
      for (const std::size_t i : active) take(*all[i], i == 1);
    }
    progress_ = {whole.progress, stamped.progress};
  }

  void take(Series& series, bool is_stamped) {
    const Sample s = taker_.take(series.work, series.read_gate, series.progress);
    series.samples.push_back(s);
    if (is_stamped && s.accepted) stamps_.keep(iterations_);
  }

  Finding conclude() {
    const std::int64_t macs = bundled_.macs_inside();
    Finding f = taker_.verdict(measured_.samples, progress_[0], macs);
    if (f.ok()) f = taker_.verdict(measured_.stamped, progress_[1], macs);
    if (!f.ok()) return f;
    measured_.calls = stamps_.times(clock_cost_ns());
    measured_.calls->empty_call_ns = empty_call_ns(bundled_);
    return f;
  }

  const BundledNetwork& bundled_;
  const Protocol& protocol_;
  SampleTaker taker_;
  const int threads_;
  Network network_;
  NetworkJudge judge_;
  Stamps stamps_;
  NetworkMeasured measured_;
  std::array<SampleTally, 2> progress_;  // of whole runs, of stamped ones
  double run_ns_ = 0;
  std::int64_t iterations_ = 1;
};

}  // namespace

NetworkMeasured time_network(const OpenBundle& bundle, const Protocol& protocol) {
  if (protocol.state != "warm" && protocol.state != "cold")
    throw std::runtime_error("a network is timed warm or cold, not '" + protocol.state + "'");
  return NetworkTimer(bundle, protocol)();
}

}  // namespace halcyon
