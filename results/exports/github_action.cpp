#include <nlohmann/json.hpp>

#include "results/exports/export.h"
#include "results/record/stats.h"
#include "results/text/format.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// Half of what lies between the quartiles.
std::string range_of(const NamedFigure& f) {
  std::vector<double> calls;
  for (const Sample& s : *f.samples)
    if (s.accepted) calls.push_back(s.ns_per_call());
  return calls.empty() ? ""
                       : "± " + significant((quantile(calls, 0.75) - quantile(calls, 0.25)) / 2, 3);
}

json entry_of(const NamedFigure& f) {
  json entry = {{"name", f.name}, {"unit", to_text(f.unit)}, {"value", f.figure}};
  if (const std::string range = range_of(f); !range.empty()) entry["range"] = range;
  if (f.record && f.record->statistics)
    entry["extra"] =
        f.record->problem + "\n" + percent_text(f.record->statistics->percent_of_peak) + " of peak";
  return entry;
}

std::string render(const std::vector<Document>& documents) {
  json entries = json::array();
  for (const NamedFigure& f : named_figures(documents.front())) entries.push_back(entry_of(f));
  return indented_text(entries);
}

}  // namespace

// One median a case: its reader makes a point of every row, errors and quartiles, too.
extern const Export github_action_export = {
    "github-action-benchmark", "github-action-benchmark.json",
    "customSmallerIsBetter of github-action-benchmark, of one run", why_not_one_run, render};

}  // namespace halcyon
