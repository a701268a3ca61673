#include "suites/trials/named_candidate.h"

namespace halcyon {
namespace {

/// Whether --tuned names a folder, in place of the one that is shipped.
bool own_tuned(const Folders& folders) {
  return !folders.tuned.empty() && folders.tuned != folders.root + "/schedules/tuned";
}

}  // namespace

NamedCandidate candidate_at(const NamedCase& c, const Target& target, const Point& point) {
  const Problem& problem = c.of.problem;
  return {c.id,  c.suite,
          c.of,  {problem, recipe_for(problem).expand(problem, target, point), target},
          point, "recipe"};
}

std::string name_of(const NamedCandidate& c) {
  return c.point.empty() ? c.schedule_source : to_text(c.point);
}

std::string repro_of(const NamedCandidate& c, const std::string& verb, const Request& request) {
  std::string text = "halcyon " + verb + " \"" + c.of.problem.text() + "\" --target " +
                     request.target + " --seed " + std::to_string(request.seed);
  if (request.threads > 1) text += " --threads " + std::to_string(request.threads);
  if (c.by) text += " --source " + to_text(*c.by);
  if (c.by && c.by->full_search) text += " --search full";
  if (c.schedule_source == "tuned" && own_tuned(request.folders))
    text += " --tuned " + request.folders.tuned;
  if (c.schedule_source == "recipe" && std::holds_alternative<FromRecipe>(request.source))
    text += " --source recipe";
  if (!request.schedule_file.empty() && c.rival.empty())
    text += " --schedule " + request.schedule_file;
  const bool named = request.sweep != Sweep::start || !request.point.empty() || !c.rival.empty();
  if (!c.point.empty() && named) text += " --point \"" + to_text(c.point) + "\"";
  return text;
}

}  // namespace halcyon
