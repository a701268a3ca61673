#pragma once
#include "results/html.h"
#include "results/replayed.h"

/// The sections of a replay's page. Used by page_replay.cpp alone.
namespace halcyon::page_parts {

/// Of every strategy the share of the optimum that it had reached, by trial.
Markup reaches(const ReplayedSpace&);  // page_reach.cpp
/// All figures of the space in order, and those of the two knobs that matter most.
Markup space_pictures(const ReplayedSpace&);  // page_space.cpp

}  // namespace halcyon::page_parts
