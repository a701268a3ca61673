#pragma once
#include <string>
#include <vector>

#include "kernels/problem.h"

namespace halcyon {

/// One named problem of a suite.
struct Case {
  std::string id;  // [A-Za-z0-9._-]{1,128}, unique in its suite
  Problem problem;
  std::string source;        // network and layer, or "odd" shapes' reason
  std::string kernel_class;  // row of the summary
  bool odd = false;          // breaks tails on purpose; checked and timed, not in class means
  int count = 1;             // how often the network has it
};
struct Suite {
  std::string name, description, source;
  std::vector<Case> cases;
};

/// Strict reader of suites/micro/*.json (schema beside them: suite.schema.json). Errors (exit 2)
/// name file, pointer, what was found, what is allowed; case ids and problems are unique.
Suite read_suite(const std::string& path);
/// `name`: a path, or the name of a file in `folder`. Error with a suggestion.
Suite find_suite(const std::string& name, const std::string& folder);
std::vector<std::string> suite_names(const std::string& folder);
/// A suite of the one problem that was typed.
Suite suite_of(const Problem&);
/// "pointwise, K >= 80", "depthwise 3x3 s1, 112 and 56", ...: the class of design section 5 that a
/// problem falls in; used where a suite does not say.
std::string class_of(const Problem&);

}  // namespace halcyon
