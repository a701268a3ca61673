#include "autotune/replay.h"

#include <algorithm>

#include "results/record/stats.h"

namespace halcyon {
namespace {

constexpr double kNear = 0.99;  // of the optimum: nearer than that nobody asks

bool is_within(double share, std::optional<double> figure, double optimum) {
  return figure && *figure * share <= optimum;
}

double trials_to(double share, const std::vector<std::optional<double>>& seen, double optimum) {
  for (std::size_t i = 0; i < seen.size(); i++)
    if (is_within(share, seen[i], optimum)) return static_cast<double>(i + 1);
  return static_cast<double>(seen.size() + 1);
}

/// The optimum over the least figure so far, in percent.
std::vector<double> reached_by(const std::vector<std::optional<double>>& seen, double optimum) {
  std::vector<double> reached;
  double best = 0;
  for (const auto& figure : seen) {
    if (figure) best = std::max(best, 100 * optimum / *figure);
    reached.push_back(best);
  }
  return reached;
}

}  // namespace

std::vector<std::optional<double>> replay(const StrategyKind& kind, const MeasuredSpace& measured,
                                          std::uint64_t seed, std::size_t most_trials,
                                          std::optional<double> until) {
  const Space& space = measured.space;
  const double start = *measured.figures[space.start()], optimum = measured.optimum();
  std::vector<std::size_t> first = {space.start()};  // as in a search that nothing is known for
  first.insert(first.end(), space.others().begin(), space.others().end());
  const auto strategy = kind.make(space, first, seed);
  std::vector<std::optional<double>> seen;
  bool over = false;
  while (!over && seen.size() < most_trials) {
    const auto batch =
        next_batch(*strategy, std::min(batch_size(seen.size()), most_trials - seen.size()));
    if (batch.empty()) break;
    for (std::size_t point : batch) {
      const auto figure = measured.figures[point];
      seen.push_back(figure);
      over = over || (until && is_within(*until, figure, optimum));
      strategy->tell(point, figure ? std::optional(*figure / start) : std::nullopt);
    }
  }
  return seen;
}

Replayed replay_all(const StrategyKind& kind, const MeasuredSpace& measured, int seeds) {
  std::vector<double> to95, to99;
  Replayed all{kind.name, {}, {}, {}};
  const double optimum = measured.optimum();
  for (int seed = 1; seed <= seeds; seed++) {
    const auto seen =
        replay(kind, measured, static_cast<std::uint64_t>(seed), kMostReplayed, kNear);
    to95.push_back(trials_to(0.95, seen, optimum));
    to99.push_back(trials_to(kNear, seen, optimum));
    all.reached.push_back(reached_by(seen, optimum));
  }
  all.to95 = {median(to95), quantile(to95, 0.9)};
  all.to99 = {median(to99), quantile(to99, 0.9)};
  return all;
}

ReplayedSpace replay_strategies(const MeasuredSpace& measured) {
  const Space& space = measured.space;
  ReplayedSpace replayed{.problem = measured.problem,
                         .target = measured.target,
                         .unit = measured.unit,
                         .start = space.start(),
                         .optimum = measured.optimum(),
                         .most_trials = kMostReplayed};
  for (const Knob& knob : space.knobs()) replayed.knobs.push_back(knob.name);
  for (std::size_t i = 0; i < space.size(); i++) {
    ReplayedSpace::Tried tried{{}, measured.figures[i]};
    for (const std::string& knob : replayed.knobs) tried.values.push_back(space.point(i).at(knob));
    replayed.points.push_back(std::move(tried));
  }
  for (const StrategyKind* kind : strategy_kinds())
    replayed.by_strategy.push_back(replay_all(*kind, measured));
  return replayed;
}

}  // namespace halcyon
