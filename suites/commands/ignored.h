#pragma once
#include <string>
#include <vector>

#include "suites/request/run_plan.h"

namespace halcyon {

/// A command as it was typed: its verb, the long names of the options that were given, and of
/// `show` the parts that are asked for.
struct Given {
  std::string verb;
  std::vector<std::string> options, parts = {};
  bool has(const std::string& option) const;
};

// Nothing that a person says is ignored. Error (exit 2) in one line, before anything is done.

/// For an option that another makes meaningless, whatever is asked for.
void refuse_clashes(const Given&);
/// For an option that means nothing for any of what is asked for, for one beside which another says
/// nothing, and for one of time where the target's meter counts.
void refuse_ignored(const Given&, const RunPlan&);

}  // namespace halcyon
