#include "results/figures/shared_loops.h"

#include <algorithm>

#include "results/text/format.h"

namespace halcyon {

std::string shared_loop_text(const std::vector<Sample>& samples) {
  std::vector<double> times;
  for (const Sample& s : samples)
    if (s.accepted && s.loop_ns) times.push_back(*s.loop_ns);
  if (times.empty()) return "";
  std::sort(times.begin(), times.end());
  // A single loop may meet an interrupt: the outer twentieths do not count.
  const auto at = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  constexpr double kMoved = 2;
  const std::string takes = "an empty shared loop takes ";
  if (at(0.95) > kMoved * at(0.05))
    return takes + figure_text(at(0.05), "ns") + " to " + figure_text(at(0.95), "ns");
  return takes + figure_text(at(0.5), "ns");
}

}  // namespace halcyon
