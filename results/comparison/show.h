#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "results/comparison/compared.h"

namespace halcyon {

/// For a terminal: what changed first, then the rest; means; how it was told and what that cannot
/// tell.
std::string comparison_text(const RunComparison&, bool colour);
/// The same for a pull request: what changed, and all rows folded away below.
std::string comparison_markdown(const RunComparison&);
nlohmann::json to_json(const RunComparison&);

/// "2 regressed, 1 improved, 3 unclear, 30 same".
std::string summary_of(const RunComparison&);
/// The rows, what changed most of its kind first.
std::vector<const Compared*> rows_by_change(const RunComparison&);
/// How figures were taken and told apart, a line each; what to do where rows are unclear.
std::vector<std::string> notes_of(const RunComparison&);
/// "1.034 (1.021 to 1.047)".
std::string change_text(const Interval& ratio);

}  // namespace halcyon
