#include "suites/runs/case_run.h"

#include <algorithm>
#include <map>
#include <set>

#include "results/files/temporary_folder.h"
#include "results/text/format.h"
#include "suites/peers/compare_cases.h"
#include "suites/trials/candidates.h"
#include "suites/trials/trial_record.h"
#include "suites/trials/twins.h"

namespace halcyon {
namespace {

constexpr std::size_t kBundleCases = 24;                        // linked and interleaved together
constexpr std::int64_t kBundleBytes = std::int64_t{192} << 20;  // of arguments and references

class Run {
 public:
  Run(Verb verb, const RunPlan& asked, const std::vector<NamedCase>& cases, OpenDocument& out,
      Progress& progress)
      : verb_(verb),
        request_(asked.request),
        out_(out),
        progress_(progress),
        candidates_(verb == Verb::bench ? with_twins(candidates_of(asked, cases))
                                        : candidates_of(asked, cases)),
        target_(candidates_.front().candidate.target),
        compiler_(cache_folder(request_.folders.cache), jobs_of(request_)) {
    for (const NamedCase& c : cases)
      if (c.of_network) networks_.insert(c.suite);
  }

  void operator()() {
    try {
      run_all();
    } catch (...) {
      hand_over();  // what was done, whatever came
      throw;
    }
    hand_over();
  }

 private:
  void run_all() {
    try_own_schedule();
    out_.begin(target_);
    for (const NamedCandidate& c : candidates_)
      if (c.stale) progress_.say(c.schedule_why + "; the recipe's start is used");
    const auto timed = compile(false);
    const auto checked = verb_ == Verb::check ? compile(true) : std::vector<Compiled>();
    const Meter meter(target_);
    start_records(timed, meter.unit());
    const std::string why_not = meter.why_not();
    if (why_not.empty()) {
      if (verb_ == Verb::bench && meter.measures_time()) rates_ = out_.rates(meter);
      measure(meter, timed, checked);
    } else {
      progress_.say(target_.name + ": " + why_not);
      for (auto& r : records_)
        if (!has_ended(r)) end(r, Outcome::not_runnable, why_not);
    }
    if (out_.bundles()) keep_bundle(timed);
  }

  /// What has ended goes into the document.
  void hand_over() {
    keep_better_twins();
    std::erase_if(records_, [&](const Record& r) { return !has_ended(r); });
    auto& all = out_.document().records;
    std::move(records_.begin(), records_.end(), std::back_inserter(all));
  }

  std::vector<Compiled> compile(bool checked) {
    std::vector<Compiled> results(candidates_.size());
    std::vector<Candidate> to_compile;
    std::vector<std::size_t> place_of;  // of each: a search that gave nothing made none
    for (std::size_t i = 0; i < candidates_.size(); i++) {
      results[i].outcome = candidates_[i].search;
      results[i].detail = candidates_[i].search_detail;
      if (candidates_[i].search != Outcome::ok) continue;
      to_compile.push_back(candidates_[i].candidate);
      place_of.push_back(i);
    }
    CompileOptions options;
    options.checked = checked;
    options.keep_assembly = verb_ == Verb::bench;
    progress_.begin(checked ? "compiling with checks" : "compiling", to_compile.size());
    auto compiled = compiler_.compile_all(to_compile, options, [&](std::size_t i, const Compiled&) {
      progress_.step(candidates_[place_of[i]].id);
    });
    for (std::size_t i = 0; i < compiled.size(); i++) {
      const auto& by = candidates_[place_of[i]].by;
      if (by && compiled[i].outcome != Outcome::ok)
        compiled[i].detail = by->name + " gave nothing that compiles: " + compiled[i].detail;
      results[place_of[i]] = std::move(compiled[i]);
    }
    return results;
  }

  /// A schedule that a person wrote and that does not apply is a wrong input, not a candidate:
  /// refused before anything is written.
  void try_own_schedule() {
    if (request_.schedule_file.empty()) return;
    const Compiled c = compiler_.compile(candidates_.front().candidate);
    if (c.outcome == Outcome::compile_error)
      throw usage_error(request_.schedule_file + ": " + c.detail + " (for \"" +
                        candidates_.front().of.problem.text() + "\")");
  }

