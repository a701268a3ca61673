#include "autotune/tune.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <numeric>

#include "autotune/in_network/fuse.h"
#include "autotune/in_network/metered_network_worker.h"
#include "autotune/keep.h"
#include "autotune/search/found.h"
#include "autotune/search/shares.h"
#include "kernels/error.h"
#include "kernels/interrupt.h"
#include "results/files/atomic_file.h"
#include "schedules/tuned/tuned_lookup.h"
#include "suites/bundle/network_bundle.h"
#include "suites/graph/nonfinite.h"
#include "suites/graph/reference.h"
#include "suites/networks/planned_network.h"
#include "suites/runs/check_memory.h"
#include "suites/runs/run_document.h"
#include "suites/trials/candidates.h"
#include "suites/trials/searched.h"

namespace halcyon {
namespace {

/// Repros name their point.
Request with_points(Request request) {
  request.sweep = Sweep::all;
  return request;
}

/// What a tuning needs before its first trial. Whatever is wrong with the request shows here.
struct Setup {
  explicit Setup(const RunPlan& asked)
      : request(with_points(asked.request)),
        target(asked.target),
        cases(cases_of(asked, &left_out)),
        meter(target),
        protocol(protocol_of(request)),
        document(begin_document(request, target, protocol)),
        compiler(cache_folder(request.folders.cache), jobs_of(request)) {
    if (const auto why = meter.why_not(); !why.empty())
      throw Error(Exit::partial, "nothing can be tuned for " + target.name + " here: " + why);
    for (const NamedCase& c : cases)
      refuse_too_large("'" + c.of.problem.text() + "'", check_bytes(c.of.problem));
  }
  Workplace workplace() {
    MachineRates rates;
    if (meter.measures_time()) rates = measure_rates(meter, protocol, document);
    return {request, target, document.run, protocol, rates, document.machine, meter, compiler};
  }

  const Request request;
  const Target target;
  std::vector<std::string> left_out;  // cases that cannot be in a dtype that was asked for, and why
  const std::vector<NamedCase> cases;
  const Meter meter;
  Protocol protocol;
  Document document;
  Compiler compiler;
};

/// How much each search may take.
class Allowance {
 public:
  Allowance(const TuneOptions& t, const std::vector<NamedCase>& cases, const Target& target)
      : shares_(shares_of(cases, target)) {
    if (t.minutes)
      seconds_left_ = *t.minutes * 60;
    else
      trials_ = budgets_of(cases, shares_, t.budget);
  }
  /// By case; 0 where time is the limit.
  std::vector<std::size_t> trials() const {
    return seconds_left_ ? std::vector<std::size_t>(shares_.size(), 0) : trials_;
  }
  void limit(SearchOptions& options, std::size_t i) const {
    options.most_trials = seconds_left_ ? SIZE_MAX : trials_[i];
    if (!seconds_left_) return;
    const double rest = std::accumulate(shares_.begin() + static_cast<long>(i), shares_.end(), 0.0);
    options.most_seconds = *seconds_left_ * shares_[i] / rest;
  }
  void spend(double seconds) {
    if (seconds_left_) *seconds_left_ -= seconds;
  }

