#pragma once
#include "results/figures/summary.h"
#include "results/text/html.h"

/// The axis of percents that bars of a group share.
namespace halcyon::page_parts {

/// The percentage that a time gives, from the one that the median gives.
double percent_at(const Record&, double ns);
/// Where the axis ends: enough for every bar, in whole steps.
double axis_end(const Group&);
/// Its lines, and its numbers as a picture of their own.
Markup grid(double end);
Markup axis(double end);

}  // namespace halcyon::page_parts
