#include <algorithm>

#include "results/figures/network_accuracy.h"
#include "results/figures/network_alone.h"
#include "results/figures/network_summary.h"
#include "results/figures/seen.h"
#include "results/figures/shared_loops.h"
#include "results/table/peers.h"
#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"
#include "results/text/plural.h"
#include "results/text/terminal.h"

namespace halcyon {
namespace {

constexpr int kLeastColumns = 60;
constexpr int kCallsWidth = 5, kTimeWidth = 10, kCountWidth = 15, kPercentWidth = 7,
              kLimitWidth = 10, kAloneWidth = 9;
constexpr int kRightWidth =  // of all columns but the name, the figure and the bar
    kCallsWidth + 2 * kPercentWidth + kLimitWidth + 4;
constexpr int kLongestBar = 20, kLeastBar = 6;

std::string dash_or(const std::string& text, bool shown) { return shown ? text : "-"; }

std::string bytes_of(std::int64_t bytes) { return bytes_text(static_cast<double>(bytes)); }

/// What it took, its error, its memory; each a line.
std::string head(const NetworkRecord& r, const Document& d) {
  std::string text = printable(r.network) + " on " + printable(r.target);
  if (r.unit == FigureUnit::ns) text += " (" + printable(d.machine.cpu_model) + ")";
  text += ", " + plural(r.threads, "thread") + ", input " + printable(r.input_nhwc) +
          " NHWC, cut by " + printable(r.plan) + "\n";
  if (r.statistics)
    text += figure_text(r.statistics->median_ns, "ns") + " (q25 " +
            figure_text(r.statistics->q25_ns, "ns") + ", " +
            std::to_string(r.statistics->accepted) + " of " + std::to_string(r.statistics->taken) +
            " samples" + (r.rejected ? ", refused by " + to_text(*r.rejected) : "") + "), " +
            percent_text(r.statistics->percent_of_peak) + " of the " +
            (r.dtype == "f32" ? "FMA" : printable(r.dtype)) + " peak of " +
            significant(r.statistics->peak_gflops, 4) + " GFLOP/s\n";
  if (const std::string loop = shared_loop_text(r.samples); !loop.empty())
    text += loop + ": the way between the cores\n";
  if (r.counts)
    text += count_text(r.counts->per_call()) + " instructions, " + fixed(per_least_fmla(r), 2) +
            " per least FMLA; counts, not time\n";
  text += millions_text(r.macs) + " MACs, " + millions_text(r.parameters) + " parameters; ";
  text += "error " + significant(r.check.max_error_of_range, 2) + " of the range, allowed " +
          significant(r.check.tolerance, 2) +
          (r.check.f32_error_of_range
               ? " (plain f32 loops: " + significant(*r.check.f32_error_of_range, 2) + ")"
               : "") +
          ", " + std::to_string(r.check.inputs) + " inputs against " + printable(r.check.against) +
          "\n";
  if (const std::string near = accuracy_text(r); !near.empty())
    text += "against itself in f32: " + near + "\n";
  if (const std::string off = layers_off_text(r); !off.empty())
    text += "each layer by itself: " + off + "\n";
  const NetworkMemory& m = r.memory;
  text += "memory " + bytes_of(m.peak_bytes) + ": weights " + bytes_of(m.weight_bytes) +
          ", arena " + bytes_of(m.arena_bytes) + " (most alive " + bytes_of(m.largest_live_bytes) +
          "), scratch " + bytes_of(m.scratch_bytes) + ", input and output " +
          bytes_of(m.input_bytes + m.output_bytes) + "\n";
  return text;
}

class PartTable {
 public:
  PartTable(const NetworkRecord& r, const std::vector<NetworkPart>& stages,
            const std::vector<NetworkPart>& layers, bool colour, int columns)
      : counted_(r.counts), paint_(colour), figure_(counted_ ? kCountWidth : kTimeWidth) {
    alone_ = std::any_of(layers.begin(), layers.end(),
                         [](const NetworkPart& p) { return p.alone_ns > 0; });
    const int room = columns - kRightWidth - figure_ - (alone_ ? kAloneWidth + 1 : 0);
    for (const auto* parts : {&stages, &layers})
      for (const NetworkPart& p : *parts) name_ = std::max(name_, width_of(printable(p.name)));
    name_ = std::min(name_, room - kLeastBar);
    bar_ = std::min(kLongestBar, room - name_);
  }

