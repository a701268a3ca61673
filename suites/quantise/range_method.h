#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "suites/quantise/histogram.h"

namespace halcyon {

/// Which range of a tensor's values its steps cover.
enum class RangeMethod {
  minmax,      // all that was seen
  percentile,  // all but the outermost hundredth of a percent
  mse          // that whose steps lose least: wide steps and what lies outside weighed together
};
std::string_view to_text(RangeMethod);
const std::vector<RangeMethod>& range_methods();
/// The method called `word`; false when there is none.
bool range_method_from_text(std::string_view word, RangeMethod* out);

std::pair<double, double> range_by(RangeMethod, const Histogram&);

}  // namespace halcyon
