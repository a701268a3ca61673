#include "autotune/tune.h"

#include <chrono>
#include <filesystem>
#include <thread>

#include "kernels/error.h"
#include "suites/run_document.h"

namespace halcyon {
namespace {

int jobs_of(const Request& request) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  return request.jobs > 0 ? request.jobs : static_cast<int>(cores);
}

/// What the tuner varies itself is refused, not ignored.
void check_words(const TuneRequest& t) {
  if (t.request.threads != 1)
    throw usage_error("--threads " + std::to_string(t.request.threads) +
                      ": only 1 is measured until there is a thread pool of our own");
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw Error(Exit::environment, path + ": " + error.message());
}

SearchOptions options_for(const TuneRequest& t, const StrategyKind& kind) {
  return {
      .strategy = &kind, .seed = t.request.seed, .most_trials = t.minutes ? SIZE_MAX : t.budget};
}

void add_records(const SearchResult& result, Document& document) {
  for (const Searched& s : result.trials) document.records.push_back(s.tried.record);
  for (const Record& r : result.compared) document.records.push_back(r);
}

}  // namespace

Tuning tune(const TuneRequest& t, Progress& progress, const Narrator::Events& events) {
  check_words(t);
  const StrategyKind& kind =
      t.strategy.empty() ? *strategy_kinds().front() : strategy_kind(t.strategy);
  const auto began = std::chrono::steady_clock::now();
  Request request = t.request;
  request.sweep = Sweep::all;  // repros name their point
  const Target target = find_target(request.target, request.folders.targets);
  const auto cases = cases_of(request, target);
  const auto meter = make_meter(target);
  if (const auto why = meter->why_not(target); !why.empty())
    throw Error(Exit::partial, "nothing can be tuned for " + target.name + " here: " + why);
  Protocol protocol = protocol_of(request);
  Tuning tuning;
  Document& document = tuning.document;
  document = begin_document(request, target, protocol);
  make_folder(request.out);
  Ledger ledger(request.out + "/journal.jsonl", document.run,
                [&](const std::string& line) { progress.say(line); });
  MachineRates rates;
  if (meter->measures_time()) rates = measure_rates(*meter, target, protocol, document);
  Compiler compiler(cache_folder(request.folders.cache), jobs_of(request));
  LocalWorker worker({request, target, document.run, protocol, rates, document.machine.cpu_model,
                      *meter, compiler});
  Narrator narrator(progress, events);
  narrator.open(cases.size(), t.minutes ? 0 : t.budget);
  double seconds_left = t.minutes.value_or(0) * 60;
  for (std::size_t i = 0; i < cases.size() && !interrupted_by; i++) {
    SearchOptions options = options_for(t, kind);
    if (t.minutes) options.most_seconds = seconds_left / static_cast<double>(cases.size() - i);
    tuning.searches.push_back(search(cases[i], target, options, worker, ledger, narrator));
    seconds_left -= tuning.searches.back().seconds;
    add_records(tuning.searches.back(), document);
  }
  tuning.spent = worker.spent();
  end_document(document, protocol,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  return tuning;
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
