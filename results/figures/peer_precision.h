#pragma once
#include <string>

#include "results/record/peer_record.h"

/// Systems of several precisions beside each other, in words.
namespace halcyon {

/// "1.23e-06", of the output's range; empty where it has no output.
std::string error_text(const PeerResult&);
/// "31.2 dB", "exact"; empty where it has no output, or nobody asked.
std::string sqnr_text(const PeerResult&);
/// Why a row is doubtful; empty where it is not.
std::string doubt_text(const PeerResult&, const PeerComparison&);
/// "▲ 1.23 (1.20 to 1.26)", ", mixed precision" behind it where that is so; of a row with a ratio.
std::string ratio_of_text(const PeerResult&);
/// What ratios of mixed precision are; empty where there is none.
std::string mixed_note(const PeerComparison&);

}  // namespace halcyon
