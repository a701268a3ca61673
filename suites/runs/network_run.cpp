#include "suites/runs/network_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "kernels/interrupt.h"
#include "results/figures/network_alone.h"
#include "results/text/format.h"
#include "schedules/compile/sha256.h"
#include "schedules/fence/isolation.h"
#include "suites/graph/counts.h"
#include "suites/graph/nonfinite.h"
#include "suites/graph/reference.h"
#include "suites/meters/network_meter.h"
#include "suites/networks/network_reference.h"
#include "suites/networks/time_loss.h"
#include "suites/peers/network_peers.h"
#include "suites/protocol/network_wire.h"
#include "suites/runs/low_runs.h"
#include "suites/runs/ready_network.h"
#include "suites/trials/bound.h"
#include "suites/trials/trial_record.h"

namespace halcyon {
namespace {

/// One network from its plan to its record.
class NetworkRun {
 public:
  NetworkRun(Verb verb, PlannedNetwork network, const RunPlan& asked, Compiler& compiler,
             const Protocol& protocol, const MachineRates& rates, const std::string& run,
             KeptBundles* bundles, Progress& progress)
      : verb_(verb),
        request_(asked.request),
        protocol_(protocol),
        rates_(rates),
        run_(run),
        bundles_(bundles),
        progress_(progress),
        network_(std::move(network), asked, compiler, progress),
        meter_(network_.target()) {
    if (network_.planned().cut_stale)
      progress_.say(network_.planned().cut_why + "; it is cut by ops");
    describe();
  }

  /// What is known before it runs; `id` among it.
  const NetworkRecord& record() const { return record_; }

  /// Throws Interrupted, unless all but the peers was done by then.
  NetworkRecord operator()() {
    if (const auto failed = network_.failed()) {
      const Compiled& c = network_.compiled()[*failed];
      return end(c.outcome, network_.candidates()[*failed].id + ": " + c.detail);
    }
    const std::string why_not = meter_.why_not();
    if (!why_not.empty() && !bundles_) return end(Outcome::not_runnable, why_not);
    const NetworkReference reference =
        reference_of(network_.graph(), network_.plan(), request_.seed, progress_);
    record_.check.tolerance = reference.tolerance();
    record_.check.f32_error_of_range = reference.f32_error;
    for (const NetworkSet& set : reference.sets)
      if (const std::string why = why_not_finite(network_.graph(), set.input, set.outputs);
          !why.empty())
        return end(Outcome::mistrusted, why);
    const Bundle& bundle = network_.bundle(reference.sets, record_.check.tolerance);
    if (bundles_) bundles_->copy(bundle, record_.network);
    if (!why_not.empty()) return end(Outcome::not_runnable, why_not);
    if (!check_kernels(bundle)) return std::move(record_);
    const NetworkMeter meter(network_.target());
    progress_.begin("running " + record_.network, 2);
    NetworkMeasured seen = meter.check(bundle);
    take_check(seen);
    progress_.step("checked");
    if (seen.outcome == Outcome::ok && network_.is_low()) {
      const NetworkMeasured low = judge_low(meter, bundle, reference.sets.front());
      if (low.outcome != Outcome::ok) return end(low.outcome, low.detail);
    }
    if (seen.outcome != Outcome::ok || verb_ == Verb::check) return end(seen.outcome, seen.detail);
    seen = meter.measure(bundle, protocol_);
    if (!seen.errors.empty()) take_check(seen);
    take_figures(seen);
    progress_.step("measured");
    if (request_.peers && meter_.measures_time() && seen.outcome == Outcome::ok)
      compare(bundle, reference.sets.front());
    return end(seen.outcome, seen.detail);
  }

 private:
  void describe() {
    const Graph& graph = network_.graph();
    const Plan& plan = network_.plan();
    const std::optional<Graph>& source = network_.planned().source;
    const Tally whole = count(source ? *source : graph).whole;
    record_.network = plan.network;
    record_.source = graph.source;
    record_.target = network_.target().name;
    record_.family = network_.target().family;
    record_.plan = plan.cut;
    record_.input_nhwc = to_text(graph.input().shape);
    record_.batch = plan.batch;
    record_.threads = network_.target().threads;
    record_.dtype = to_text(dtype_of(graph));
    record_.macs = whole.macs / plan.batch;
    record_.parameters = whole.parameters;
    record_.folded_parameters = whole.folded_parameters;
    record_.unit = meter_.unit();
    record_.isolation = isolation_level();
    record_.seed = request_.seed;
    record_.id = sha256_hex(to_json(plan).dump() + run_).substr(0, 16);
    record_.repro = std::string("halcyon ") + (verb_ == Verb::check ? "check " : "bench ") +
                    (source ? source->name + " --dtype " + record_.dtype : plan.network) +
                    " --target " + request_.target + " --cut " +
                    (network_.planned().cut.fused.empty() ? plan.cut : "tuned") + " --seed " +
                    std::to_string(request_.seed);
    if (request_.threads > 1) record_.repro += " --threads " + std::to_string(request_.threads);
    record_.memory.largest_live_bytes = static_cast<std::int64_t>(plan.largest_live_bytes);
    record_.memory.arena_bytes = static_cast<std::int64_t>(plan.arena_bytes);
    for (std::size_t i = 0; i < plan.calls.size(); ++i) record_.calls.push_back(call_of(i));
  }

