#pragma once
#include <map>
#include <string>

#include "kernels/oracle/reference.h"
#include "suites/graph/plan.h"

namespace halcyon {

/// For tests: what every tensor of a plan of one image holds by the kernels' plain loops, by name.
inline std::map<std::string, Tensor> plain_tensors(const Plan& plan, const Tensor& input) {
  std::map<std::string, Tensor> tensors;
  const auto name = [&](int t) { return plan.tensors[static_cast<std::size_t>(t)].name; };
  tensors[name(plan.input)] = input;
  for (const PlanCall& call : plan.calls) {
    Tensors arguments;
    const auto& specs = call.problem.tensors();
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const PlanArgument& a = call.arguments[i];
      if (specs[i].role != Role::output)
        arguments[specs[i].name] = a.from == PlanArgument::constant
                                       ? plan.constants[static_cast<std::size_t>(a.index)].values
                                       : tensors.at(name(a.index));
    }
    for (auto& [output, values] : reference(call.problem, arguments))
      for (std::size_t i = 0; i < specs.size(); ++i)
        if (specs[i].name == output) tensors[name(call.arguments[i].index)] = std::move(values);
  }
  return tensors;
}

}  // namespace halcyon
