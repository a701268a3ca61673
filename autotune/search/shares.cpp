#include "autotune/search/shares.h"

#include <algorithm>
#include <map>

namespace halcyon {
namespace {

constexpr double kBytesPerCycle = 16;
constexpr std::size_t kLeastTrials = 4;

double cycles_of(const Problem& problem, const Target& target) {
  const double macs = target.fma_per_cycle * target.lanes(bytes_of(problem.dtype()));
  const auto bytes = static_cast<double>(problem.weight_bytes() + problem.activation_bytes());
  return std::max(static_cast<double>(problem.macs()) / macs, bytes / kBytesPerCycle);
}

}  // namespace

std::vector<double> shares_of(const std::vector<NamedCase>& cases, const Target& target) {
  std::vector<double> shares;
  struct Network {
    double sum = 0;
    int cases = 0;
  };
  std::map<std::string, Network> networks;
  for (const NamedCase& c : cases) {
    shares.push_back(c.of_network ? c.of.count * cycles_of(c.of.problem, target) : 1);
    networks[c.suite].sum += shares.back();
    networks[c.suite].cases++;
  }
  for (std::size_t i = 0; i < cases.size(); i++)
    if (const Network& n = networks[cases[i].suite]; cases[i].of_network)
      shares[i] = shares[i] * n.cases / n.sum;
  return shares;
}

std::vector<std::size_t> budgets_of(const std::vector<NamedCase>& cases,
                                    const std::vector<double>& shares, std::size_t budget) {
  const std::size_t least = std::min(kLeastTrials, budget);
  const auto rest = static_cast<double>(budget - least);
  std::vector<std::size_t> budgets;
  for (std::size_t i = 0; i < cases.size(); i++)
    budgets.push_back(cases[i].of_network ? least + static_cast<std::size_t>(shares[i] * rest)
                                          : budget);
  return budgets;
}

}  // namespace halcyon