 private:
  const std::vector<double> shares_;
  std::vector<std::size_t> trials_;
  std::optional<double> seconds_left_;
};

/// --in-network is of networks and of time.
void check_in_network(const std::vector<NamedCase>& cases, const Meter& meter,
                      const Target& target) {
  for (const NamedCase& c : cases)
    if (!c.of_network)
      throw usage_error("--in-network ranks inside networks; '" + c.id + "' is of none");
  if (!meter.measures_time())
    throw usage_error("--in-network needs time; target " + target.name + " is measured in " +
                      to_text(meter.unit()));
}

/// A journal may hold trials of another CPU, which the search does not find: their keys are others.
void tell_other_cpus(Ledger& ledger, const std::string& cpu, Progress& progress) {
  constexpr const char* kKind = "cpu";
  const auto others = ledger.all(kKind);
  if (others.empty() && ledger.trials() > 0)
    progress.say("trials in the journal know their CPU by its brand only; they are made anew");
  for (const nlohmann::json& other : others)
    if (const std::string name = other.value("key", ""); name != cpu)
      progress.say("trials in the journal that were made on " + name +
                   " are not taken for this CPU's, " + cpu);
  if (!ledger.noted(kKind, cpu)) ledger.note(kKind, cpu, nlohmann::json::object());
}

/// What is kept for a problem takes part in the search, so that a worse winner does not replace it.
std::vector<Point> kept_points(TunedStore& tuned, const Problem& problem, const Target& target,
                               const std::string& cpu) {
  const auto found = tuned.look_up(problem, target, cpu).found;
  return found && !found->point.empty() ? std::vector{found->point} : std::vector<Point>{};
}

/// What the autoschedulers that are to stand beside the recipe make of a case, with as many tries
/// as the recipe's points have.
std::vector<NamedCandidate> guests_of(const RunPlan& asked, const TuneOptions& t,
                                      const NamedCase& c, Progress& progress) {
  std::vector<NamedCandidate> guests;
  for (const Autoscheduler& by : t.guests) {
    SearchedSchedules found =
        schedules_by(by, c, asked.target, static_cast<int>(t.budget), asked.request);
    if (found.failed > 0)
      progress.say(c.id + ": " + std::to_string(found.failed) + " of " +
                   std::to_string(found.asked) + " searches of " + to_text(by) + " gave nothing");
    for (NamedCandidate& guest : found.candidates) guests.push_back(std::move(guest));
  }
  return guests;
}

void add_to(Document& document, const SearchResult& result,
            const std::vector<std::string>& guests) {
  if (result.trials.empty()) return;
  document.searches->push_back(outcome_of(result, guests));
  for (const Searched& s : result.trials) document.records.push_back(s.tried.record);
  for (const Record& r : result.compared) document.records.push_back(r);
}

/// A schedule for each distinct problem of a plan, as the request has it.
std::vector<NamedCandidate> candidates_for(const Plan& plan, const RunPlan& asked) {
  const Suite suite = suite_of(plan);
  std::vector<NamedCase> cases;
  for (const Case& c : suite.cases) cases.push_back({c.id, suite.name, c, true});
  return candidates_of(asked, cases);
}

/// Keeps a reference to the graph.
NetworkToFuse to_fuse(const PlannedNetwork& planned, const RunPlan& asked) {
  NetworkToFuse network;
  network.plan_of = [&graph = planned.graph, threads = asked.request.threads](
                        const CutChoice& cut) { return plan_of(graph, cut, threads); };
  network.cut = planned.cut;
  for (const Cut cut : {Cut::ops, Cut::blocks})
    for (NamedCandidate& c : candidates_for(network.plan_of(cut), asked)) {
      const std::string line = c.of.problem.text();
      network.candidates.emplace(line, std::move(c));
    }
  return network;
}

/// Each network that was asked for, with the searches of its problems.
void rank_networks(const RunPlan& asked, const Workplace& place,
                   const std::vector<std::vector<Point>>& known, Ledger& ledger, Narrator& narrator,
                   Tuning& tuning) {
  const std::uint64_t seed = asked.request.seed;
  const auto rank = [&](const PlannedNetwork& planned) {
    if (planned.cut_stale) narrator.say(planned.cut_why + "; it is cut by ops");
    const Suite suite = suite_of(planned.plan);
    NetworkToRank network{{&planned.plan, candidates_for(planned.plan, asked)}, {}};
    std::vector<std::vector<Point>> of_searches;
    for (std::size_t i = 0; i < tuning.searches.size(); i++) {
      if (tuning.searches[i].of.suite != suite.name) continue;
      network.searches.push_back(&tuning.searches[i]);
      of_searches.push_back(known[i]);
    }
    MeteredNetworkWorker worker(place, planned.graph);
    tuning.networks.push_back(
        rank_in_network(network, of_searches, seed, worker, ledger, narrator));
    InNetwork& ranked = tuning.networks.back();
    ranked.input = to_text(planned.graph.input().shape);
    throw_if_interrupted();
    if (planned.cut.base == Cut::ops)
      fuse_in_network(ranked, to_fuse(planned, asked), seed, worker, ledger, narrator);
    tuning.spent.add(worker.spent());
  };
  for (const NamedWord& what : asked.what)
    for (const std::optional<DType> dtype : dtypes_of_networks(asked.request)) {
      throw_if_interrupted();
      rank(planned_network(what.word, asked, dtype));
    }
}

/// Where plain loops give what f32 cannot hold nothing can be compared; seeded weights are sane.
void refuse_not_finite(const RunPlan& asked) {
  for (const NamedWord& what : asked.what) {
    if (!what.word.ends_with(".onnx")) continue;
    const PlannedNetwork planned = planned_network(what.word, asked);
    const Tensor input = seeded_input(planned.plan, asked.request.seed);
    const std::string why =
        why_not_finite(planned.graph, input, reference_outputs(planned.graph, input));
    if (!why.empty()) throw data_error(what.word + ": " + why);
  }
}

/// Searches every problem, then inside their networks; all that is found goes into `tuning` and the
/// document at once.
void search_all(const RunPlan& asked, const TuneOptions& t, Setup& setup, Ledger& ledger,
                Progress& progress, const Narrator::Events& events, Tuning& tuning) {
  const StrategyKind& kind =
      t.strategy.empty() ? *strategy_kinds().front() : strategy_kind(t.strategy);
  const Workplace place = setup.workplace();
  ledger.append_head(setup.document);
  if (place.meter.measures_time()) tell_other_cpus(ledger, exact_cpu_text(place.machine), progress);
  MeteredWorker worker(place);
  Narrator narrator(progress, events);
  Allowance allowance(t, setup.cases, setup.target);
  narrator.open(allowance.trials());
  for (const std::string& why : setup.left_out) progress.say("left out: " + why);
  TunedStore tuned(asked.request.folders.tuned);
  std::vector<std::string> guests;
  for (const Autoscheduler& by : t.guests) guests.push_back(to_text(by));
  std::vector<std::vector<Point>> known;
  for (std::size_t i = 0; i < setup.cases.size(); i++) {
    throw_if_interrupted();
    SearchOptions options{.strategy = &kind, .seed = asked.request.seed};
    allowance.limit(options, i);
    if (t.keep || t.in_network)
      options.known = kept_points(tuned, setup.cases[i].of.problem, setup.target,
                                  cpu_id(setup.document.machine).model);
    options.guests = guests_of(asked, t, setup.cases[i], progress);
    known.push_back(options.known);
    tuning.searches.push_back(
        search(setup.cases[i], setup.target, options, worker, ledger, narrator));
    allowance.spend(tuning.searches.back().seconds);
    add_to(setup.document, tuning.searches.back(), guests);
  }
  tuning.spent = worker.spent();
  throw_if_interrupted();
  if (t.in_network) rank_networks(asked, place, known, ledger, narrator, tuning);
}

void keep(const RunPlan& asked, Progress& progress, Tuning& tuning) {
  const std::string& folder = asked.request.folders.tuned;
  try {
    for (const std::string& line : keep_winners(tuning, asked.target, folder)) progress.say(line);
    for (const std::string& line : keep_plans(tuning, asked.target, folder)) progress.say(line);
  } catch (const Error& e) {
    tuning.failed = e;
  }
}

}  // namespace

Tuning tune(const RunPlan& asked, const TuneOptions& t, Progress& progress,
            const Narrator::Events& events) {
  if (!t.strategy.empty()) strategy_kind(t.strategy);  // is one
  const auto began = std::chrono::steady_clock::now();
  Setup setup(asked);
  if (t.in_network) {
    check_in_network(setup.cases, setup.meter, setup.target);
    refuse_not_finite(asked);
  }
  if (t.keep) demand_writable_folder(asked.request.folders.tuned + "/" + setup.target.family);
  make_folder(asked.request.out);
  Ledger ledger(asked.request.out + "/journal.jsonl", setup.document.run,
                [&](const std::string& line) { progress.say(line); });
  Tuning tuning;
  setup.document.searches.emplace();
  try {
    search_all(asked, t, setup, ledger, progress, events, tuning);
  } catch (const Interrupted&) {
    // What was done by then is in the tuning.
  } catch (const Error& e) {
    if (tuning.searches.empty() || e.code == Exit::usage) throw;
    tuning.failed = e;
  }
  end_document(setup.document, setup.protocol,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  tuning.document = std::move(setup.document);
  if (tuning.failed) tuning.document.complete = false;
  if (t.keep && !tuning.failed) keep(asked, progress, tuning);
  return tuning;
}

FalseWinners tune_against_itself(const RunPlan& asked, int times, Progress& progress) {
  Setup setup(asked);
  if (setup.cases.size() > 1)
    throw usage_error("--against-itself is of one problem, and " +
                      std::to_string(setup.cases.size()) + " are asked for");
  MeteredWorker worker(setup.workplace());
  const NamedCase& only = setup.cases.front();
  const Point start = recipe_for(only.of.problem).start(only.of.problem, setup.target);
  return decide_against_itself(candidate_at(only, setup.target, start), times, worker,
                               asked.request.seed, progress);
}

Exit exit_of(const Tuning& tuning) {
  Exit exit = Exit::ok;
  for (const SearchResult& s : tuning.searches) {
    if (s.trials.empty()) continue;
    if (is_failure(s.start().tried.record.outcome)) return Exit::check_failed;
    if (!s.start().tried.cost) exit = Exit::partial;
  }
  return exit;
}

}  // namespace halcyon
