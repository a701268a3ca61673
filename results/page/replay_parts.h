#pragma once
#include "results/figures/replayed.h"
#include "results/text/html.h"

/// The sections of a replay's page. Used by replay.cpp alone.
namespace halcyon::page_parts {

/// Of every strategy the share of the optimum that it had reached, by trial.
Markup reaches(const ReplayedSpace&);  // reach.cpp
/// All figures of the space in order, and those of the two knobs that matter most.
Markup space_pictures(const ReplayedSpace&);  // space.cpp

}  // namespace halcyon::page_parts
