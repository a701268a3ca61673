#include "suites/trials/named_case.h"

#include <set>

#include "kernels/error.h"
#include "suites/networks/planned_network.h"

namespace halcyon {
namespace {

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

}  // namespace

Suite suite_named(const NamedWord& what, const RunPlan& asked) {
  switch (what.named) {
    case Named::problem:
      return suite_of(Problem::parse(what.word));
    case Named::network:
      return suite_of(outlined_network(what.word, asked).plan);
    case Named::suite:
    case Named::target:  // is only shown
      break;
  }
  return find_suite(what.word, asked.request.folders.suites);
}

std::vector<NamedCase> cases_of(const RunPlan& asked) {
  std::vector<Suite> suites;
  for (const NamedWord& what : asked.what) suites.push_back(suite_named(what, asked));
  return cases_of(asked, suites);
}

std::vector<NamedCase> cases_of(const RunPlan& asked, const std::vector<Suite>& suites) {
  std::vector<NamedCase> cases;
  std::set<std::string> ids;
  for (const auto& suite : suites)
    for (const auto& c : suite.cases) {
      if (!asked.filter.takes(c.id) && !asked.filter.takes(c.problem.text())) continue;
      check_dtype(c.problem, asked.target);
      check_size(c.problem);
      std::string id = c.id;
      for (int n = 2; !ids.insert(id).second; n++)
        id = suite.name + "-" + c.id + "-" + std::to_string(n);
      cases.push_back({id, suite.name, c, suite.network});
    }
  if (cases.empty()) throw usage_error("--filter '" + asked.request.filter + "' leaves no case");
  return cases;
}

}  // namespace halcyon
