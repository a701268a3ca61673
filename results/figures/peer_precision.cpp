#include "results/figures/peer_precision.h"

#include <algorithm>

#include "results/figures/rivals.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

std::string db_text(double value) { return fixed(value, 1) + " dB"; }

}  // namespace

std::string error_text(const PeerResult& r) {
  return r.max_error ? significant(*r.max_error, 3) : "";
}

std::string sqnr_text(const PeerResult& r) {
  if (r.sqnr_db) return db_text(*r.sqnr_db);
  return r.max_error == 0 ? "exact" : "";
}

std::string doubt_text(const PeerResult& r, const PeerComparison& c) {
  if (!r.doubtful) return "";
  return "doubtful: SQNR " + db_text(*r.sqnr_db) + ", under " + db_text(c.sqnr_floor_db) +
         ": what it computes is hardly the network any more";
}

std::string ratio_of_text(const PeerResult& r) {
  return std::string(sign_of(*r.ratio)) + " " + ratio_text(*r.ratio) +
         (r.mixed_precision ? ", mixed precision" : "");
}

std::string mixed_note(const PeerComparison& c) {
  if (std::none_of(c.peers.begin(), c.peers.end(),
                   [](const PeerResult& peer) { return peer.mixed_precision; }))
    return "";
  return "Mixed precision: ours computes in " + c.own.precision +
         ", such a peer in another; percents are of the peak of f32 for everybody.";
}

}  // namespace halcyon
