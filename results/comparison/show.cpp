#include "results/comparison/show.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/text/columns.h"
#include "results/text/format.h"
#include "results/text/markdown.h"
#include "results/text/plural.h"
#include "results/text/terminal.h"

namespace halcyon {
namespace {

constexpr Change kChanges[] = {Change::regressed, Change::improved, Change::unclear, Change::same};

std::string name_of(const Compared& row) {
  std::string name = printable(row.name);
  if (row.network) return name;
  if (row.state != CacheState::warm) name += std::string(", ") + to_text(row.state);
  return name;
}

std::string group_of(const Compared& row) {
  return row.target + ", " + plural(row.threads, "thread");
}

std::string figure_or_none(double figure, FigureUnit unit) {
  return figure > 0 ? figure_text(figure, unit) : "-";
}

/// "regressed", or with why: "unclear: noisy, then ok".
std::string verdict_text(const Compared& row) {
  return to_text(row.change) + (row.why.empty() ? "" : ": " + printable(row.why));
}

std::vector<std::string> cells_of(const Compared& row) {
  return {name_of(row),
          group_of(row),
          figure_or_none(row.before, row.unit),
          figure_or_none(row.after, row.unit),
          row.ratio ? change_text(*row.ratio) : "-",
          verdict_text(row)};
}

const std::vector<std::string>& heads() {
  static const std::vector<std::string> heads = {"",  "target",          "A",
                                                 "B", "B over A (95 %)", "verdict"};
  return heads;
}

std::string mean_text(const ComparedMean& m) {
  return m.what + (m.unit == FigureUnit::ns ? "" : std::string(", ") + to_text(m.unit)) +
         ": geometric mean of B over A " + change_text(m.ratio) + " over " + plural(m.rows, "row");
}

/// "only in A: x, y and 3 more".
std::string only_text(const char* side, const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 5;
  std::string text = std::string("only in ") + side + ": ";
  for (std::size_t i = 0; i < std::min(names.size(), kMost); i++)
    text += (i ? ", " : "") + printable(names[i]);
  if (names.size() > kMost) text += " and " + std::to_string(names.size() - kMost) + " more";
  return text;
}

std::string markdown_table(const std::vector<const Compared*>& rows) {
  std::string text = markdown_row(heads()) + "|---|---|---:|---:|---:|---|\n";
  for (const Compared* row : rows) text += markdown_row(cells_of(*row));
  return text;
}

nlohmann::json json_of(const Interval& i) {
  return {{"low", i.low}, {"estimate", i.estimate}, {"high", i.high}};
}

nlohmann::json json_of(const Compared& row) {
  nlohmann::json out = {{"kind", row.network ? "network" : "case"},
                        {"name", row.name},
                        {"problem", row.problem},
                        {"target", row.target},
                        {"threads", row.threads},
                        {"unit", to_text(row.unit)},
                        {"change", to_text(row.change)},
                        {"why", row.why}};
  if (!row.network) {
    out["suite"] = row.suite;
    out["class"] = row.kernel_class;
    out["state"] = to_text(row.state);
  }
  const auto figure = [](double v) { return v > 0 ? nlohmann::json(v) : nlohmann::json(); };
  out["before"] = figure(row.before);
  out["after"] = figure(row.after);
  out["ratio"] = row.ratio ? json_of(*row.ratio) : nlohmann::json();
  out["chance"] = row.chance ? nlohmann::json(*row.chance) : nlohmann::json();
  return out;
}

const char* to_text(Pairing pairing) {
  constexpr const char* kWords[] = {"interleaved", "separate", "across_machines"};
  return kWords[static_cast<int>(pairing)];
}

}  // namespace

std::string change_text(const Interval& r) {
  const std::string estimate = fixed(r.estimate, 3);
  if (r.low == r.high) return estimate;
  return estimate + " (" + fixed(r.low, 3) + " to " + fixed(r.high, 3) + ")";
}

std::string summary_of(const RunComparison& c) {
  std::string text;
  for (const Change change : kChanges) {
    const auto count = std::count_if(c.rows.begin(), c.rows.end(),
                                     [&](const Compared& row) { return row.change == change; });
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + halcyon::to_text(change);
  }
  return text;
}

std::vector<const Compared*> rows_by_change(const RunComparison& c) {
  std::vector<const Compared*> rows;
  for (const Compared& row : c.rows) rows.push_back(&row);
  const auto size = [](const Compared* row) {
    return row->ratio ? std::abs(std::log(row->ratio->estimate)) : 0;
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const Compared* a, const Compared* b) {
    if (a->change != b->change) return a->change < b->change;
    return size(a) > size(b);
  });
  return rows;
}

