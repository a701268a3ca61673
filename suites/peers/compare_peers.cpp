#include "suites/peers/compare_peers.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>

#include "kernels/oracle/tensor_file.h"
#include "results/files/temporary_folder.h"
#include "results/record/machine.h"
#include "results/text/format.h"
#include "suites/request/progress.h"

namespace halcyon {
namespace {

/// How far a system's output is from the network's.
struct Distance {
  double of_range = 0;            // largest absolute error over the range, of the worst output
  std::optional<double> sqnr_db;  // of the worst output; none without any error
};

/// None where a value is not finite.
std::optional<Distance> distance(const Tensor& got, const std::vector<Tensor>& expected) {
  Distance worst;
  const std::vector<double> found = numbers_of<double>(got);
  auto at = found.begin();
  for (const Tensor& output : expected) {
    const auto [least, most] = range_of(output);
    const double reach = output.size() == 1 ? std::abs(most) : most - least;  // of one, its size
    const double range = std::max(rounded_to(output.dtype(), reach), 1e-30);
    double signal = 1e-60, noise = 0;  // an output of zeros has a ratio, too
    for (const double wanted : numbers_of<double>(output)) {
      const double error = std::abs(*at++ - wanted);
      if (!std::isfinite(error)) return std::nullopt;
      worst.of_range = std::max(worst.of_range, error / range);
      signal += wanted * wanted;
      noise += error * error;
    }
    if (noise == 0) continue;
    const double sqnr_db = 10 * std::log10(signal / noise);
    worst.sqnr_db = std::min(worst.sqnr_db.value_or(sqnr_db), sqnr_db);
  }
  return worst;
}

/// A system and what is known of it.
struct Entrant {
  Peer* peer = nullptr;
  const std::vector<Tensor>* expected = nullptr;
  PeerResult result;
  bool takes_part = false;

  void end(PeerOutcome outcome, const std::string& why) {
    takes_part = false;
    result.outcome = outcome;
    result.detail = why;
  }
};

}  // namespace

class PeerRun {
 public:
  PeerRun(const PeerTask& task, RunningPeers& running) : task_(task), running_(running) {
    for (const auto& output : task.expected) elements_ += output.size();
    write_tensor(input_, task.input);
  }

  PeerComparison run() {
    running_.systems_.resize(1 + task_.peers.size());
    enter(task_.own, "f32", running_.systems_[0]);
    for (std::size_t i = 0; i < task_.peers.size(); i++)
      enter(task_.peers[i], task_.dtype, running_.systems_[i + 1]);
    Turns turns;
    if (entrants_[0].takes_part) turns = contest();
    for (Entrant& e : entrants_)
      if (!entrants_[0].takes_part && e.takes_part)
        e.end(PeerOutcome::noisy, "not timed: ours takes no part");
    PeerComparison c;
    c.threads = task_.threads;
    c.inferences = turns.inferences;
    c.dtype = task_.dtype;
    c.error_tolerance = task_.tolerance;
    c.own = std::move(entrants_[0].result);
    c.own.version = toolchain().version;
    for (std::size_t i = 1; i < entrants_.size(); i++)
      c.peers.push_back(std::move(entrants_[i].result));
    return derived(std::move(c), task_.macs);
  }

 private:
  void tell(const std::string& what) const {
    if (task_.tell) task_.tell(what);
  }

  /// What a system loads of the task.
  bool load(const PeerProgram& program, Peer& peer, bool own) const {
    if (own && !task_.own_case.empty()) return peer.load_named(task_.own_case);
    return peer.load(program.of_problems ? task_.description : task_.model);
  }

  /// Starts a system where it does not run, and has it compute the network once, in `dtype`.
  void enter(const PeerProgram& program, const std::string& dtype, std::unique_ptr<Peer>& peer) {
    if (!peer || peer->has_gone()) {
      tell("starting " + program.name + (dtype == "f32" ? "" : " in " + dtype));
      peer = running_.started(program, task_.cpus);
    }
    const bool own = entrants_.empty();
    Entrant& e = entrants_.emplace_back();
    e.peer = peer.get();
    e.expected = own && !task_.own_expected.empty() ? &task_.own_expected : &task_.expected;
    const bool loaded = e.peer->meet(task_.threads, dtype) && load(program, *e.peer, own);
    e.result.name = e.peer->name();
    e.result.version = e.peer->version();
    e.result.options = e.peer->options();
    e.result.layout = e.peer->layout();
    e.result.precision = e.peer->precision();
    if (!loaded) return e.end(PeerOutcome::absent, e.peer->why());
    if (const std::string why = other_files(*e.peer); !why.empty())
      return e.end(PeerOutcome::absent, why);
    if (!e.peer->bind(input_, task_.input.size())) return e.end(PeerOutcome::absent, e.peer->why());
    e.takes_part = true;
    if (!e.peer->run(1)) return e.end(PeerOutcome::failed, e.peer->why());
    check(e, "");
  }

