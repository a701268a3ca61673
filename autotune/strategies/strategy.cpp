#include "autotune/strategies/strategy.h"

#include "kernels/strict_json.h"

namespace halcyon {

const StrategyKind& strategy_kind(const std::string& name) {
  std::vector<std::string> names;
  std::string allowed;
  for (const StrategyKind* kind : strategy_kinds()) {
    if (kind->name == name) return *kind;
    names.push_back(kind->name);
    allowed += (allowed.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearest(name, names);
  throw usage_error("--strategy '" + name + "': allowed are " + allowed +
                    (near.empty() ? "" : ". Did you mean '" + near + "'?"));
}

std::vector<std::size_t> next_batch(Strategy& strategy, std::size_t most) {
  std::vector<std::size_t> batch;
  while (batch.size() < most) {
    const auto point = strategy.next();
    if (!point) break;
    batch.push_back(*point);
  }
  return batch;
}

std::size_t batch_size(std::size_t trials_before) {
  if (trials_before == 0) return 1;
  return trials_before < 9 ? 4 : 8;
}

}  // namespace halcyon
