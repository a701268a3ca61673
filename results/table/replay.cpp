#include "results/table/replay.h"

#include "results/text/columns.h"

namespace halcyon {

std::string replay_table(const std::vector<ReplayedSpace>& spaces) {
  std::string text = "trials to come within a share of the optimum, over " +
                     std::to_string(spaces.front().by_strategy.front().reached.size()) + " seeds\n";
  for (const auto& s : spaces)
    text += "\n" + s.problem + "  " + space_text(s) + "\n" + columns(replay_rows(s));
  if (spaces.size() > 1)
    text += "\nmedians of all " + std::to_string(spaces.size()) + " spaces\n" +
            columns(replay_rows(spaces));
  return text;
}

}  // namespace halcyon