  NetworkCall call_of(std::size_t index) const {
    const PlanCall& call = network_.plan().calls[index];
    const std::size_t at = network_.candidate_of_calls()[index];
    const NamedCandidate& candidate = network_.candidates()[at];
    NetworkCall c;
    c.name = call.name;
    c.stage = call.stage;
    c.problem = call.problem.text();
    c.kernel_class = candidate.of.kernel_class;
    c.macs = call.problem.macs();
    c.bytes = call.problem.weight_bytes() + call.problem.activation_bytes();
    c.schedule_source = candidate.schedule_source;
    c.object_sha256 = network_.compiled()[at].object_sha256;
    return c;
  }

  /// What the machine allows each call, at the rates around the samples.
  void take_bounds() {
    const MachineRates rates = rates_around(record_.samples, rates_);
    const std::int64_t bytes = network_bytes();
    for (std::size_t i = 0; i < record_.calls.size(); ++i) {
      const std::size_t at = network_.candidate_of_calls()[i];
      record_.calls[i].bound =
          bound_in_network(record_of(network_.candidates()[at], network_.compiled()[at],
                                     {request_, "bench", run_, record_.unit, CacheState::warm}),
                           network_.target(), rates, bytes);
    }
  }

  /// What it keeps in memory, but for what kernels take inside a call.
  std::int64_t network_bytes() const {
    const Plan& plan = network_.plan();
    std::size_t bytes = plan.arena_bytes;
    for (const PlanConstant& c : plan.constants) bytes += c.values.bytes().size();
    for (const PlanTensor& t : plan.tensors)
      if (t.place != PlanTensor::arena) bytes += t.bytes() * static_cast<std::size_t>(plan.batch);
    return static_cast<std::int64_t>(bytes);
  }

  /// Each kernel under guard pages, in a process of its own; false when one is wrong.
  bool check_kernels(const Bundle& bundle) {
    progress_.begin("checking the kernels of " + record_.network, network_.candidates().size());
    for (const NamedCandidate& kernel : network_.candidates()) {
      const Measured m = meter_.check(bundle, kernel.id, kCheckLimits);
      if (m.outcome != Outcome::ok) {
        end(m.outcome, kernel.id + " (" + kernel.of.problem.text() + "): " + m.detail);
        return false;
      }
      progress_.step(kernel.id);
    }
    return true;
  }

  void compare(const Bundle& bundle, const NetworkSet& set) {
    progress_.begin("timing other systems beside " + record_.network, 0);
    if (network_.is_low() && !network_.planned().source) {
      progress_.say(record_.network + ": no peers, who take a network in f32 and quantise it");
      return;
    }
    // All are judged by the network in f32.
    const Graph& graph = network_.in_f32();
    PeerTask task =
        peer_task(meter_.device(), graph, bundle, {set.input, reference_outputs(graph, set.input)},
                  record_.check.tolerance);
    task.macs = record_.mac_counts_of_batch();
    task.dtype = request_.peer_dtype;
    task.threads = static_cast<int>(rates_.cpus.size());
    task.cpus = rates_.cpus;
    task.protocol = contest_protocol();
    task.protocol.seed = protocol_.seed;
    task.tell = [this](const std::string& what) { progress_.now(what); };
    try {
      record_.peers = compare_network(graph, std::move(task), request_.folders.root);
    } catch (const Interrupted&) {
      progress_.say(record_.network + " stands without them");
    }
  }

  /// Of a network in less than f32: its layers against plain loops, its outputs against f32.
  NetworkMeasured judge_low(const NetworkMeter& meter, const Bundle& bundle,
                            const NetworkSet& first) {
    progress_.begin("holding " + record_.network + " against f32", kAccuracyInputs);
    LowRuns runs(network_, meter, bundle);
    NetworkMeasured ran;
    const LayerCheck layers = runs.check_layers(first.input, ran);
    if (ran.outcome != Outcome::ok) return ran;
    record_.check.most_steps = layers.most_steps;
    record_.check.share_off = layers.share_off;
    if (layers.most_steps > kMostSteps) {
      record_.check.passed = false;
      record_.check.where = layers.where;
      ran.outcome = Outcome::wrong;
      ran.detail =
          layers.where + ": " + significant(layers.most_steps, 3) +
          " steps off what plain loops make of the same; allowed: " + significant(kMostSteps, 1);
      return ran;
    }
    const Agreement near = runs.agreement(request_.seed, progress_, ran);
    record_.accuracy = {near.inputs, near.sqnr_db, near.cosine, near.top1_agreement};
    return ran;
  }

