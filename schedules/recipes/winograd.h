#pragma once
#include "schedules/recipes/op_recipe.h"
#include "schedules/recipes/tile.h"

namespace halcyon {

/// A dense convolution of 3x3 and stride 1 by Winograd's tiles (step `winograd`): knob "winograd",
/// the results of a tile along an axis, 0: the sum as it stands; knob "band", how many rows of
/// tiles are transformed at once. Per band and block of channels all products of a place in the
/// tiles are a product of matrices, whose points are tiles.
bool may_be_by_tiles(const Site&);  // else these knobs are not there
bool is_by_tiles(const Point&);
std::vector<Knob> winograd_knobs(const Site&);
bool winograd_fits(const Site&, const Point&);
/// The best point of tiles of so many results; `knobs`: all of the op, `p`: its start without
/// tiles.
Point winograd_start(const Site&, const std::vector<Knob>& knobs, int results, Point p);
/// `direct`, a start without tiles that takes so many cycles by the model of products, or that of
/// tiles which takes fewer, however heavy its weights are.
Point best_start(const Site&, const std::vector<Knob>& knobs, Point direct, double direct_cycles);
/// What weights cost that outgrow L2 and come from behind it.
double streaming_cycles(const Target&, std::int64_t weight_bytes);
void winograd_pack(const Site&, const Point&, Steps&);
void winograd_steps(const Site&, const Point&, Steps&);
std::vector<OuterLoop> winograd_loops(const Site&, const Point&);

}  // namespace halcyon
