#pragma once
#include <vector>

#include "schedules/recipes/op_recipe.h"

namespace halcyon {

/// Where the tensor after an op is computed.
enum class Place {
  whole = 0,    // all of it, before its reader
  band = 1,     // per band of rows of a later op; rows that two bands need are computed twice
  sliding = 2,  // the same, but kept from band to band
};

/// Where each op of a chain is computed. Ops that are not whole stand in the bands of the next one
/// that is: their head.
struct Placement {
  std::vector<Place> places;  // by op; the last is whole
  int rows = 1;               // of a band of a head

  int head(int op) const;
  bool is_banded_head(int op) const { return places[op] == Place::whole && is_fused(op - 1); }
  bool is_fused(int op) const { return op >= 0 && places[op] != Place::whole; }
  bool any_fused() const;
};

/// The places that the tensor after an op may take: in bands only when both it and its reader work
/// row by row, nothing else reads it, the reader's result is all needed and there is one image.
std::vector<int> possible_places(const Problem&, int op);
/// Heights of bands: divisors of the rows of an op that can be a head, so that bands are equal.
std::vector<int> possible_rows(const Problem&);
/// Whether every head has whole bands, at least two.
bool bands_are_equal(const Problem&, const Placement&);
/// The part of an op's result that is computed at once.
Frame frame_of(const Problem&, const Placement&, int op);

/// The highest bands whose tensors between ops fit into half of L2; 1 when none do.
int highest_rows(const Problem&, const Target&, const Placement&);

/// Fused where a tensor between ops outgrows L2 by far and moving it is a tenth of the work around
/// it; bands as high as fit into half of L2. Whole elsewhere.
Placement analytic_placement(const Problem&, const Target&);

}  // namespace halcyon
