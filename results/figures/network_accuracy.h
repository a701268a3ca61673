#pragma once
#include <string>

#include "results/record/network_record.h"

/// Networks in less than f32, in words.
namespace halcyon {

/// "SQNR 22.3 dB, cosine 0.99703, top-1 agreement 87.5 %, 16 inputs"; empty where nobody asked.
std::string accuracy_text(const NetworkRecord&);
/// "at most 1 step off, 0.02 % of elements", each layer by itself; likewise.
std::string layers_off_text(const NetworkRecord&);

}  // namespace halcyon
