#include <algorithm>
#include <map>

#include "results/figures/peer_means.h"
#include "results/figures/rivals.h"
#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"
#include "results/text/plural.h"

namespace halcyon {
namespace {

using Row = std::vector<std::string>;
using Cases = std::vector<const Record*>;

std::string cell_of(const PeerResult* r) {
  if (!r) return "";
  if (!r->ratio) return std::string(to_text(r->outcome));
  return std::string(sign_of(*r->ratio)) + " " + ratio_text(*r->ratio);
}

/// A row per case, a column per system.
std::string cases_text(const Cases& cases, const std::vector<std::string>& peers) {
  std::vector<Row> rows = {{"its time over ours", "ours"}};
  for (const std::string& peer : peers) rows[0].push_back(printable(peer));
  rows[0].push_back("best");
  for (const Record* r : cases) {
    const PeerResult& own = r->peers->own;
    Row& row = rows.emplace_back();
    row = {printable(r->case_id), own.statistics ? figure_text(own.statistics->median_ns, "ns")
                                                 : std::string(to_text(own.outcome))};
    for (const std::string& peer : peers) row.push_back(cell_of(result_of(*r, peer)));
    row.push_back(printable(r->peers->best));
  }
  return columns(rows);
}

std::string means_text(const std::vector<PeerMean>& means, const std::vector<std::string>& peers) {
  if (means.empty()) return "";
  std::vector<Row> rows = {{"geometric mean, network shapes", "cases", "best of them"}};
  for (const std::string& peer : peers) rows[0].push_back(printable(peer));
  for (const PeerMean& m : means) {
    if (m.peer.empty())
      rows.push_back({m.kernel_class.empty() ? "all of them" : printable(m.kernel_class),
                      std::to_string(m.cases)});
    const std::string ratio = m.cases > 0 ? ratio_text(m.ratio) : "-";
    const bool some = !m.peer.empty() && m.cases > 0 && !m.without.empty();
    rows.back().push_back(ratio + (some ? " of " + std::to_string(m.cases) : ""));
  }
  return columns(rows);
}

/// Why a system has no figure, each reason once.
std::string reasons_text(const Cases& cases) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  const auto add = [&](const Record& r, const PeerResult& result) {
    if (result.outcome == PeerOutcome::ok || result.detail.empty()) return;
    const bool noisy =
        result.outcome == PeerOutcome::noisy;  // how many were varies, and helps nobody
    const std::string why = printable(result.name) + " " + std::string(to_text(result.outcome)) +
                            ": " +
                            (noisy ? "too few rounds were undisturbed" : printable(result.detail));
    auto found = std::find_if(reasons.begin(), reasons.end(),
                              [&](const auto& known) { return known.first == why; });
    if (found == reasons.end()) found = reasons.insert(found, {why, {}});
    found->second.push_back(printable(r.case_id));
  };
  for (const Record* r : cases) {
    add(*r, r->peers->own);
    for (const PeerResult& peer : r->peers->peers) add(*r, peer);
  }
  std::string text;
  for (const auto& [why, ids] : reasons) {
    constexpr std::size_t kFew = 3;
    text += why;
    if (ids.size() == cases.size() && ids.size() > 1) {
      text += " (all cases)";
    } else if (cases.size() > 1) {
      text += " (";
      for (std::size_t i = 0; i < std::min(ids.size(), kFew); i++) text += (i ? ", " : "") + ids[i];
      if (ids.size() > kFew) text += ", " + std::to_string(ids.size() - kFew) + " more";
      text += ")";
    }
    text += "\n";
  }
  return text;
}

bool applies(const Document& document, const Viewer&) {
  return !cases_with_peers(document.records).empty();
}

/// Each case against the systems that were timed beside it, and the means by class.
std::string render(const Document& document, const Viewer& viewer) {
  const Cases cases = cases_with_peers(document.records);
  const std::vector<std::string> peers = peers_of(cases);
  const PeerComparison& any = *cases.front()->peers;
  std::string layouts = layouts_of_peers(cases);
  if (!layouts.empty()) layouts = "Layouts: " + printable(layouts) + ".\n";
  return cases_text(cases, peers) + reasons_text(cases) + "\n" +
         means_text(peer_means(cases), peers) +
         wrapped(layouts + "Turns of one run, " + plural(any.threads, "thread") +
                     ", warm. Above 1 ours is faster; ▲ won, ▼ lost: the whole 95 % interval "
                     "clears 2 %.\n",
                 viewer.columns);
}

}  // namespace

extern const Table case_peers_table = {"case_peers", applies, render};

}  // namespace halcyon
