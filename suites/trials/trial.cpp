#include "suites/trials/trial.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <regex>
#include <set>

#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "schedules/recipes/sweep.h"
#include "schedules/targets/cpu_id.h"
#include "schedules/targets/host.h"
#include "schedules/tuned/tuned_lookup.h"
#include "suites/networks/planned_network.h"
#include "suites/request/name_space.h"
#include "suites/trials/rival.h"
#include "suites/trials/searched.h"

namespace halcyon {
namespace {

Schedule read_schedule(const std::string& path) {
  const std::string text = in_context(
      "--schedule", [&] { return read_text_file(path, Exit::usage, JsonLimits{}.bytes); });
  return in_context(path, [&] { return parse_schedule(text); });
}

std::vector<Suite> suites_of(const Request& request) {
  std::vector<Suite> suites;
  std::set<std::string> seen;
  for (const auto& what : request.what) {
    if (!seen.insert(what).second) throw usage_error("'" + what + "' is asked for twice");
    suites.push_back(suite_named(what, request));
  }
  return suites;
}

/// A filter that is no regular expression, or matches nothing, is the user's mistake.
std::regex filter_of(const Request& request) {
  try {
    return std::regex(request.filter, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error& e) {
    throw usage_error("--filter '" + request.filter + "': not a regular expression (" + e.what() +
                      ")");
  }
}

/// Whether an autoscheduler makes the schedules.
bool by_autoscheduler(const Request& request) {
  return request.source != "tuned" && request.source != "recipe";
}

/// Whether --tuned names a folder, in place of the one that is shipped.
bool own_tuned(const Folders& folders) {
  return !folders.tuned.empty() && folders.tuned != folders.root + "/schedules/tuned";
}

void check_words(const Request& request) {
  const bool searched = by_autoscheduler(request);
  if (searched && (!request.schedule_file.empty() || !request.point.empty()))
    throw usage_error("--source " + request.source +
                      " makes the schedule; --schedule and --point name one");
  if (searched && request.sweep != Sweep::start)
    throw usage_error("--sweep tries a recipe's points; --source " + request.source + " has none");
  const bool beam = searched && autoscheduler_from_text(request.source).name == "adams2019";
  if (request.full_search && !beam)
    throw usage_error("--search full is of --source adams2019, which alone has a beam");
  if (own_tuned(request.folders) && !std::filesystem::is_directory(request.folders.tuned))
    throw usage_error("--tuned '" + request.folders.tuned + "' is no folder");
  static const std::vector<std::string> states = {"warm", "cold-weights", "cold"};
  for (const std::string& state : request.states) {
    if (std::find(states.begin(), states.end(), state) == states.end())
      throw usage_error("--state '" + state + "': allowed are warm, cold-weights, cold");
    if (std::count(request.states.begin(), request.states.end(), state) > 1)
      throw usage_error("--state names '" + state + "' twice");
  }
  check_rivals(request.against);
  if (!request.against.empty() && request.sweep != Sweep::start)
    throw usage_error("--against compares one candidate of a case; --sweep tries many");
}

std::vector<Point> points_of(const Request& request, const Problem& problem, const Target& target) {
  const Recipe& recipe = recipe_for(problem);
  if (!request.point.empty()) return {parse_point(request.point, recipe, problem, target)};
  switch (request.sweep) {
    case Sweep::knobs:
      return sweep_points(recipe, problem, target, request.seed);
    case Sweep::all:
      return all_points(recipe, problem, target);
    case Sweep::start:
      break;
  }
  return {recipe.start(problem, target)};
}

/// Whether one schedule of each case is wanted, and a tuned one will do.
bool wants_tuned(const Request& request) {
  return request.source == "tuned" && !request.folders.tuned.empty() &&
         request.sweep == Sweep::start && request.point.empty();
}

/// Puts a tuned schedule in the start's place where there is one.
void use_tuned(Trial& start, TunedStore& tuned, const std::string& cpu) {
  Candidate& c = start.candidate;
  TunedLookup lookup = tuned.look_up(c.problem, c.target, cpu);
  start.schedule_why = lookup.why;
  start.stale = lookup.stale;
  if (!lookup.found) return;
  start.schedule_source = "tuned";
  start.point = lookup.found->point;
  c.schedule = std::move(lookup.found->steps);
}

/// A problem that the target cannot compute is refused, not emulated.
void check_dtype(const Problem& problem, const Target& target) {
  if (problem.dtype() != DType::f16) return;
  throw usage_error("'" + problem.text() + "': " +
                    (target.f16 ? "there are no f16 kernels yet"
                                : "target " + target.name + " has no f16 arithmetic") +
                    "; allowed is f32");
}

/// Halide counts the elements of a buffer in 32 bits, and of a larger one says only that its
/// pipeline is guaranteed to fail.
void check_size(const Problem& problem) {
  constexpr std::int64_t kMost = INT32_MAX;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.elements() > kMost)
      throw usage_error("'" + problem.text() + "': tensor '" + spec.name + "' has " +
                        std::to_string(spec.elements()) + " elements, allowed are " +
                        std::to_string(kMost));
}

Autoscheduler autoscheduler_of(const std::string& word, const Request& request) {
  Autoscheduler by = autoscheduler_from_text(word);
  by.full_search = request.full_search;
  by.seed = request.seed;
  by.threads = request.threads;
  return by;
}

/// Every trial with its rivals behind it.
std::vector<Trial> with_rivals(const std::vector<Trial>& own, const Request& request) {
  std::vector<Trial> all;
  for (const Trial& t : own) {
    all.push_back(t);
    for (const std::string& word : request.against)
      for (Trial& r : rivals_of(t, word)) all.push_back(std::move(r));
  }
  for (const std::string& word : request.against) {
    if (!is_searched(word)) continue;
    std::vector<Trial*> searched;
    for (Trial& t : all) {
      if (t.rival != word) continue;
      t.by = autoscheduler_of(word, request);
      searched.push_back(&t);
    }
    search_schedules(searched, request);
  }
  return all;
}

}  // namespace

Target target_of(const Request& request) {
  Target target = find_target(request.target, request.folders.targets);
  const std::string asked = "--threads " + std::to_string(request.threads) + ": ";
  if (request.threads < 1) throw usage_error(asked + "a kernel has at least one");
  if (request.threads > 1 && target.meter != "local")
    throw usage_error(asked + "target " + target.name + " is measured by meter " + target.meter +
                      ", which counts one thread");
  const std::vector<int> allowed = allowed_cpus();
  const auto cpus = static_cast<int>(allowed.size());
  if (request.threads > std::max(cpus, 1))
    throw usage_error(asked + std::to_string(cpus) + " CPUs are allowed here");
  if (request.cpu >= 0 && std::find(allowed.begin(), allowed.end(), request.cpu) == allowed.end())
    throw usage_error("--cpu " + std::to_string(request.cpu) + ": allowed here are CPUs " +
                      cpu_list_text(allowed));
  target.threads = request.threads;
  return target;
}

Suite suite_named(const std::string& what, const Request& request) {
  switch (what_is(what, request.folders)) {
    case Named::problem:
      return suite_of(Problem::parse(what));
    case Named::network:
      return suite_of(outlined_network(what, request).plan);
    case Named::suite:
    case Named::target:  // refused by what_is()
      break;
  }
  return find_suite(what, request.folders.suites);
}

std::vector<NamedCase> cases_of(const Request& request, const Target& target) {
  return cases_of(request, target, suites_of(request));
}

std::vector<NamedCase> cases_of(const Request& request, const Target& target,
                                const std::vector<Suite>& suites) {
  const std::regex filter = filter_of(request);
  std::vector<NamedCase> cases;
  std::set<std::string> ids;
  for (const auto& suite : suites)
    for (const auto& c : suite.cases) {
      if (!std::regex_search(c.id, filter) && !std::regex_search(c.problem.text(), filter))
        continue;
      check_dtype(c.problem, target);
      check_size(c.problem);
      std::string id = c.id;
      for (int n = 2; !ids.insert(id).second; n++)
        id = suite.name + "-" + c.id + "-" + std::to_string(n);
      cases.push_back({id, suite.name, c, suite.network});
    }
  if (cases.empty()) throw usage_error("--filter '" + request.filter + "' leaves no case");
  return cases;
}

Trial trial_of(const NamedCase& c, const Target& target, const Point& point) {
  const Problem& problem = c.of.problem;
  return {c.id,  c.suite,
          c.of,  {problem, recipe_for(problem).expand(problem, target, point), target},
          point, "recipe"};
}

std::vector<Trial> trials_of(const Request& request) {
  check_words(request);
  return trials_of(request,
                   cases_of(request, find_target(request.target, request.folders.targets)));
}

std::vector<Trial> trials_of(const Request& request, const std::vector<NamedCase>& cases) {
  check_words(request);
  std::optional<Autoscheduler> autoscheduler;
  if (by_autoscheduler(request)) autoscheduler = autoscheduler_of(request.source, request);
  Target target = target_of(request);
  if (autoscheduler) target = target_for(*autoscheduler, target);
  Schedule from_file;
  if (!request.schedule_file.empty()) from_file = read_schedule(request.schedule_file);
  const std::string cpu = target.meter == "local" ? cpu_id(read_cpuinfo()).model : "";
  TunedStore tuned(request.folders.tuned);
  std::vector<Trial> trials;
  for (const NamedCase& c : cases) {
    const Problem& problem = c.of.problem;
    if (!request.schedule_file.empty() || autoscheduler) {
      trials.push_back({c.id,
                        c.suite,
                        c.of,
                        {problem, from_file, target},
                        {},
                        autoscheduler ? "" : "file:" + request.schedule_file});
      continue;
    }
    const auto points = points_of(request, problem, target);
    for (std::size_t i = 0; i < points.size(); i++) {
      trials.push_back(trial_of(c, target, points[i]));
      if (wants_tuned(request)) use_tuned(trials.back(), tuned, cpu);
      if (points.size() > 1) trials.back().id += "." + std::to_string(i);
    }
  }
  if (!request.schedule_file.empty() && trials.size() > 1)
    throw usage_error("--schedule is of one problem, and " + std::to_string(trials.size()) +
                      " are asked for");
  if (autoscheduler) {
    std::vector<Trial*> all;
    for (Trial& t : trials) {
      t.by = autoscheduler;
      all.push_back(&t);
    }
    search_schedules(all, request);
  }
  return with_rivals(trials, request);
}

std::string name_of(const Trial& trial) {
  return trial.point.empty() ? trial.schedule_source : to_text(trial.point);
}

std::string repro_of(const Trial& trial, const std::string& verb, const Request& request) {
  std::string text = "halcyon " + verb + " \"" + trial.of.problem.text() + "\" --target " +
                     request.target + " --seed " + std::to_string(request.seed);
  if (request.threads > 1) text += " --threads " + std::to_string(request.threads);
  if (trial.by) text += " --source " + to_text(*trial.by);
  if (trial.by && trial.by->full_search) text += " --search full";
  if (trial.schedule_source == "tuned" && own_tuned(request.folders))
    text += " --tuned " + request.folders.tuned;
  if (trial.schedule_source == "recipe" && request.source == "recipe") text += " --source recipe";
  if (!request.schedule_file.empty() && trial.rival.empty())
    text += " --schedule " + request.schedule_file;
  const bool named =
      request.sweep != Sweep::start || !request.point.empty() || !trial.rival.empty();
  if (!trial.point.empty() && named) text += " --point \"" + to_text(trial.point) + "\"";
  return text;
}

}  // namespace halcyon
