#pragma once
#include <optional>
#include <string>
#include <vector>

#include "autotune/space.h"

namespace halcyon {

/// A space of which every point was tried: what strategies are compared on without a clock.
struct MeasuredSpace {
  std::string problem, target;
  std::string unit;  // ns, instructions: of one call
  Space space;
  std::vector<std::optional<double>> figures;  // by point; none where it failed

  double optimum() const;  // the least figure
};

/// {"problem", "target", "unit", "knobs": [{"name", "values"}], "start": [value, ...], "points":
/// [[value, ..., figure or null], ...]}, values in the order of the knobs; a point a line.
std::string to_text(const MeasuredSpace&);
/// Error (exit 3) with file and JSON pointer; also when no point, or the start, has no figure.
MeasuredSpace read_measured_space(const std::string& path);

}  // namespace halcyon
