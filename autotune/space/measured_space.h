#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "autotune/space/space.h"

namespace halcyon {

/// A space of which every point was tried: what strategies are compared on without a clock.
struct MeasuredSpace {
  std::string problem, target;
  std::string unit;  // ns, instructions: of one call
  Space space;
  std::vector<std::optional<double>> figures;  // by point; none where it failed

  double optimum() const;  // the least figure
};

/// {"problem", "target", "unit", "knobs": [{"name", "values"}], "start": [value, ...], "others":
/// [[value, ...], ...], "points": [[value, ..., figure or null], ...]}, values in the order of the
/// knobs; a point a line.
std::string to_text(const MeasuredSpace&);
/// Error (exit 3) with file and JSON pointer; also when no point, or the start, has no figure.
MeasuredSpace measured_space_from_json(const nlohmann::json&, const std::string& path);
/// Every space in a file: the one of such a text, or each problem and cache state of a results
/// document that `bench --sweep` left. Error (exit 3) as above; also when a document lacks points
/// of the recipe's space, as after an interrupt or a change of the recipe.
std::vector<MeasuredSpace> read_measured_spaces(const std::string& path);
/// A text each, `folder`/space-1.json and so on: they are small, and stay readable when the recipe
/// changes. Error (exit 4).
void write_measured_spaces(const std::vector<MeasuredSpace>&, const std::string& folder);

}  // namespace halcyon