  std::string operator()(const char* what, const std::vector<NetworkPart>& parts) const {
    std::string text =
        paint_(line(what, "calls", counted_ ? "executed" : "time", "share",
                    counted_ ? "/ FMLA" : "of peak", "alone", counted_ ? "" : "limit", ""),
               Tint::bold);
    for (const NetworkPart& p : parts) {
      const bool work = p.macs > 0;
      const std::string limit = p.limited_by.empty() ? "-" : p.limited_by;
      text += line(printable(p.name), std::to_string(p.calls),
                   counted_ ? count_text(p.instructions) : figure_text(p.ns, "ns"),
                   percent_text(100 * p.share),
                   counted_ ? dash_or(fixed(p.per_least_fmla, 2), work)
                            : dash_or(percent_text(p.percent_of_peak), work),
                   dash_or(work ? percent_text(p.alone_percent) : figure_text(p.alone_ns, "ns"),
                           p.alone_ns > 0),
                   counted_ ? "" : limit,
                   paint_(bar(100 * p.share, bar_),
                          limit == "compute" || counted_ ? Tint::blue : Tint::yellow));
    }
    return text + "\n";
  }

 private:
  std::string line(const std::string& name, const std::string& calls, const std::string& figure,
                   const std::string& share, const std::string& of_peak, const std::string& alone,
                   const std::string& limit, const std::string& drawn) const {
    return fit(name, name_) + " " + fit(calls, kCallsWidth, true) + " " +
           fit(figure, figure_, true) + " " + fit(share, kPercentWidth, true) + " " +
           fit(of_peak, kPercentWidth, true) + (alone_ ? " " + fit(alone, kAloneWidth, true) : "") +
           fit("  " + limit, kLimitWidth) + drawn + "\n";
  }

  bool counted_, alone_ = false;
  Painter paint_;
  int figure_, name_ = 8, bar_ = 0;
};

/// All of it measured alone, and what a call costs beside its work.
std::string tail(const NetworkRecord& r) {
  std::string text;
  if (const std::string sum = alone_text(r); !sum.empty()) text += sum + ".\n";
  if (r.overhead_ns_per_call > 0)
    text += "Overhead of a call: " + figure_text(r.overhead_ns_per_call, "ns") +
            ", of one to a kernel that does nothing.\n";
  return text;
}

std::string one(const NetworkRecord& r, const Document& d, bool colour, int columns) {
  std::string text = wrapped(head(r, d), columns);
  if (r.outcome != Outcome::ok)
    return text +
           Painter(colour)(wrapped(outcome_text(r.outcome, why_text(r)) + "\n", columns),
                           tint_of(r.outcome)) +
           "\n";
  const auto stages = stages_of(r), layers = layers_of(r);
  text += "\n";
  if (std::any_of(r.calls.begin(), r.calls.end(),
                  [](const NetworkCall& c) { return c.time || c.counts; })) {
    const PartTable table(r, stages, layers, colour, columns);
    text += table("stage", stages) + table("layer, equal ones together", layers);
  }
  text += wrapped(tail(r), columns);
  if (r.peers) text += "\n" + peers_table(*r.peers);
  return text + "\n";
}

bool applies(const Document& d, const Viewer&) { return !d.networks.empty(); }

/// Of each network what it took, its error and memory; its stages; its layers, equal ones together;
/// and all of them measured alone against the whole. At least 60 columns are taken.
std::string render(const Document& d, const Viewer& viewer) {
  std::string text;
  for (const NetworkRecord& r : d.networks)
    text += one(r, d, viewer.colour, std::max(viewer.columns, kLeastColumns));
  return text;
}

}  // namespace

extern const Table networks_table = {"networks", applies, render};

}  // namespace halcyon