  /// One record per candidate and cache state, those of a candidate together.
  void start_records(const std::vector<Compiled>& compiled, FigureUnit unit) {
    records_.resize(candidates_.size() * request_.states.size());
    for (std::size_t i = 0; i < candidates_.size(); i++)
      for (const CacheState state : request_.states)
        record(i, state) = record_of(
            candidates_[i], compiled[i],
            {request_, verb_ == Verb::check ? "check" : "bench", out_.document().run, unit, state});
    take_known();
    for (std::size_t i = 0; i < candidates_.size(); i++)
      for (const CacheState state : request_.states) {
        Record& r = record(i, state);
        if (has_ended(r)) continue;
        const std::string spill =
            request_.sweep == Sweep::all ? why_spilled(candidates_[i], r) : "";
        if (r.outcome != Outcome::ok || !spill.empty())
          end(r, spill.empty() ? r.outcome : Outcome::pruned, spill.empty() ? r.detail : spill);
      }
  }

  bool belongs_to_the_one_before(std::size_t candidate) const {
    return !candidates_[candidate].rival.empty() || candidates_[candidate].twin;
  }

  /// What an interrupted run left. A case, its twin and its rivals were timed in turns: all or
  /// none of them.
  void take_known() {
    const auto& known = out_.known_records();
    for (std::size_t begin = 0, next = 0; begin < candidates_.size(); begin = next) {
      next = begin + 1;
      while (next < candidates_.size() && belongs_to_the_one_before(next)) next++;
      for (const CacheState state : request_.states) {
        std::vector<const Record*> found;
        for (std::size_t i = begin; i < next; i++)
          if (const auto at = known.find(record(i, state).id); at != known.end())
            found.push_back(&at->second);
        if (found.size() < next - begin) continue;
        const bool lacks_peers = wants_peers(begin) && state == CacheState::warm &&
                                 found[0]->outcome == Outcome::ok && !found[0]->peers;
        if (lacks_peers) continue;
        for (std::size_t i = begin; i < next; i++) {
          record(i, state) = *found[i - begin];
          ended_.insert(record(i, state).id);
        }
      }
    }
  }

  bool has_ended(const Record& r) const { return ended_.count(r.id) > 0; }
  bool has_ended(std::size_t candidate) {
    return std::all_of(request_.states.begin(), request_.states.end(),
                       [&](CacheState state) { return has_ended(record(candidate, state)); });
  }

  Record& record(std::size_t candidate, CacheState state) {
    const auto at = std::find(request_.states.begin(), request_.states.end(), state);
    return records_[candidate * request_.states.size() +
                    static_cast<std::size_t>(at - request_.states.begin())];
  }

  /// Bundle by bundle: link, check each case in its own process, then time what passed.
  void measure(const Meter& meter, const std::vector<Compiled>& timed,
               const std::vector<Compiled>& checked) {
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < candidates_.size(); i++)
      if (!has_ended(i)) ready.push_back(i);
    std::size_t steps = ready.size() * request_.states.size();
    for (const std::size_t i : ready)
      if (wants_peers(i)) steps += static_cast<std::size_t>(contest().processes);
    progress_.begin(verb_ == Verb::check ? "checking" : "checking and timing", steps);
    for (std::size_t begin = 0; begin < ready.size();) {
      std::size_t end_of_batch = begin;
      std::int64_t bytes = 0;
      // A case, its twin and its rivals are timed in turns, so they stay together.
      while (end_of_batch < ready.size() &&
             (belongs_to_the_one_before(ready[end_of_batch]) ||
              (bytes < kBundleBytes && end_of_batch - begin < kBundleCases)))
        bytes += bytes_of(records_[ready[end_of_batch++] * request_.states.size()]);
      measure_batch(meter, {ready.begin() + begin, ready.begin() + end_of_batch}, timed, checked);
      begin = end_of_batch;
    }
  }

  static std::int64_t bytes_of(const Record& r) { return 2 * r.activation_bytes + r.weight_bytes; }

