#pragma once
#include <optional>
#include <string>
#include <vector>

#include "results/record/network_record.h"

namespace halcyon {

/// Gives each call of a network the figure of its problem measured by itself, from the records of
/// the same run: of the very object that the call ran, timed, with as many threads; with cold
/// weights where there is such a record, as a network has them. Calls without one stay as they are.
void take_alone(NetworkRecord&, const std::vector<Record>&);

/// All calls measured by themselves, against the whole.
struct AloneSum {
  std::string state;  // of the caches; "mixed" when they differ
  double ns = 0;      // of the whole batch
  double ratio = 0;   // whole over sum
};
/// nullopt without a time, or when a call was not measured alone.
std::optional<AloneSum> alone_sum(const NetworkRecord&);
/// "Whole run: 2.340 ms, 1.02 of the sum of its problems alone (2.294 ms, cold-weights)"; empty
/// without a sum.
std::string alone_text(const NetworkRecord&);

}  // namespace halcyon