  /// Whether its output is the network's; of a system that takes part.
  void check(Entrant& e, const std::string& when) {
    const auto values = e.peer->output(output_, task_.expected.front().dtype(), elements_ + 1);
    if (!values) return e.end(PeerOutcome::failed, when + e.peer->why());
    if (values->size() != elements_)
      return e.end(PeerOutcome::wrong, when + "its output has " + std::to_string(values->size()) +
                                           " elements, allowed " + std::to_string(elements_));
    const auto off = distance(*values, *e.expected);
    if (!off) return e.end(PeerOutcome::wrong, when + "its output is not finite");
    e.result.max_error = std::max(e.result.max_error.value_or(0), off->of_range);
    if (off->sqnr_db)
      e.result.sqnr_db = std::min(e.result.sqnr_db.value_or(*off->sqnr_db), *off->sqnr_db);
    if (e.result.precision == "f32" && !(off->of_range <= task_.tolerance))
      e.end(PeerOutcome::wrong, when + "off by " + significant(off->of_range, 3) +
                                    " of the output's range, allowed " +
                                    significant(task_.tolerance, 3));
  }

  /// Why the files of input and output are not those of a system; empty where they are.
  std::string other_files(const Peer& peer) const {
    const std::string input(to_text(task_.input.dtype())),
        output(to_text(task_.expected.front().dtype()));
    if (peer.input_dtype() != input)
      return "it takes " + peer.input_dtype() + ", and the input is " + input;
    if (peer.output_dtype() != output)
      return "it gives " + peer.output_dtype() + ", and the output is " + output;
    return "";
  }

  Turns contest() {
    auto& probes = running_.probes_;
    while (probes.size() < task_.cpus.size())
      probes.push_back(running_.started(task_.prober, {task_.cpus[probes.size()]}));
    const ContestSurroundings around{
        [&, begun = std::chrono::steady_clock::now()] {
          const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
          tell("taking turns, " + duration_text(spent.count()));
          return slowest(probes);
        },
        [] {
          using Seconds = std::chrono::duration<double>;
          return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count();
        },
        [](double ms) {
          std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(ms));
        }};
    std::vector<Entrant*> in;
    std::vector<Contestant*> contestants;
    for (Entrant& e : entrants_)
      if (e.takes_part) {
        in.push_back(&e);
        contestants.push_back(e.peer);
      }
    Turns turns = hold_contest(contestants, around, task_.protocol, task_.inferences);
    for (std::size_t i = 0; i < in.size(); i++) settle(*in[i], turns, i);
    return turns;
  }

  /// All cores' rates as the slowest gives them: the work waits for that one.
  std::optional<CoreLevel> slowest(const std::vector<std::unique_ptr<Peer>>& probes) {
    std::optional<CoreLevel> level;
    for (const auto& probe : probes) {
      const auto one = probe->probe();
      if (!one) {
        why_no_probe_ = probe->why();
        return std::nullopt;
      }
      if (!level) level = one;
      level =
          CoreLevel{std::min(level->gflops, one->gflops), std::min(level->read_gbs, one->read_gbs)};
    }
    if (level) level->gflops *= static_cast<double>(probes.size());
    return level;
  }

  void settle(Entrant& e, Turns& turns, std::size_t index) {
    if (turns.failed[index]) return e.end(PeerOutcome::failed, e.peer->why());
    tell("checking " + e.result.name);
    check(e, "after the turns: ");
    if (!e.takes_part) return;
    const auto& own = turns.samples[0];
    const int counted = shared_rounds(own, turns.samples[index]);
    e.result.samples = turns.samples[index];
    e.result.outcome = PeerOutcome::ok;
    if (counted >= task_.protocol.least_samples) return;
    e.end(PeerOutcome::noisy, too_few_text(counted, turns.samples[index].size(),
                                           task_.protocol.least_samples, "rounds") +
                                  (why_no_probe_.empty() ? "" : "; no probe: " + why_no_probe_));
  }

  const PeerTask& task_;
  RunningPeers& running_;
  const TemporaryFolder folder_;
  const std::string input_ = tensor_path(folder_.path(), "input", task_.input.dtype()),
                    output_ = tensor_path(folder_.path(), "output", task_.expected.front().dtype());
  std::size_t elements_ = 0;
  std::vector<Entrant> entrants_;
  std::string why_no_probe_;
};

RunningPeers::RunningPeers(const PeerTask& who) : device_(who.device), patience_(who.patience) {}

RunningPeers::~RunningPeers() = default;

std::unique_ptr<Peer> RunningPeers::started(const PeerProgram& program,
                                            const std::vector<int>& cpus) const {
  return std::make_unique<Peer>(*device_, program, cpus, patience_);
}

PeerComparison RunningPeers::compare(const PeerTask& what) { return PeerRun(what, *this).run(); }

PeerComparison compare_with_peers(const PeerTask& task) { return RunningPeers(task).compare(task); }

}  // namespace halcyon
