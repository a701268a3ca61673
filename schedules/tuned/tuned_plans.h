#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace halcyon {

/// A chain that is faster inside its network than its ops apart: their time over its own, of paired
/// runs, with the 95 % interval.
struct TunedChain {
  std::string problem;  // canonical line
  double speedup = 1, low = 1, high = 1;
  int pairs = 0;
  bool operator==(const TunedChain&) const = default;
};

/// Which chains of a network are one call each; its other ops are calls by themselves.
struct TunedPlan {
  std::string network, input;  // input: "1x224x224x3", the batch first
  int threads = 1;
  std::string cpu;                // brand of what it was timed on
  std::vector<TunedChain> fused;  // sorted by problem, each once; never empty
  std::string halide;             // "21.0.0"
  std::string run;                // id of the run that decided last
  std::string cpu_id = "";        // CpuId::model; empty where only the brand is known
  bool operator==(const TunedPlan&) const = default;
};

/// A file of entries, sorted by network, input, CPU and threads (left out where it is 1). Strict:
/// unknown or missing keys, lines of problems that are not canonical, entries or chains out of
/// order or twice, no chain, or one that is not shown to be faster are Errors (exit 2) with file
/// and JSON pointer.
std::vector<TunedPlan> read_tuned_plans(const std::string& path);
/// As read_tuned_plans wants them; what was an entry for the same is replaced. Without a chain:
/// taken out.
void put_tuned_plan(std::vector<TunedPlan>&, TunedPlan);
/// A chain stands on a line of its own in indented_text().
nlohmann::json to_json(const std::vector<TunedPlan>&);

/// <folder>/<family>/plans.json.
std::string tuned_plans_path(const std::string& folder, const std::string& family);
/// Whether a file in a family's folder is that one, and none of schedules.
bool holds_plans(const std::string& path);

/// An entry for a network, and how it was come by.
struct OfferedPlan {
  TunedPlan plan;
  std::string from;  // "schedules/tuned/zen4/plans.json (this CPU)", "... (family zen4)"
};
/// The entries of a family for this network, input and threads, those timed on this CPU
/// first (`cpu`: CpuId::model). Errors as read_tuned_plans; none where there is no file.
std::vector<OfferedPlan> tuned_plans_for(const std::string& folder, const std::string& family,
                                         const std::string& network, const std::string& input,
                                         int threads, const std::string& cpu);

}  // namespace halcyon
