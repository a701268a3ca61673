#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// One self-contained HTML page of one or more runs: means per class, bars of percent of peak,
/// roofline, every case with its record, failures as failures, several runs side by side. Complete
/// without script, no network, nothing executable from data. The documents' canonical bytes are
/// embedded up to 4 MB in all; above 2000 records in a run its records are listed without their
/// details.
std::string page(const std::vector<Document>&);

}  // namespace halcyon
