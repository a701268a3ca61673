#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// Every network of the document for a terminal of so many columns (at least 60 are taken): what it
/// took, its error and memory; its stages; its layers, equal ones together; and all of them
/// measured alone against the whole. Empty without networks.
std::string network_table(const Document&, bool colour, int columns);

/// Networks beside each other, those of a target and unit in one table: figure, work, memory,
/// published accuracy. The vendor's figures of its neural unit come after, in a table of their own.
/// Empty with fewer than two networks.
std::string network_comparison(const std::vector<const Document*>&, int columns);

}  // namespace halcyon
