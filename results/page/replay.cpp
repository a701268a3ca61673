#include "results/page/replay.h"

#include "results/page/frame.h"
#include "results/page/page_parts.h"
#include "results/page/replay_parts.h"

namespace halcyon {
namespace {

using page_parts::column_head;
using page_parts::tag;

Markup table_of(const ReplayRows& rows) {
  Markup head, body;
  for (const std::string& name : rows.front())
    head += column_head(&name == &rows.front().front() ? "" : "n", name);
  for (std::size_t r = 1; r < rows.size(); ++r) {
    Markup line = element("th", {{"scope", "row"}}, text(rows[r].front()));
    for (std::size_t c = 1; c < rows[r].size(); ++c) line += tag("td", "n", rows[r][c]);
    body += tag("tr", "", line);
  }
  return tag(
      "div", "scroll",
      tag("table", "replay", tag("thead", "", tag("tr", "", head)) + tag("tbody", "", body)));
}

std::size_t seeds_of(const std::vector<ReplayedSpace>& spaces) {
  return spaces.front().by_strategy.front().reached.size();
}

Markup tiles(const std::vector<ReplayedSpace>& spaces) {
  std::size_t points = 0;
  for (const ReplayedSpace& s : spaces) points += s.points.size();
  const ReplayedSpace& first = spaces.front();
  return tag("dl", "tiles",
             page_parts::tile("spaces", std::to_string(spaces.size())) +
                 page_parts::tile("points in them", std::to_string(points)) +
                 page_parts::tile("strategies", std::to_string(first.by_strategy.size())) +
                 page_parts::tile("seeds each", std::to_string(seeds_of(spaces))) +
                 page_parts::tile("trials at most", std::to_string(first.most_trials)));
}

Markup overview(const std::vector<ReplayedSpace>& spaces) {
  const std::string seeds = std::to_string(seeds_of(spaces));
  Markup out =
      tiles(spaces) +
      tag("p", "lead",
          "Strategies played on spaces of which every point was measured before, so that nothing "
          "here depends on a clock. Tables say after how many trials a strategy had seen a point "
          "within 95 and 99 % of the optimum, over " +
              seeds +
              " seeds. In the pictures the dark line is the median of the seeds, the band holds "
              "their 10th to 90th percentile, thin lines are the other strategies' medians; a seed "
              "ends where it is within 1 %. Trials are on a logarithmic axis, below 50 % is drawn "
              "at 50.");
  if (spaces.size() > 1)
    out += tag("h2", "title", "All " + std::to_string(spaces.size()) + " spaces") +
           tag("p", "lead", "The median of the spaces' medians, and the greatest of them.") +
           table_of(replay_rows(spaces));
  return out;
}

Markup section(const ReplayedSpace& s) {
  return tag("section", "replayed",
             tag("h2", "title", tag("code", "", s.problem)) +
                 tag("p", "lead", space_text(s) + ".") + table_of(replay_rows(s)) +
                 page_parts::reaches(s) + page_parts::space_pictures(s));
}

}  // namespace

std::string replay_page(const std::vector<ReplayedSpace>& spaces, const std::string& command,
                        const Toolchain& tools) {
  const std::string count =
      spaces.size() == 1 ? "a space" : std::to_string(spaces.size()) + " spaces";
  Markup main = overview(spaces);
  for (const ReplayedSpace& s : spaces) main += section(s);
  return page_parts::framed(
      "Search strategies on " + count,
      tag("p", "when", "Halcyon " + tools.version + " · " + page_parts::commit_text(tools)) +
          page_parts::command_line(command),
      main,
      tag("p", "",
          "A figure is a time or a count of one call, as the run that measured the space had it; "
          "the optimum is the least of the space. A trial that gave no figure counts as a trial."),
      page_parts::Script::none);
}

}  // namespace halcyon
