#pragma once

namespace halcyon {

struct InNetwork;
struct RankedChain;
struct RankedProblem;

/// Hears how schedules and chains are compared inside a network. This one does nothing with it.
class RankingListener {
 public:
  virtual ~RankingListener() = default;
  virtual void ranking(const InNetwork&) {}  // begins
  virtual void ranked(const InNetwork&, const RankedProblem&) {}
  virtual void confirmed(const InNetwork&) {}
  virtual void fusing(const InNetwork&) {}  // begins
  virtual void fused(const InNetwork&, const RankedChain&) {}
};

}  // namespace halcyon