std::vector<std::string> notes_of(const RunComparison& c) {
  std::vector<std::string> notes;
  for (const ComparedMean& m : c.means) notes.push_back(mean_text(m));
  if (!c.only_before.empty()) notes.push_back(only_text("A", c.only_before));
  if (!c.only_after.empty()) notes.push_back(only_text("B", c.only_after));
  if (c.pairing == Pairing::interleaved) {
    notes.emplace_back(
        "In turns of one run. A change is what excludes 1, corrected for so many rows (Holm, 5 % "
        "for all of them together); same: within 2 %.");
    return notes;
  }
  if (c.pairing == Pairing::across_machines) {
    notes.push_back("Times of different machines, " + c.machine_before + " and " + c.machine +
                    ": what is the code and what the machine, they do not say.");
    return notes;
  }
  notes.emplace_back(
      "Two separate runs. A change is more than 2 %, against what each row's own processes differ "
      "by, what the rows scatter by, and what the machine's probes explain, corrected for so many "
      "rows (Holm, 5 % for all of them together); same: within 5 %.");
  if (c.has(Change::unclear))
    notes.emplace_back(
        "What is unclear, and less than that: `halcyon bench WHAT --against-build COMMIT` has both "
        "take turns, and shows 3 %.");
  return notes;
}

std::string comparison_text(const RunComparison& c, bool colour) {
  const Painter paint(colour);
  std::string text = "A: " + printable(c.before) + "\nB: " + printable(c.after) + "\n\n";
  std::vector<std::vector<std::string>> rows = {heads()};
  for (const Compared* row : rows_by_change(c)) rows.push_back(cells_of(*row));
  text += columns(rows) + "\n" +
          paint(summary_of(c), c.has(Change::regressed) ? Tint::red : Tint::bold) + "\n";
  for (const std::string& note : notes_of(c)) text += note + "\n";
  return text;
}

std::string comparison_markdown(const RunComparison& c) {
  std::vector<const Compared*> changed, rest;
  for (const Compared* row : rows_by_change(c))
    (row->change == Change::regressed || row->change == Change::improved ? changed : rest)
        .push_back(row);
  std::string text = "**" + summary_of(c) + "**\n\nA: " + markdown_text(c.before) +
                     "  \nB: " + markdown_text(c.after) + ", on " + markdown_text(c.machine) +
                     "\n\n";
  if (!changed.empty()) text += markdown_table(changed) + "\n";
  for (const std::string& note : notes_of(c)) text += "* " + note + "\n";
  if (!rest.empty())
    text += "\n<details><summary>" + std::to_string(rest.size()) +
            " without a change that is shown</summary>\n\n" + markdown_table(rest) +
            "\n</details>\n";
  return text;
}

nlohmann::json to_json(const RunComparison& c) {
  nlohmann::json out = {{"pairing", to_text(c.pairing)},
                        {"before", c.before},
                        {"after", c.after},
                        {"machine_before", c.machine_before},
                        {"machine", c.machine},
                        {"rows", nlohmann::json::array()},
                        {"means", nlohmann::json::array()},
                        {"only_before", c.only_before},
                        {"only_after", c.only_after}};
  for (const Change change : kChanges)
    out[halcyon::to_text(change)] = std::count_if(
        c.rows.begin(), c.rows.end(), [&](const Compared& row) { return row.change == change; });
  for (const Compared& row : c.rows) out["rows"].push_back(json_of(row));
  for (const ComparedMean& m : c.means)
    out["means"].push_back(
        {{"of", m.what}, {"unit", to_text(m.unit)}, {"ratio", json_of(m.ratio)}, {"rows", m.rows}});
  return out;
}

}  // namespace halcyon