  void measure_batch(const Meter& meter, const std::vector<std::size_t>& batch,
                     const std::vector<Compiled>& timed, const std::vector<Compiled>& checked) {
    TemporaryFolder folder;
    std::vector<BundleCase> cases;
    for (std::size_t i : batch) {
      cases.push_back({candidates_[i].id, candidates_[i].candidate, timed[i],
                       checked.empty() ? Compiled() : checked[i], request_.seed});
      for (const CacheState state : request_.states)
        if (!has_ended(record(i, state))) started(record(i, state));
    }
    const Bundle bundle = make_bundle(folder.path(), target_, cases, compiler_);
    std::map<std::string, std::size_t> by_id;
    std::vector<std::string> passed;
    for (std::size_t i : batch) {
      by_id[candidates_[i].id] = i;
      progress_.now("checking " + candidates_[i].id);
      const Measured m = meter.check(bundle, candidates_[i].id, kCheckLimits);
      const bool over = m.outcome != Outcome::ok || verb_ == Verb::check;
      for (const CacheState state : request_.states) {
        Record& r = record(i, state);
        if (has_ended(r)) continue;
        r.check = m.check;
        if (over) end(r, m.outcome, m.detail);
      }
      if (over && wants_peers(i)) progress_.drop(static_cast<std::size_t>(contest().processes));
      if (!over) passed.push_back(candidates_[i].id);
    }
    Protocol protocol = out_.protocol();
    for (const CacheState state : request_.states) {
      std::vector<std::string> left;
      for (const std::string& id : passed)
        if (!has_ended(record(by_id.at(id), state))) left.push_back(id);
      if (left.empty()) continue;
      protocol.state = state;
      progress_.now("timing " + std::to_string(left.size()) +
                    (left.size() == 1 ? " case, " : " cases in turns, ") + to_text(state));
      std::vector<std::size_t> beside;  // that others are timed beside before they end
      end_in_any_case(beside, [&] {
        meter.time(bundle, left, protocol, [&](const Measured& m) {
          const std::size_t i = by_id.at(m.id);
          take_measured(record(i, state), m, target_, rates_);
          if (state == CacheState::warm && wants_peers(i))
            beside.push_back(i);
          else
            end(record(i, state), m.outcome, m.detail);
        });
        compare(meter, bundle, beside);
      });
    }
  }

  Protocol contest() const {
    Protocol p = case_contest_protocol();
    p.seed = out_.protocol().seed;
    if (request_.quick) p.processes = 2, p.wanted_samples = 16;
    return p;
  }

  /// Whether others are timed beside it: a case's own candidate, or the better of its twins; in
  /// f32, which all of them compute in.
  bool wants_peers(std::size_t candidate) const {
    return request_.peers && verb_ == Verb::bench && request_.sweep == Sweep::start &&
           candidates_[candidate].rival.empty() &&
           candidates_[candidate].of.problem.dtype() == DType::f32 &&
           !candidates_[candidate].of.problem.ops().front().kind->alone &&
           networks_.count(candidates_[candidate].suite) == 0;
  }

  /// Does it; cases that were timed by then have ended, whatever comes.
  template <class Work>
  void end_in_any_case(const std::vector<std::size_t>& timed, Work work) {
    const auto end_all = [&] {
      for (const std::size_t i : timed) {
        Record& r = record(i, CacheState::warm);
        end(r, r.outcome, r.detail);
      }
    };
    try {
      work();
    } catch (...) {
      end_all();
      throw;
    }
    end_all();
  }

  void compare(const Meter& meter, const Bundle& bundle, const std::vector<std::size_t>& timed) {
    std::vector<std::size_t> chosen;
    for (const std::size_t i : timed)
      if (record(i, CacheState::warm).outcome == Outcome::ok && !loses_to_twin(i))
        chosen.push_back(i);
    PeerTask who;
    who.device = &meter.device();
    who.own = who.prober = own_program(meter.device(), bundle);
    who.peers = problem_peers(request_.folders.root);
    who.threads = static_cast<int>(rates_.cpus.size());
    who.cpus = rates_.cpus;
    who.protocol = contest();
    const std::size_t passes = static_cast<std::size_t>(who.protocol.processes);
    progress_.drop((timed.size() - chosen.size()) * passes);
    if (chosen.empty()) return;
    std::vector<ComparedCase> cases;
    for (const std::size_t i : chosen)
      cases.push_back({candidates_[i].id, candidates_[i].of.problem, request_.seed});
    const auto told = [&](std::size_t of, int pass) {
      progress_.step(cases[of].id + " beside other systems, case " + std::to_string(of + 1) +
                     " of " + std::to_string(cases.size()) + ", pass " + std::to_string(pass + 1) +
                     " of " + std::to_string(passes));
    };
    std::vector<PeerComparison> found = compare_cases(who, cases, told);
    for (std::size_t k = 0; k < chosen.size(); k++)
      record(chosen[k], CacheState::warm).peers = std::move(found[k]);
  }

