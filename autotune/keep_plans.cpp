#include <algorithm>
#include <filesystem>

#include "autotune/keep.h"
#include "results/text/format.h"
#include "schedules/tuned/tuned_plans.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// The entry that is there, or a new one without a chain.
TunedPlan entry_for(const std::vector<TunedPlan>& plans, TunedPlan wanted) {
  for (const TunedPlan& p : plans)
    if (p.network == wanted.network && p.input == wanted.input && p.cpu_id == wanted.cpu_id &&
        (!p.cpu_id.empty() || p.cpu == wanted.cpu) && p.threads == wanted.threads)
      wanted.fused = p.fused;
  return wanted;
}

/// The line that says so; empty where nothing changes.
std::string take(const RankedChain& chain, TunedPlan& plan, const std::string& file) {
  if (!chain.evidence || chain.evidence->verdict == Verdict::no_difference) return "";
  const auto known =
      std::erase_if(plan.fused, [&](const TunedChain& c) { return c.problem == chain.problem; });
  const std::string line = file + ": '" + chain.problem + "', " + to_text(*chain.evidence);
  if (!chain.fused) return known > 0 ? "taken from " + line : "";
  const Interval& s = chain.evidence->speedup;
  const TunedChain entry{chain.problem, s.estimate, s.low, s.high, chain.evidence->pairs};
  const auto at = std::find_if(plan.fused.begin(), plan.fused.end(),
                               [&](const TunedChain& c) { return c.problem > chain.problem; });
  plan.fused.insert(at, entry);
  return "kept in " + line;
}

}  // namespace

std::vector<std::string> keep_plans(const Tuning& tuning, const Target& target,
                                    const std::string& folder) {
  const std::string file = tuned_plans_path(folder, target.family);
  std::vector<TunedPlan> plans;
  if (fs::exists(file)) plans = read_tuned_plans(file);
  std::vector<std::string> lines;
  for (const InNetwork& n : tuning.networks) {
    if (!n.all_chains) continue;
    TunedPlan plan = entry_for(plans, {n.network,
                                       n.input,
                                       target.threads,
                                       tuning.document.machine.cpu_model,
                                       {},
                                       tuning.document.toolchain.halide,
                                       tuning.document.run,
                                       cpu_id(tuning.document.machine).model});
    const std::size_t before = lines.size();
    std::erase_if(plan.fused, [&](const TunedChain& c) {
      const bool gone = std::count(n.all_chains->begin(), n.all_chains->end(), c.problem) == 0;
      if (gone)
        lines.push_back("taken from " + file + ": '" + c.problem + "', which " + n.network +
                        " no longer has");
      return gone;
    });
    for (const RankedChain& chain : n.chains)
      if (const std::string line = take(chain, plan, file); !line.empty()) lines.push_back(line);
    if (lines.size() > before) put_tuned_plan(plans, std::move(plan));
  }
  if (!lines.empty()) write_kept(file, to_json(plans));
  return lines;
}

}  // namespace halcyon
