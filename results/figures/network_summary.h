#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// Calls of a network taken together: those of a stage, or all of one problem.
struct NetworkPart {
  std::string name;          // of the stage; the problem's line
  std::string kernel_class;  // of the first call
  int calls = 0;
  std::int64_t macs = 0;                        // of all its calls together, as all that follows
  double share = 0;                             // of the network, 0 .. 1
  double ns = 0, percent_of_peak = 0;           // 0 without times, or without arithmetic
  double instructions = 0, per_least_fmla = 0;  // 0 without counts, or without arithmetic
  double percent_of_bound = 0;                  // 0 when the bound of one is not known
  std::string limited_by;                       // "compute", or the level of memory; empty likewise
  double alone_ns = 0, alone_percent = 0;       // 0 when one was not measured alone
  std::int64_t bytes = 0;                       // of weights and activations; 0 when not known
  std::string level;                            // they come from; "memory" of several, or empty
  double percent_of_bandwidth = 0;              // of that level; 0 without a bound
  std::vector<TimeLoss> losses;                 // as of a call; empty when one has none
  double loss_ns() const;                       // of all causes
};
/// In order of first appearance.
std::vector<NetworkPart> stages_of(const NetworkRecord&);
std::vector<NetworkPart> layers_of(const NetworkRecord&);
NetworkPart whole_of(const NetworkRecord&);  // all calls; called "whole run"

/// What a network took: median ns, or instructions, of the whole batch; 0 without a figure.
double figure_of(const NetworkRecord&);
/// Instructions over MACs / lanes; 0 without counts.
double per_least_fmla(const NetworkRecord&);

/// Networks that may stand in one column: same CPU, target, unit and threads. Never mixed.
struct NetworkGroup {
  std::string cpu, target;  // cpu: cpu_text(), empty of counts
  FigureUnit unit = FigureUnit::ns;
  int threads = 1;
  const Document* only = nullptr;  // that it is of, where its CPU is known by its brand only
  std::vector<const NetworkRecord*> networks;
};
std::vector<NetworkGroup> network_groups(const std::vector<const Document*>&);
/// Figures of others that the documents carry, each once.
Published published_by(const std::vector<const Document*>&);
/// "77.7 % (224, IMAGENET1K_V1)" for each that is published; "–" for none.
std::string accuracy_text(const Published&, const std::string& network);
/// The first that was read where it was published, else the first; null when there is none.
const PublishedAccuracy* accuracy_of(const Published&, const std::string& network);

}  // namespace halcyon
