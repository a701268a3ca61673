#pragma once
#include <string>
#include <vector>

#include "kernels/problem/problem.h"

namespace halcyon {

/// One named problem of a suite.
struct Case {
  std::string id;            // [A-Za-z0-9._-]{1,128}, unique in its suite
  Problem problem;           // unique in its suite
  std::string source;        // network and layer; of an odd case, what is odd about it
  std::string kernel_class;  // row of the summary
  bool odd = false;          // breaks tails on purpose; checked and timed, not in class means
  int count = 1;             // how often one pass through the network has it
};
struct Suite {
  std::string name, description, source;
  std::vector<Case> cases;  // never empty
  bool network = false;     // they are the distinct problems of a network
};

/// Strict reader of suites/micro/*.json (schema beside them: suite.schema.json). Errors (exit 2)
/// name file, pointer, what was found, what is allowed.
Suite read_suite(const std::string& path);
/// `name`: a path (contains '/' or ends in .json), or the name of a file in `folder`. Error (exit
/// 2) with a suggestion for a near miss.
Suite find_suite(const std::string& name, const std::string& folder);
/// Sorted. Error (exit 4) when the folder cannot be read.
std::vector<std::string> suite_names(const std::string& folder);
/// A suite of the one problem that was typed; its id is the line with '-' for what an id may not
/// hold.
Suite suite_of(const Problem&);

}  // namespace halcyon
