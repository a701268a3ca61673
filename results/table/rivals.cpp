#include "results/figures/rivals.h"

#include <algorithm>

#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

using Row = std::vector<std::string>;

std::string cell_of(const Match& m) {
  if (!m.ratio) return std::string(to_text(m.records[0]->outcome));
  return std::string(sign_of(*m.ratio)) + " " + ratio_text(*m.ratio);
}

/// ", cold"; nothing of what is usual.
std::string state_suffix(CacheState state) {
  return state == CacheState::warm ? "" : std::string(", ") + to_text(state);
}

/// A row per case, a column per rival.
std::string cases_text(const std::vector<Match>& matches) {
  std::vector<std::string> rivals;
  for (const Match& m : matches)
    if (std::find(rivals.begin(), rivals.end(), m.rival) == rivals.end()) rivals.push_back(m.rival);
  std::vector<Row> rows = {{"rival over ours"}};
  rows[0].insert(rows[0].end(), rivals.begin(), rivals.end());
  const Record* own = nullptr;
  for (const Match& m : matches) {
    if (m.own != own) {
      own = m.own;
      const std::string state = state_suffix(own->state);
      rows.push_back({printable(own->case_id) + state});
      rows.back().resize(1 + rivals.size(), "");
    }
    const auto column = std::find(rivals.begin(), rivals.end(), m.rival) - rivals.begin();
    rows.back()[static_cast<std::size_t>(1 + column)] = cell_of(m);
  }
  return columns(rows);
}

std::string means_text(const std::vector<MatchMean>& means) {
  std::vector<Row> rows = {{"geometric mean, network shapes", "cases", "rival over ours"}};
  std::string without;
  for (const MatchMean& m : means) {
    const std::string name = m.suite + ", " + m.rival + state_suffix(m.state);
    rows.push_back({name, std::to_string(m.cases), m.cases ? ratio_text(m.ratio) : "-"});
    if (m.without.empty()) continue;
    without += name + ": no figure of";
    for (const std::string& id : m.without) without += " " + printable(id);
    without += "\n";
  }
  return columns(rows) + without;
}

bool applies(const Document& document, const Viewer&) { return has_matches(document); }

/// Each case against the rivals that were timed beside it, and the means.
std::string render(const Document& document, const Viewer&) {
  const std::vector<Match> matches = matches_of(document);
  return cases_text(matches) + "\n" + means_text(match_means(matches)) +
         "Above 1 ours is faster; ▲ won, ▼ lost: the whole 95 % interval clears 2 %.\n";
}

}  // namespace

extern const Table rivals_table = {"rivals", applies, render};

}  // namespace halcyon
