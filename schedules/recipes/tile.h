#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// The sums of products of conv, pw and linear: `depth` products for each of `channels` results at
/// each of `points`, `rows` times.
struct Product {
  int points = 1, channels = 1, depth = 1;
  int group_channels = 1;  // results of one group; a tile must not span two
  std::int64_t rows = 1;
  int inputs_at_once = 1;    // neighbouring input channels that one load brings, see below
  int terms = 1;             // of them that one instruction multiplies and sums, likewise
  int element_bytes = 4;     // of a weight
  int threads = 1;           // that share out the tiles of points, or
  bool by_channels = false;  // the blocks of channels
  std::int64_t weight_bytes() const { return std::int64_t{channels} * depth * element_bytes; }
  int steps() const { return depth / terms; }  // of the sum of a result
};

/// A tile of accumulators that stays in registers while k runs.
struct RegisterTile {
  int points = 1, channels = 1;  // channels: a multiple of lanes
  int lanes = 1;                 // elements of a vector; fewer than the target's for odd channels
};

int rounded_up(int n, int multiple);
/// Input channels of a point that one load brings into a register, where an FMA takes them from
/// there one by one. 1: every value is broadcast.
int inputs_at_once(const Site&);
/// Input channels whose products one instruction of the target sums: Target::dot_terms, where it
/// divides the channels of a group, or they are filled up. 1: every product is an FMA.
int dot_terms(const Site&);
/// Whether channels that dot products do not divide are filled up with some that weigh nothing: of
/// a window without groups, since a stage between it and the input costs little beside its
/// products.
bool fills_channels(const Site&);

/// Vector widths worth trying for `channels` (of one group): the target's, and half of it where
/// that wastes less; powers of two. `may_waste`: lanes beyond the channels may be computed for
/// nothing.
std::vector<int> lane_choices(const Target&, int channels, bool may_waste);
/// Elements that vectors of `lanes` can multiply-add per cycle. At most two start per cycle, so
/// half vectors cost nothing where a full one occupies both pipes (Zen 4).
double elements_per_cycle(const Target&, int lanes);

/// Of the knob called `name`, which is one of them.
const std::vector<int>& values_of(const std::vector<Knob>&, const std::string& name);

std::vector<Knob> product_knobs(const Target&, const Product&, const std::string& points_knob);
bool product_fits(const Target&, const Product&, const RegisterTile&);
double product_cycles(const Target&, const Product&, const RegisterTile&);
/// The tile with the fewest of these, a model of one core: multiply-adds, loads, latency, waste of
/// the tails, and what a tile costs beyond its inner loop.
RegisterTile best_tile(const Target&, const Product&, const std::vector<Knob>&,
                       const std::string& points_knob);

/// Where the loops of a register tile stand.
struct TileNest {
  std::string to, acc;     // "out.update0" and "acc_0", or "t1" and "acc1"
  bool is_update = false;  // `to` is a piece of a divided result
  int extent = 0;          // of the loop of points; 0: unknown
  int tile = 1;            // points of a tile
  int tiles() const { return (extent - 1) / tile + 1; }  // of a known extent
};
/// The one with the most points.
const TileNest& largest(const std::vector<TileNest>&);
/// Whether the points of a tile are better finished one by one: a polynomial's constants fill the
/// registers that the accumulators leave, where none is read from memory.
bool finishes_one_by_one(const Site&, int accumulators);
/// The nests of an op's result, one for each piece of a divided one. `points` of the smallest part
/// that is computed at once are tiled by at most `most`.
std::vector<TileNest> tile_nests(const Site&, const std::vector<Piece>&, int extent, int points,
                                 int most);
/// Splits `to` into tiles along c and `points` ("p" or "x") and computes acc per tile in registers;
/// `reduction`: the loops of its update, innermost first. Order: channel blocks 0 inside the
/// points, 1 outside them, 2 (of "x" only) outside the rows too.
void tile_steps(const Site&, const TileNest&, const Product&, const RegisterTile&,
                const std::string& points, const std::vector<std::string>& reduction, int order,
                Steps&);
/// Unrolls k by `steps` of the sum (dot products, or channels); channels that come at once are
/// loaded so for each point of a tile. Returns the loop that is left of k.
std::string unroll_k_steps(const Site&, const TileNest&, int steps, Steps&);
/// Weights blocked by the tile's channels, and what one instruction sums side by side; biases
/// padded to whole tiles.
void pack_weights(const Site&, int channels_of_tile, int lanes, Steps&);

/// What `signed` made of an op's input and weights is computed whole, before its sum: of the input
/// that is 3 instructions for 16 of its elements, each of which meets all output channels.
void signed_steps(const Site&, Steps&);
/// Whether the input is: what stands between ops may be there by bands only.
bool signed_whole(const Site&);

/// Loop c of a stage holds `channels`: vectors of `lanes`, unrolled.
void vector_steps(const std::string& stage, const char* loop, int channels, int lanes, Steps&);

/// `shift_inwards` where `factor` may not divide `extent` (0: unknown), else empty: nothing is
/// computed or read outside, the last tile repeats a few elements.
std::string inward_tail(int extent, int factor);
/// The tile of at most `most` that covers `extent` in as few tiles with the least overlap. Never
/// more than the extent, which tails that shift inwards need.
int even_tile(int extent, int most);
/// `values` without those above `most`; `most` itself when none is left.
std::vector<int> at_most(std::vector<int> values, int most);

}  // namespace halcyon