  void take_check(const NetworkMeasured& seen) {
    NetworkCheck& check = record_.check;
    check.passed = seen.check.passed;
    check.inputs = kNetworkInputs;
    check.against = network_.is_low() ? "plain loops of the graph with its roundings"
                                      : "plain loops of the unfolded graph";
    check.where = seen.check.where;
    for (const OutputError& e : seen.errors)
      check.max_error_of_range = std::max(check.max_error_of_range, e.of_range());
    NetworkMemory& memory = record_.memory;
    memory.weight_bytes = seen.bytes.weights;
    memory.input_bytes = seen.bytes.input;
    memory.output_bytes = seen.bytes.output;
    memory.scratch_bytes = std::max(memory.scratch_bytes, seen.bytes.scratch);
  }

  void take_figures(const NetworkMeasured& seen) {
    record_.samples = seen.samples;
    record_.counts = seen.counts;
    if (meter_.measures_time()) take_bounds();
    if (seen.calls) record_.overhead_ns_per_call = seen.calls->empty_call_ns;
    for (std::size_t i = 0; i < record_.calls.size(); ++i) {
      if (seen.calls)
        record_.calls[i].time = CallTime{seen.calls->median_ns[i], seen.calls->q25_ns[i], 0};
      if (!seen.call_counts.empty()) record_.calls[i].counts = seen.call_counts[i];
    }
  }

  /// Where each call's time went, from what is known of it.
  void tell_losses() {
    for (std::size_t i = 0; i < record_.calls.size(); ++i) {
      NetworkCall& call = record_.calls[i];
      const Candidate& c = network_.candidates()[network_.candidate_of_calls()[i]].candidate;
      if (call.time)
        call.losses = losses_of(call, extra_work(c.problem, c.schedule, c.target),
                                record_.statistics->peak_gflops, record_.overhead_ns_per_call);
    }
  }

  NetworkRecord end(Outcome outcome, const std::string& detail) {
    record_.outcome = outcome;
    record_.detail = detail;
    record_ = derived(std::move(record_));
    if (record_.statistics) tell_losses();
    return record_;
  }

  const Verb verb_;
  const Request& request_;
  const Protocol& protocol_;
  const MachineRates& rates_;
  const std::string run_;
  KeptBundles* const bundles_;
  Progress& progress_;
  ReadyNetwork network_;
  const Meter meter_;
  NetworkRecord record_;
};

/// What an unfinished run left of a network: with the same objects, and with all that is asked for.
const NetworkRecord* known_record(const OpenDocument& out, const NetworkRecord& wanted,
                                  const Request& request) {
  const auto found = out.known_networks().find(wanted.id);
  if (found == out.known_networks().end()) return nullptr;
  const NetworkRecord& known = found->second;
  const auto same_object = [](const NetworkCall& a, const NetworkCall& b) {
    return a.object_sha256 == b.object_sha256;
  };
  const bool same = std::equal(known.calls.begin(), known.calls.end(), wanted.calls.begin(),
                               wanted.calls.end(), same_object);
  const bool has_peers = known.peers && known.peers->dtype == request.peer_dtype;
  const bool lacks_peers = request.peers && known.outcome == Outcome::ok && !has_peers;
  return same && !lacks_peers ? &known : nullptr;
}

}  // namespace

void run_networks(Verb verb, std::vector<NetworkToRun> networks, const RunPlan& asked,
                  OpenDocument& out, Progress& progress) {
  const Request& request = asked.request;
  const Target& target = asked.target;
  out.begin(target);
  const Meter meter(target);
  MachineRates rates;
  if (verb == Verb::bench && meter.measures_time() && meter.why_not().empty())
    rates = out.rates(meter);
  Protocol protocol = out.protocol();
  if (protocol.state == CacheState::cold_weights)
    protocol.state = CacheState::warm;  // its calls make each other's cold
  Compiler compiler(cache_folder(request.folders.cache), jobs_of(request));
  Document& document = out.document();
  for (NetworkToRun& network : networks) {
    throw_if_interrupted();
    if (!network.planned) network.planned = planned_network(network.what, asked, network.dtype);
    NetworkRun one(verb, *std::exchange(network.planned, std::nullopt), asked, compiler, protocol,
                   rates, document.run, out.bundles(), progress);
    const NetworkRecord* known =
        out.bundles() ? nullptr : known_record(out, one.record(), request);  // it has no program
    NetworkRecord record = known ? *known : one();
    take_alone(record, document.records);
    if (Journal* journal = out.journal(); journal && !known)
      journal->append("network", to_json(record));
    document.networks.push_back(std::move(record));
  }
}

}  // namespace halcyon
