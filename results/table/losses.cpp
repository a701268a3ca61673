#include <algorithm>

#include "results/figures/network_summary.h"
#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"
#include "results/text/terminal.h"

namespace halcyon {
namespace {

constexpr int kLeastColumns = 80, kLeastName = 14;
constexpr std::size_t kMostLayers = 12;

/// Percents without their sign; a dash where there is nothing.
std::string number(double percent) { return percent > 0 ? fixed(percent, 1) : "-"; }

/// "295.0 KiB at 12 % of L2".
std::string moved(const NetworkPart& p) {
  std::string text = bytes_text(static_cast<double>(p.bytes));
  if (p.percent_of_bandwidth > 0)
    text += ", " + fixed(p.percent_of_bandwidth, 0) + " % of " + p.level;
  return text;
}

class LossTable {
 public:
  LossTable(const NetworkRecord& r, int columns) : record_(r), columns_(columns) {
    for (const NetworkCall& c : r.calls) run_ns_ += c.time->median_ns;
  }

  std::string operator()() {
    add_head("stage");
    for (const NetworkPart& p : stages_of(record_)) add(p);
    auto layers = layers_of(record_);
    std::sort(layers.begin(), layers.end(),
              [](const NetworkPart& a, const NetworkPart& b) { return a.loss_ns() > b.loss_ns(); });
    if (layers.size() > kMostLayers) layers.resize(kMostLayers);
    add_head("layer, widest gaps first");
    for (const NetworkPart& p : layers) add(p);
    add_head("all together");
    add(whole_of(record_));
    return text();
  }

 private:
  void add_head(const char* what) {
    heads_.push_back(rows_.size());
    std::vector<std::string> row = {what, "share", "of peak", "alone", "moves", "gap"};
    for (const char* cause : kLossCauses) row.push_back(cause);
    rows_.push_back(std::move(row));
  }
  void add(const NetworkPart& p) {
    std::vector<std::string> row = {printable(p.name),
                                    number(100 * p.share),
                                    number(p.percent_of_peak),
                                    number(p.alone_percent),
                                    moved(p),
                                    number(of_run(p.loss_ns()))};
    for (const char* cause : kLossCauses) {
      double ns = 0;
      for (const TimeLoss& g : p.losses)
        if (g.cause == cause) ns += g.ns;
      row.push_back(number(of_run(ns)));
    }
    rows_.push_back(std::move(row));
  }
  double of_run(double ns) const { return run_ns_ > 0 ? 100 * ns / run_ns_ : 0; }

  /// Names give way where the terminal is narrow, and so does what is moved.
  std::string text() const {
    std::vector<int> widths(rows_.front().size());
    for (const auto& row : rows_)
      for (std::size_t i = 0; i < row.size(); ++i)
        widths[i] = std::max(widths[i], width_of(row[i]));
    int others = 0;
    for (std::size_t i = 1; i < widths.size(); ++i) others += widths[i] + 1;
    constexpr std::size_t kMoves = 4;
    const bool moves = columns_ - others >= kLeastName;
    if (!moves) others -= widths[kMoves] + 1;
    widths[0] = std::min(widths[0], columns_ - others);
    std::string all;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (r > 0 && std::count(heads_.begin(), heads_.end(), r)) all += "\n";
      std::string line = fit(rows_[r][0], widths[0]);
      for (std::size_t i = 1; i < widths.size(); ++i)
        if (i != kMoves || moves) line += " " + fit(rows_[r][i], widths[i], true);
      all += line + "\n";
    }
    return all;
  }

  const NetworkRecord& record_;
  const int columns_;
  double run_ns_ = 0;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> heads_;
};

bool applies(const Document& d, const Viewer& viewer) {
  return viewer.explain &&
         std::any_of(d.networks.begin(), d.networks.end(),
                     [](const NetworkRecord& r) { return !whole_of(r).losses.empty(); });
}

/// Where the time of each network goes that was timed, percent of the run: by stage, of the layers
/// that lose most (equal ones together) and whole; at least 80 columns are taken. Lost is the time
/// beyond the multiply-adds at the peak rate; its causes are those of suites/networks/time_loss.h.
std::string render(const Document& d, const Viewer& viewer) {
  std::string text;
  for (const NetworkRecord& r : d.networks) {
    if (whole_of(r).losses.empty()) continue;
    text += "Where the time of " + printable(r.network) +
            " goes, percent of the run.\nGap: beyond the multiply-adds at the peak rate;"
            " other: what no cause explains.\n\n" +
            LossTable(r, std::max(viewer.columns, kLeastColumns))() + "\n";
  }
  return text;
}

}  // namespace

extern const Table losses_table = {"losses", applies, render};

}  // namespace halcyon
