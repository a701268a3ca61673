#pragma once
#include <string>
#include <vector>

#include "results/document.h"

namespace halcyon {

/// One self-contained HTML page of one or more runs: tables, bars of percent of peak, roofline, failures;
/// complete without script, no network. The documents' canonical bytes are embedded and linked from
/// every number.
std::string page(const std::vector<Document>&);

/// The same numbers for a terminal: one row per record, then the classes' geometric means.
std::string table(const Document&, bool colour, int columns);
/// Percent of peak per kernel class: geometric mean over its network shapes (odd cases left out).
struct ClassMean { std::string kernel_class; double percent = 0; int cases = 0, failed = 0; };
std::vector<ClassMean> class_means(const Document&);

}  // namespace halcyon
