#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "results/comparison/compared.h"
#include "suites/commands/options.h"

namespace halcyon {

/// What `compare` is asked.
struct CompareAsk {
  std::vector<std::string> runs;  // A and B; or one that --against-build made
  bool across_machines = false, markdown = false;
};
void add_compare_options(CLI::App&, CompareAsk&, Speech&);

/// Error (exit 2) as compare_runs() and compare_builds() say it, and for more than two runs; (exit
/// 3) for one that cannot be read.
RunComparison compare(const CompareAsk&);
std::string compare_text(const RunComparison&, const CompareAsk&, const Speech&, bool colour);

}  // namespace halcyon
