// oneDNN, one primitive for each op of a problem; README.md says what is set and why.
#include <immintrin.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>

#include "suites/peers/line_peer.h"
#include "suites/peers/onednn_chain.h"

namespace onednn_peer {
namespace {

constexpr Form kForms[] = {{false, true}, {true, true}, {false, false}, {true, false}};

std::vector<int> allowed_cpus() {
  cpu_set_t set;
  sched_getaffinity(0, sizeof set, &set);
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  return cpus;
}

class OneDnn {
 public:
  explicit OneDnn(int threads) : threads_(threads), engine_(dnnl::engine::kind::cpu, 0) {
    const std::vector<int> cpus = allowed_cpus();
    if (static_cast<int>(cpus.size()) < threads)
      throw std::runtime_error(std::to_string(threads) + " threads, and " +
                               std::to_string(cpus.size()) + " CPUs are allowed here");
    omp_set_num_threads(threads);
#pragma omp parallel
    {
      constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x0040;
      _mm_setcsr(_mm_getcsr() | kFlushToZero | kDenormalsAreZero);
      cpu_set_t own;
      CPU_ZERO(&own);
      CPU_SET(cpus[static_cast<std::size_t>(omp_get_thread_num())], &own);
      sched_setaffinity(0, sizeof own, &own);
    }
  }

  std::string hello() const {
    const dnnl_version_t* v = dnnl::version();
    return "onednn " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." +
           std::to_string(v->patch) + " f32 threads=" + std::to_string(threads_) +
           " layouts=nhwc,any post_ops=fused,apart";
  }

  /// Of all forms the one that is quickest here stays.
  std::string load(const std::string& path) {
    chain_.reset();
    problem_ = read_problem(path);
    std::vector<Candidate> candidates;
    std::string why;
    for (const Form& form : kForms) {
      try {
        candidates.push_back({std::make_unique<Chain>(problem_, form, engine_), {}});
      } catch (const std::exception& e) {
        why = e.what();
      }
    }
    if (candidates.empty()) throw std::runtime_error("no form of this problem: " + why);
    chain_ = std::move(quickest(candidates).chain);
    return chain_->note();
  }

  void bind(const Floats& values) { chain_->bind(values); }
  void infer() { chain_->infer(); }
  Floats outputs() { return chain_->outputs(); }

 private:
  struct Candidate {
    std::unique_ptr<Chain> chain;
    std::vector<double> seconds;
  };

  static double seconds_of(Chain& chain, int times) {
    using Clock = std::chrono::steady_clock;
    const auto began = Clock::now();
    for (int i = 0; i < times; i++) chain.infer();
    return std::chrono::duration<double>(Clock::now() - began).count() / times;
  }

  /// In turns, on values as they may be; who takes thrice the least at once is out.
  Candidate& quickest(std::vector<Candidate>& all) const {
    constexpr int kRounds = 9;
    constexpr double kTurnSeconds = 1e-3, kHopeless = 3;
    double least = 1e9;
    for (Candidate& c : all) {
      c.chain->bind(some_values());
      const double first = seconds_of(*c.chain, 1);
      const double once = std::min(first, seconds_of(*c.chain, 1));
      c.seconds = {once};
      least = std::min(least, once);
    }
    std::erase_if(all, [&](const Candidate& c) { return c.seconds[0] > kHopeless * least; });
    const int times = static_cast<int>(std::clamp(kTurnSeconds / least, 1.0, 1000.0));
    for (Candidate& c : all) c.seconds.clear();
    for (int round = 0; round < kRounds; round++)
      for (Candidate& c : all) c.seconds.push_back(seconds_of(*c.chain, times));
    const auto middle = [](Candidate& c) {
      std::nth_element(c.seconds.begin(), c.seconds.begin() + kRounds / 2, c.seconds.end());
      return c.seconds[kRounds / 2];
    };
    return *std::min_element(all.begin(), all.end(),
                             [&](Candidate& a, Candidate& b) { return middle(a) < middle(b); });
  }

  Floats some_values() const {
    std::size_t elements = 0;
    for (const Dims& d : problem_.inputs)
      elements += static_cast<std::size_t>(d[0] * d[1] * d[2] * d[3]);
    std::mt19937 random(1);
    std::uniform_real_distribution<float> between(-1, 1);
    Floats values(elements);
    for (float& v : values) v = between(random);
    return values;
  }

  const int threads_;
  const dnnl::engine engine_;
  ProblemText problem_;
  std::unique_ptr<Chain> chain_;
};

}  // namespace
}  // namespace onednn_peer

int main(int argc, char** argv) { return line_peer::serve<onednn_peer::OneDnn>(argc, argv); }
