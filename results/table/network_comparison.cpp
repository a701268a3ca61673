#include <algorithm>

#include "results/figures/network_summary.h"
#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"
#include "results/text/plural.h"
#include "results/text/terminal.h"

namespace halcyon {
namespace {

constexpr int kLeastColumns = 60;

std::string bytes_of(std::int64_t bytes) { return bytes_text(static_cast<double>(bytes)); }

/// Each line cut to the terminal.
std::string cut_to(const std::string& text, int columns) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    out += (width_of(line) > columns ? fit(line, columns) : line) + "\n";
    begin = end + 1;
  }
  return out;
}

using Row = std::vector<std::string>;

std::string group_table(const NetworkGroup& group, const Published& published) {
  const bool timed = group.unit == FigureUnit::ns;
  std::string text = printable(group.target) + (timed ? ", " + printable(group.cpu) : "") + ", " +
                     plural(group.threads, "thread") + "\n";
  std::vector<Row> rows = {{"network", "input NHWC", timed ? "latency" : "instructions",
                            timed ? "of peak" : "/ FMLA", "MACs", "parameters", "memory",
                            "published top-1"}};
  for (const NetworkRecord* r : group.networks) {
    const PublishedAccuracy* top1 = accuracy_of(published, r->network);
    const double figure = figure_of(*r);
    rows.push_back({printable(r->network), printable(r->input_nhwc),
                    figure > 0 ? timed ? figure_text(figure, "ns") : count_text(figure)
                               : std::string(to_text(r->outcome)),
                    r->statistics ? percent_text(r->statistics->percent_of_peak)
                    : r->counts   ? fixed(per_least_fmla(*r), 2)
                                  : "-",
                    millions_text(r->macs), millions_text(r->parameters),
                    bytes_of(r->memory.peak_bytes),
                    top1 ? percent_text(top1->top1_percent) + " at " +
                               std::to_string(top1->resolution) + ", " + printable(top1->source)
                         : "-"});
  }
  return text + columns(rows) + "\n";
}

/// The vendor's chip is beside the point where none of its chips was asked for.
bool is_of_vendor(const NetworkGroup& group) { return group.target.starts_with("j6"); }

std::string vendor_table(const Published& published, int width) {
  if (published.vendor_figures.empty()) return "";
  std::vector<Row> rows = {{"the vendor's BPU", "chip", "ms", "frames/s", "source"}};
  for (const VendorFigure& f : published.vendor_figures)
    rows.push_back(
        {printable(f.model), printable(f.chip), significant(f.latency_ms, 3),
         f.frames_per_second ? fixed(*f.frames_per_second, 0) : "-",
         printable(f.source) +
             (f.standing == Standing::read ? "" : ", " + std::string(to_text(f.standing)))});
  return cut_to(columns(rows), width) + wrapped(printable(published.vendor_note) + "\n", width);
}

bool applies(const Document& d, const Viewer&) { return d.networks.size() >= 2; }

/// Networks beside each other, those of a target and unit in one table: figure, work, memory,
/// published accuracy. The vendor's figures of its neural unit come after, in a table of their own.
std::string render(const Document& d, const Viewer& viewer) {
  const int width = std::max(viewer.columns, kLeastColumns);
  const std::vector<NetworkGroup> groups = network_groups({&d});
  const Published published = published_by({&d});
  std::string text;
  for (const NetworkGroup& g : groups) text += cut_to(group_table(g, published), width);
  const bool vendor = std::any_of(groups.begin(), groups.end(), is_of_vendor);
  return text + (vendor ? vendor_table(published, width) : "");
}

}  // namespace

extern const Table network_comparison_table = {"network_comparison", applies, render};

}  // namespace halcyon
