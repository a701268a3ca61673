#include "autotune/tune.h"

#include <chrono>

#include "autotune/found.h"
#include "autotune/keep.h"
#include "kernels/error.h"
#include "results/atomic_file.h"
#include "schedules/tuned_lookup.h"
#include "suites/rival.h"
#include "suites/run_document.h"
#include "suites/searched.h"

namespace halcyon {
namespace {

/// Repros name their point.
Request with_points(Request request) {
  request.sweep = Sweep::all;
  return request;
}

/// What a tuning needs before its first trial. Whatever is wrong with the request shows here.
struct Setup {
  explicit Setup(const Request& asked)
      : request(with_points(asked)),
        target(target_of(request)),
        cases(cases_of(request, target)),
        meter(make_meter(target)),
        protocol(protocol_of(request)),
        document(begin_document(request, target, protocol)),
        compiler(cache_folder(request.folders.cache), jobs_of(request)) {
    if (const auto why = meter->why_not(target); !why.empty())
      throw Error(Exit::partial, "nothing can be tuned for " + target.name + " here: " + why);
  }
  LocalWorker worker() {
    MachineRates rates;
    if (meter->measures_time()) rates = measure_rates(*meter, target, protocol, document);
    return LocalWorker({request, target, document.run, protocol, rates, document.machine.cpu_model,
                        *meter, compiler});
  }

  const Request request;
  const Target target;
  const std::vector<NamedCase> cases;
  const std::unique_ptr<Meter> meter;
  Protocol protocol;
  Document document;
  Compiler compiler;
};

SearchOptions options_for(const TuneRequest& t, const StrategyKind& kind) {
  return {
      .strategy = &kind, .seed = t.request.seed, .most_trials = t.minutes ? SIZE_MAX : t.budget};
}

/// What is kept for a problem takes part in the search, so that a worse winner does not replace it.
std::vector<Point> kept_points(TunedStore& tuned, const Problem& problem, const Target& target,
                               const std::string& cpu) {
  const auto found = tuned.look_up(problem, target, cpu).found;
  return found && !found->point.empty() ? std::vector{found->point} : std::vector<Point>{};
}

/// What the autoschedulers that are to stand beside the recipe make of a case, with as many tries
/// as the recipe's points have.
std::vector<Trial> guests_of(const TuneRequest& t, const NamedCase& c, const Target& target,
                             Progress& progress) {
  std::vector<Trial> guests;
  for (const std::string& word : t.request.against) {
    SearchedSchedules found = schedules_by(word, c, target, static_cast<int>(t.budget), t.request);
    if (found.failed > 0)
      progress.say(c.id + ": " + std::to_string(found.failed) + " of " +
                   std::to_string(found.asked) + " searches of " + word + " gave nothing");
    for (Trial& guest : found.trials) guests.push_back(std::move(guest));
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

}  // namespace

Tuning tune(const TuneRequest& t, Progress& progress, const Narrator::Events& events) {
  const StrategyKind& kind =
      t.strategy.empty() ? *strategy_kinds().front() : strategy_kind(t.strategy);
  const auto began = std::chrono::steady_clock::now();
  Setup setup(t.request);
  make_folder(t.request.out);
  Ledger ledger(t.request.out + "/journal.jsonl", setup.document.run,
                [&](const std::string& line) { progress.say(line); });
  LocalWorker worker = setup.worker();
  Narrator narrator(progress, events);
  narrator.open(setup.cases.size(), t.minutes ? 0 : t.budget);
  TunedStore tuned(t.request.folders.tuned);
  Tuning tuning;
  setup.document.searches.emplace();
  double seconds_left = t.minutes.value_or(0) * 60;
  for (std::size_t i = 0; i < setup.cases.size() && !interrupted_by; i++) {
    SearchOptions options = options_for(t, kind);
    if (t.keep)
      options.known = kept_points(tuned, setup.cases[i].of.problem, setup.target,
                                  setup.document.machine.cpu_model);
    options.guests = guests_of(t, setup.cases[i], setup.target, progress);
    if (t.minutes)
      options.most_seconds = seconds_left / static_cast<double>(setup.cases.size() - i);
    tuning.searches.push_back(
        search(setup.cases[i], setup.target, options, worker, ledger, narrator));
    seconds_left -= tuning.searches.back().seconds;
    add_to(setup.document, tuning.searches.back(), t.request.against);
  }
  tuning.spent = worker.spent();
  end_document(setup.document, setup.protocol,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  tuning.document = std::move(setup.document);
  if (t.keep)
    for (const std::string& line : keep_winners(tuning, setup.target, t.request.folders.tuned))
      progress.say(line);
  return tuning;
}

SelfContest tune_against_itself(const TuneRequest& t, Progress& progress) {
  Setup setup(t.request);
  if (setup.cases.size() > 1)
    throw usage_error("--against-itself is of one problem, and " +
                      std::to_string(setup.cases.size()) + " are asked for");
  LocalWorker worker = setup.worker();
  const NamedCase& only = setup.cases.front();
  const Point start = recipe_for(only.of.problem).start(only.of.problem, setup.target);
  return contest_with_itself(trial_of(only, setup.target, start), t.against_itself, worker,
                             t.request.seed, progress);
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
