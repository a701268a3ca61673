#include <algorithm>
#include <map>

#include "results/figures/seen.h"
#include "results/figures/summary.h"
#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"
#include "results/text/plural.h"
#include "results/text/terminal.h"

namespace halcyon {
namespace {

constexpr int kLeastColumns = 60;
constexpr int kTimeWidth = 10, kPercentWidth = 8, kLongestBar = 24, kLeastBar = 8;

struct Layout {
  int columns, name, bar;
};
Layout layout_of(const Document& d, const std::vector<ClassMean>& means, int columns) {
  int name = 8;
  for (const Record& r : d.records) name = std::max(name, width_of(printable(r.case_id)));
  for (const ClassMean& m : means) name = std::max(name, width_of(printable(m.kernel_class)));
  for (const GoalReached& g : d.goals.value_or(std::vector<GoalReached>()))
    name = std::max(name, width_of(printable(g.name)));
  const int room = std::max(columns, kLeastColumns) - kTimeWidth - kPercentWidth - 4;
  name = std::min(name, room - kLeastBar);
  return {std::max(columns, kLeastColumns), name, std::min(kLongestBar, room - name)};
}

/// Percent of peak as a full bar; of the bandwidth bound, where no arithmetic is counted, marked ~.
std::string row(const Record& r, const Layout& layout, const Painter& paint) {
  const std::string name = fit(printable(r.case_id), layout.name);
  std::string line = (r.odd ? paint(name, Tint::dim) : name) + "  ";
  if (r.counts) {
    const std::string ratio =
        counts_arithmetic(r) ? fixed(r.counts->per_least_fmla(r.macs), 2) : "-";
    return line + fit(count_text(r.counts->per_call()), kTimeWidth, true) +
           fit(ratio, kPercentWidth, true) + "\n";
  }
  if (!r.statistics) {
    const int left = layout.columns - layout.name - 2;
    std::string words = outcome_text(r.outcome, why_text(r));
    if (width_of(words) > left) words = fit(words, left);
    return line + paint(words, tint_of(r.outcome)) + "\n";
  }
  const double percent = percent_reached(r);
  const std::string mark = counts_arithmetic(r) ? " %" : " ~";
  line += fit(figure_text(r.statistics->median_ns, r.unit), kTimeWidth, true) +
          fit(fixed(percent, 1) + mark, kPercentWidth, true) + "  " +
          paint(bar(percent, layout.bar), counts_arithmetic(r) ? Tint::blue : Tint::yellow);
  return line + "\n";
}

std::string row(const ClassMean& mean, const Layout& layout, const Painter& paint) {
  const bool peak = mean.percent > 0;
  const double percent = peak ? mean.percent : mean.percent_of_bound;
  const int timed = mean.cases - mean.failed;
  std::string cases = std::to_string(timed);
  if (mean.failed > 0) cases += " of " + std::to_string(mean.cases);
  if (mean.per_least_fmla > 0)
    return fit(printable(mean.kernel_class), layout.name) + "  " + fit(cases, kTimeWidth, true) +
           fit(fixed(mean.per_least_fmla, 2), kPercentWidth, true) + "\n";
  return fit(printable(mean.kernel_class), layout.name) + "  " + fit(cases, kTimeWidth, true) +
         fit(percent > 0 ? fixed(percent, 1) + (peak ? " %" : " ~") : "-", kPercentWidth, true) +
         "  " + paint(bar(percent, layout.bar), peak ? Tint::blue : Tint::yellow) + "\n";
}

/// Goals of counts, and what falls short of them.
std::string goal_rows(const std::vector<GoalReached>& goals, const Layout& layout,
                      const Painter& paint) {
  std::string out =
      paint(fit("goal, median", layout.name) + "  " + fit("cases", kTimeWidth, true) +
                fit("/ FMLA", kPercentWidth, true) + fit("at most", kPercentWidth, true),
            Tint::bold) +
      "\n";
  for (const GoalReached& g : goals) {
    const bool missed = g.excess() > 0;
    out += fit(printable(g.name), layout.name) + "  " +
           fit(std::to_string(g.cases), kTimeWidth, true) +
           fit(fixed(g.reached, 2), kPercentWidth, true) +
           fit(fixed(g.at_most, 2), kPercentWidth, true) + "  " +
           paint(missed ? fixed(g.excess(), 2) + " too many" : "reached",
                 missed ? Tint::yellow : Tint::none) +
           "\n";
  }
  return out + "\n";
}

/// At which bandwidths the bounds stand that records without arithmetic are shown of.
class BoundRates {
 public:
  void add(const Record& r) {
    if (!r.statistics || counts_arithmetic(r) || !r.bound || !(r.bound->memory_ns > 0)) return;
    const std::int64_t bytes = r.activation_bytes + r.weight_bytes;
    rates_[r.bound->level].push_back(static_cast<double>(bytes) / r.bound->memory_ns);
  }
  /// A line; nothing where there are none.
  std::string text() const {
    std::string levels;
    for (const char* level : {"L1", "L2", "L3", "DRAM"}) {
      const auto found = rates_.find(level);
      if (found == rates_.end()) continue;
      const auto [least, most] = std::minmax_element(found->second.begin(), found->second.end());
      const std::string low = significant(*least, 3), high = significant(*most, 3);
      levels += (levels.empty() ? "" : ", ") + std::string(level) + " " + low +
                (low == high ? "" : " to " + high);
    }
    if (levels.empty()) return "";
    return "~ of the bound: every byte once, at the GB/s that this run read from where they lie: " +
           levels + "\n";
  }

 private:
  std::map<std::string, std::vector<double>> rates_;  // by level
};

std::string head(const char* first, const char* second, const char* third, const Layout& layout,
                 const Painter& paint) {
  return paint(fit(first, layout.name) + "  " + fit(second, kTimeWidth, true) +
                   fit(third, kPercentWidth, true),
               Tint::bold) +
         "\n";
}

bool applies(const Document& document, const Viewer&) { return !document.records.empty(); }

/// One row per record, then the means of the classes; at least 60 columns are taken.
std::string render(const Document& document, const Viewer& viewer) {
  const Painter paint(viewer.colour);
  const std::vector<ClassMean> means = class_means(document);
  const Layout layout = layout_of(document, means, viewer.columns);
  std::string out;
  bool of_least = false;
  BoundRates bounds;
  for (const Group& group : groups_of(document)) {
    out += paint(printable(group.target + ", " + to_text(group.state) + ", " +
                           plural(group.threads, "thread")),
                 Tint::dim) +
           "\n" +
           (group.counted() ? head("case", "executed", "/ FMLA", layout, paint)
                            : head("case", "time", "of peak", layout, paint));
    of_least |= group.counted();
    for (const Record* r : group.records) {
      out += row(*r, layout, paint);
      bounds.add(*r);
    }
    out += "\n";
    if (!group.timed() && !group.counted()) continue;
    out += head("class, network shapes", "cases", group.counted() ? "/ FMLA" : "of peak", layout,
                paint);
    for (const ClassMean& mean : class_means(group.records)) out += row(mean, layout, paint);
    out += "\n";
    if (group.counted() && document.goals) out += goal_rows(*document.goals, layout, paint);
  }
  out += paint(wrapped(bounds.text(), layout.columns), Tint::dim);
  if (of_least)
    out +=
        paint(
            "/ FMLA: instructions over the least number of vector FMAs, MACs / lanes; of classes "
            "the median. Counts, not time",
            Tint::dim) +
        "\n";
  return out;
}

}  // namespace

extern const Table cases_table = {"cases", applies, render};

}  // namespace halcyon
