#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "autotune/in_network/ranking_listener.h"
#include "autotune/search/search_listener.h"
#include "suites/request/progress.h"

namespace halcyon {

/// Tells how a tuning goes: to a person through progress, to a program as one JSON object per
/// event.
class Narrator : public SearchListener, public RankingListener {
 public:
  using Events = std::function<void(const nlohmann::json&)>;
  Narrator(Progress& progress, Events events) : progress_(progress), events_(std::move(events)) {}

  /// Each problem may take so many trials; 0 where that is not known.
  void open(std::vector<std::size_t> trials);
  void begin(const NamedCase&, std::size_t points, const SearchOptions&) override;
  void tried(const SearchResult&) override;
  void drifted(const SearchResult&, double drift) override;
  void comparing(const SearchResult&) override;
  void decided(const SearchResult&) override;
  void ranking(const InNetwork&) override;
  void ranked(const InNetwork&, const RankedProblem&) override;
  void confirmed(const InNetwork&) override;
  void fusing(const InNetwork&) override;
  void fused(const InNetwork&, const RankedChain&) override;
  void say(const std::string& line) { progress_.say(line); }

 private:
  Progress& progress_;
  Events events_;
  std::vector<std::size_t> trials_;  // by problem
  std::size_t problem_ = 0;
  std::size_t expected_ = 0;  // trials of the problem at hand, its guests' included; 0: unknown
  std::size_t ranked_ = 0;
};

}  // namespace halcyon
