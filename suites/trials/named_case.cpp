#include "suites/trials/named_case.h"

#include <set>

#include "kernels/error.h"
#include "kernels/problem/problem_builder.h"
#include "suites/networks/planned_network.h"

namespace halcyon {
namespace {

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

/// A case in each of the dtypes, none of them: as it is; where it cannot be in one that the filter
/// asks for, why.
std::vector<Case> in_dtypes(const Case& c, const std::vector<DType>& dtypes, const Filter& filter,
                            std::vector<std::string>& refused) {
  if (dtypes.empty()) return {c};
  std::vector<Case> all;
  for (const DType dtype : dtypes) {
    Case other = c;
    if (dtype != c.problem.dtype()) {
      other.id += "-" + std::string(to_text(dtype));
      other.kernel_class = std::string(to_text(dtype)) + " " + c.kernel_class;
    }
    try {
      other.problem = with_dtype(c.problem, dtype);
      all.push_back(std::move(other));
    } catch (const Error& e) {
      if (filter.takes(other.id) || filter.takes(c.problem.text()))
        refused.push_back("'" + other.id + "': " + e.what());
    }
  }
  return all;
}

}  // namespace

Suite suite_named(const NamedWord& what, const RunPlan& asked) {
  switch (what.named) {
    case Named::problem:
      return suite_of(Problem::parse(what.word));
    case Named::network:
      return suite_of(
          outlined_network(what.word, asked, dtypes_of_networks(asked.request).front()).plan);
    case Named::suite:
    case Named::target:  // is only shown
      break;
  }
  return find_suite(what.word, asked.request.folders.suites);
}

std::vector<NamedCase> cases_of(const RunPlan& asked, std::vector<std::string>* left_out) {
  std::vector<Suite> suites;
  for (const NamedWord& what : asked.what) {
    if (what.named != Named::network) {
      suites.push_back(suite_named(what, asked));
      continue;
    }
    for (const std::optional<DType> dtype : dtypes_of_networks(asked.request))
      suites.push_back(suite_of(outlined_network(what.word, asked, dtype).plan));
  }
  return cases_of(asked, suites, left_out);
}

std::vector<NamedCase> cases_of(const RunPlan& asked, const std::vector<Suite>& suites,
                                std::vector<std::string>* left_out) {
  std::vector<NamedCase> cases;
  std::set<std::string> ids;
  std::vector<std::string> refused;
  for (const auto& suite : suites)
    for (const auto& written : suite.cases)
      for (const Case& c :
           in_dtypes(written, suite.network ? std::vector<DType>() : asked.request.dtypes,
                     asked.filter, refused)) {
        if (!asked.filter.takes(c.id) && !asked.filter.takes(c.problem.text())) continue;
        check_size(c.problem);
        std::string id = c.id;
        for (int n = 2; !ids.insert(id).second; n++)
          id = suite.name + "-" + c.id + "-" + std::to_string(n);
        cases.push_back({id, suite.name, c, suite.network});
      }
  if (cases.empty() && !refused.empty()) throw usage_error(refused.front());
  if (cases.empty()) throw usage_error("--filter '" + asked.request.filter + "' leaves no case");
  if (left_out) *left_out = std::move(refused);
  return cases;
}

}  // namespace halcyon
