#pragma once
#include <optional>
#include <string>
#include <vector>

#include "schedules/autoschedulers/autoschedule.h"
#include "schedules/compile/compile.h"
#include "schedules/recipes/recipe.h"
#include "suites/cases/suite.h"
#include "suites/request/request.h"

namespace halcyon {

/// One candidate of a run and the case that it belongs to.
struct Trial {
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
  std::string rival;             // as in Record; rivals stand behind the trial that they are of
  std::optional<Autoscheduler> by;  // who searched
  bool twin = false;                // of the trial before it: suites/trials/twins.h
};

/// The target that a request names, with the threads that it asks for. Throws Error (exit 2) when
/// its meter or this machine cannot have so many.
Target target_of(const Request&);

/// A case under the name that it has in a run.
struct NamedCase {
  std::string id;  // unique in the run
  std::string suite;
  Case of;
  bool of_network = false;  // the suite is a network
};
/// What a request calls `what`: a problem as a suite of one, a network as that of its problems.
Suite suite_named(const std::string& what, const Request&);
/// The cases of suites that the request's filter leaves. Throws Error (exit 2) as trials_of does.
std::vector<NamedCase> cases_of(const Request&, const Target&, const std::vector<Suite>&);
/// Of what the request names.
std::vector<NamedCase> cases_of(const Request&, const Target&);
/// The candidate that a point of the recipe's space is.
Trial trial_of(const NamedCase&, const Target&, const Point&);

/// What a request asks for, as candidates. Throws Error (exit 2) for everything in it that is
/// wrong: unknown names, an impossible problem, a schedule that does not parse, a filter that
/// leaves nothing.
std::vector<Trial> trials_of(const Request&);
/// The same for cases that the caller has.
std::vector<Trial> trials_of(const Request&, const std::vector<NamedCase>&);

/// What tells a candidate from others of its case: its point, else who made its schedule.
std::string name_of(const Trial&);

/// The shell command that shows a trial again.
std::string repro_of(const Trial&, const std::string& verb, const Request&);

}  // namespace halcyon
