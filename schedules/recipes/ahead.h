#pragma once
#include "schedules/recipes/tile.h"

namespace halcyon {

/// The knob "ahead": whether the innermost loop over input channels prefetches weights into L2
/// (step `ahead`). Only 0 where that loop is short, or each weight is used once.
Knob ahead_knob(const Product&, int input_channels);
/// 1 where it may be and the target gains by it: Target::prefetch_gains.
int ahead_start(const Site&, const Product&, int input_channels);

/// How a nest goes over the weights.
struct PanelUse {
  std::string loop;        // innermost one over input channels that is left
  int products = 1;        // of a result in one iteration of it
  std::int64_t tiles = 1;  // of points, that use a panel
  bool by_panels = false;  // blocks of channels stand outside the tiles
};
/// Steps of a nest: the next panel comes while this one is used or, where every tile passes over
/// all panels (and where a gate makes weights anew), what lies behind the weight during all of it.
void ahead_steps(const Site&, const TileNest&, const Product&, const RegisterTile&, const PanelUse&,
                 Steps&);

}  // namespace halcyon
