#include "suites/trials/candidates.h"

#include <iterator>

#include "kernels/error.h"
#include "schedules/recipes/sweep.h"
#include "schedules/tuned/tuned_lookup.h"
#include "suites/trials/rival.h"
#include "suites/trials/searched.h"

namespace halcyon {
namespace {

std::vector<Point> points_of(const RunPlan& asked, const Problem& problem) {
  const Request& request = asked.request;
  const Recipe& recipe = recipe_for(problem);
  if (!request.point.empty())
    return {parse_point(to_text(request.point), recipe, problem, asked.target)};
  switch (request.sweep) {
    case Sweep::knobs:
      return sweep_points(recipe, problem, asked.target, request.seed);
    case Sweep::all:
      return all_points(recipe, problem, asked.target);
    case Sweep::start:
      break;
  }
  return {recipe.start(problem, asked.target)};
}

/// Whether one schedule of each case is wanted, and a tuned one will do.
bool wants_tuned(const Request& request) {
  return std::holds_alternative<FromTuned>(request.source) && !request.folders.tuned.empty() &&
         request.sweep == Sweep::start && request.point.empty();
}

/// Puts a tuned schedule in the start's place where there is one.
void use_tuned(NamedCandidate& start, TunedStore& tuned, const std::string& cpu) {
  Candidate& c = start.candidate;
  TunedLookup lookup = tuned.look_up(c.problem, c.target, cpu);
  start.schedule_why = lookup.why;
  start.stale = lookup.stale;
  if (!lookup.found) return;
  start.schedule_source = "tuned";
  start.point = lookup.found->point;
  c.schedule = std::move(lookup.found->steps);
}

std::vector<NamedCandidate> from_recipes(const RunPlan& asked,
                                         const std::vector<NamedCase>& cases) {
  TunedStore tuned(asked.request.folders.tuned);
  std::vector<NamedCandidate> all;
  for (const NamedCase& c : cases) {
    const auto points = points_of(asked, c.of.problem);
    for (std::size_t i = 0; i < points.size(); i++) {
      all.push_back(candidate_at(c, asked.target, points[i]));
      if (wants_tuned(asked.request)) use_tuned(all.back(), tuned, asked.cpu);
      if (points.size() > 1) all.back().id += "." + std::to_string(i);
    }
  }
  return all;
}

std::vector<NamedCandidate> from_file(const RunPlan& asked, const std::vector<NamedCase>& cases) {
  if (cases.size() > 1)
    throw usage_error("--schedule is of one problem, and " + std::to_string(cases.size()) +
                      " are asked for");
  std::vector<NamedCandidate> all;
  for (const NamedCase& c : cases)
    all.push_back({c.id,
                   c.suite,
                   c.of,
                   {c.of.problem, *asked.steps, asked.target},
                   {},
                   "file:" + asked.request.schedule_file});
  return all;
}

std::vector<NamedCandidate> searched_by(const Autoscheduler& by, const RunPlan& asked,
                                        const std::vector<NamedCase>& cases) {
  std::vector<NamedCandidate> all;
  for (const NamedCase& c : cases) {
    all.push_back({c.id, c.suite, c.of, {c.of.problem, {}, target_for(by, asked.target)}, {}, ""});
    all.back().by = by;
  }
  std::vector<NamedCandidate*> pointers;
  for (NamedCandidate& c : all) pointers.push_back(&c);
  search_schedules(pointers, asked.request);
  return all;
}

std::vector<NamedCandidate> own_candidates(const RunPlan& asked,
                                           const std::vector<NamedCase>& cases) {
  if (asked.steps) return from_file(asked, cases);
  if (const auto* by = std::get_if<Autoscheduler>(&asked.request.source))
    return searched_by(*by, asked, cases);
  return from_recipes(asked, cases);
}

/// Each with its rivals behind it.
std::vector<NamedCandidate> with_rivals(const std::vector<NamedCandidate>& own,
                                        const Request& request) {
  std::vector<NamedCandidate> all;
  for (const NamedCandidate& c : own) {
    all.push_back(c);
    for (const Rival& rival : request.against)
      for (NamedCandidate& r : rivals_of(c, rival)) all.push_back(std::move(r));
  }
  for (const Rival& rival : request.against) {  // at once: all that one autoscheduler is asked
    std::vector<NamedCandidate*> searched;
    for (NamedCandidate& c : all)
      if (c.by && c.rival == to_text(rival)) searched.push_back(&c);
    search_schedules(searched, request);
  }
  return all;
}

}  // namespace

std::vector<NamedCandidate> candidates_of(const RunPlan& asked) {
  return candidates_of(asked, cases_of(asked));
}

std::vector<NamedCandidate> candidates_of(const RunPlan& asked,
                                          const std::vector<NamedCase>& cases) {
  return with_rivals(own_candidates(asked, cases), asked.request);
}

}  // namespace halcyon
