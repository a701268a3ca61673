#include "schedules/recipes/ahead.h"

namespace halcyon {

namespace {

bool may_prefetch(const Product& p, int input_channels) {
  constexpr int kShort = 16;
  return input_channels >= kShort && p.points * p.rows > 1;
}

}  // namespace

Knob ahead_knob(const Product& p, int input_channels) {
  return {"ahead", may_prefetch(p, input_channels) ? std::vector<int>{0, 1} : std::vector<int>{0},
          "1: the next panel of weights is prefetched into L2; where channel blocks stand inside, "
          "what lies behind the weights"};
}

int ahead_start(const Site& site, const Product& p, int input_channels) {
  return may_prefetch(p, input_channels) && site.target.prefetch_gains;
}

void ahead_steps(const Site& site, const TileNest& nest, const Product& p, const RegisterTile& t,
                 const PanelUse& use, Steps& s) {
  // Per input channel and tap a panel has t.channels elements and each tile of points one pass: the
  // tiles share out its elements; so they do those of all panels.
  const std::int64_t rate = (t.channels * use.products - 1) / use.tiles + 1;
  std::vector<std::string> words = {site.name("w"), use.loop, std::to_string(rate)};
  const bool several = p.channels / t.channels > 1;  // whole ones; one alone is no loop
  if (use.by_panels && several && !site.past_gate) {
    words.push_back(nest.to);
    words.push_back("co");
  }
  s(nest.acc + ".update", "ahead", words);
}

}  // namespace halcyon