  /// Two twins stand for one case: others are timed beside the one that will be kept.
  bool loses_to_twin(std::size_t i) {
    const std::size_t first = candidates_[i].twin ? i - 1 : i;
    if (first + 1 >= candidates_.size() || !candidates_[first + 1].twin) return false;
    const Duel duel =
        judge_twins(record(first, CacheState::warm), record(first + 1, CacheState::warm));
    return duel.second_kept != candidates_[i].twin;
  }

  /// All cases in one program, whatever was linked to be measured together.
  void keep_bundle(const std::vector<Compiled>& compiled) {
    std::vector<BundleCase> cases;
    for (std::size_t i = 0; i < candidates_.size(); i++)
      if (compiled[i].outcome == Outcome::ok)
        cases.push_back(
            {candidates_[i].id, candidates_[i].candidate, compiled[i], Compiled(), request_.seed});
    if (cases.empty()) return;
    progress_.say("linking what is kept in " + request_.bundle);
    make_bundle(out_.bundles()->place("cases"), target_, cases, compiler_);
  }

  void started(const Record& r) {
    if (Journal* journal = out_.journal())
      journal->append("started", {{"id", r.id}, {"problem", r.problem}});
  }

  /// A record gets its outcome once, and is on disk before the next begins.
  void end(Record& r, Outcome outcome, const std::string& detail) {
    ended_.insert(r.id);
    conclude(r, outcome, detail);
    if (Journal* journal = out_.journal()) journal->append(r);
    if (outcome == Outcome::not_runnable) return;
    std::string what = r.case_id + (r.rival.empty() ? "" : " " + r.rival) + ": ";
    if (outcome != Outcome::ok) {
      progress_.say(what + std::string(to_text(outcome)) + (detail.empty() ? "" : ": " + detail));
      what += to_text(outcome);
    } else if (r.statistics && r.macs > 0) {
      what += fixed(r.statistics->percent_of_peak, 0) + " % of peak";
    } else if (r.counts && r.macs > 0) {
      what += fixed(r.counts->per_least_fmla(r.macs), 2) + " instructions per least FMLA";
    } else {
      what += "ok";
    }
    if (!r.object_sha256.empty()) progress_.step(what);
  }

  /// The better of two twins stands for both. The other is in the journal; it stays here, too,
  /// where it failed, for that is a bug of somebody's.
  void keep_better_twins() {
    std::set<std::string> dropped;  // ids
    for (std::size_t i = 0; i < candidates_.size(); i++)
      for (const CacheState state : request_.states) {
        if (records_.empty() || !candidates_[i].twin) continue;
        Record &kept = record(i - 1, state), &other = record(i, state);
        if (!has_ended(kept) || !has_ended(other)) continue;
        const std::string line = keep_better(kept, other);
        if (!line.empty()) progress_.say(line);
        if (!is_failure(other.outcome)) dropped.insert(other.id);
      }
    std::erase_if(records_, [&](const Record& r) { return dropped.count(r.id) > 0; });
  }

  const Verb verb_;
  const Request& request_;
  OpenDocument& out_;
  Progress& progress_;
  const std::vector<NamedCandidate> candidates_;
  const Target target_;
  Compiler compiler_;
  std::set<std::string> networks_;  // suites that are a network's problems
  std::set<std::string> ended_;     // records that have their outcome, by id
  MachineRates rates_;
  std::vector<Record> records_;
};

}  // namespace

void run_cases(Verb verb, const RunPlan& asked, const std::vector<NamedCase>& cases,
               OpenDocument& out, Progress& progress) {
  Run(verb, asked, cases, out, progress)();
}

}  // namespace halcyon
