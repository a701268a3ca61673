#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace halcyon {

/// Trials until a search saw a point within a share of the optimum, over its seeds; one more than
/// it was given where it did not.
struct TrialsTo {
  double median = 0, p90 = 0;
};

/// How one way to search did on a space that was measured before.
struct Replayed {
  std::string strategy;
  TrialsTo to95, to99;  // percent of the optimum
  /// By seed, by trial: the optimum over the least figure so far, in percent; 0 while there was
  /// none. A seed that ends earlier than others had come near enough and stays where it is.
  std::vector<std::vector<double>> reached;
};

/// A space of which every point was tried, and every way to search on it.
struct ReplayedSpace {
  struct Tried {
    std::vector<int> values;  // in the order of the knobs
    std::optional<double> figure;
  };
  std::string problem, target;
  std::string unit;  // ns, instructions: of one call
  std::vector<std::string> knobs;
  std::vector<Tried> points;
  std::size_t start = 0;  // among the points; has a figure
  double optimum = 0;     // the least figure
  std::size_t most_trials = 0;
  std::vector<Replayed> by_strategy;  // the same ones in every space
};
/// The start's figure over the optimum.
double start_ratio(const ReplayedSpace&);
/// Points that failed.
std::size_t without_figure(const ReplayedSpace&);

/// Names and numbers as a terminal and the page show them: a heading, then a row for each.
using ReplayRows = std::vector<std::vector<std::string>>;
ReplayRows replay_rows(const ReplayedSpace&);
/// Over all spaces: the medians of their medians, and the greatest.
ReplayRows replay_rows(const std::vector<ReplayedSpace>&);
/// "on j6m: 10 points, 1 without a figure; the start takes 1.25 of the least instructions".
std::string space_text(const ReplayedSpace&);

nlohmann::json replay_json(const std::vector<ReplayedSpace>&);

}  // namespace halcyon
