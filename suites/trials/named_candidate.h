#pragma once
#include <optional>
#include <string>

#include "schedules/autoschedulers/autoschedule.h"
#include "schedules/compile/compile.h"
#include "schedules/recipes/recipe.h"
#include "suites/trials/named_case.h"

namespace halcyon {

/// A candidate under the name that it has in a run, and the case that it is of. Once it is
/// compiled, checked and measured that was a trial.
struct NamedCandidate {
  std::string id;  // unique in the run: the case's id, in a sweep with ".<number>", of a rival
                   // with ".<its name>"
  std::string suite;
  Case of;
  Candidate candidate;
  Point point;                   // empty unless from a recipe
  std::string schedule_source;   // "tuned", "recipe", "file:<name>", describe(*by)
  std::string schedule_why;      // which tuned one it is, or why none; empty when none was wanted
  bool stale = false;            // there is a tuned one, but it no longer fits
  Outcome search = Outcome::ok;  // else the autoscheduler gave no schedule, and there is nothing to
  std::string search_detail;     // compile
  std::string rival;             // as in Record; rivals stand behind what they are rivals of
  std::optional<Autoscheduler> by;  // who searched
  bool twin = false;                // of the one before it: suites/trials/twins.h
};

/// The candidate that a point of the recipe's space is.
NamedCandidate candidate_at(const NamedCase&, const Target&, const Point&);

/// What tells a candidate from others of its case: its point, else who made its schedule.
std::string name_of(const NamedCandidate&);

/// The shell command that shows its trial again.
std::string repro_of(const NamedCandidate&, const std::string& verb, const Request&);

}  // namespace halcyon
