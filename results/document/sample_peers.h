#pragma once
#include <string>
#include <vector>

#include "results/document/sample_document.h"
#include "results/figures/peer_means.h"

namespace halcyon {

// Made-up contests of cases with other systems for tests and for work on the page; drawn, not
// measured.

/// A system whose rounds take `ns` and a ripple of its own, in two processes.
inline PeerResult sample_peer(const std::string& name, double ns, int phase) {
  PeerResult r{.name = name, .version = "1.2.3", .options = "threads=1", .layout = "nhwc"};
  r.outcome = PeerOutcome::ok;
  r.max_error = 1e-6;
  for (int i = 0; i < 32; ++i)
    r.samples.push_back({.ns = std::llround(100 * ns) + (i * 7 + phase) % 5,
                         .iterations = 100,
                         .probe_before = 100,
                         .probe_after = 100,
                         .process = i / 16,
                         .order = 4 * i + phase,
                         .accepted = true});
  return r;
}

/// Three systems beside a case; the third has no form of it.
inline PeerComparison sample_peers(const Record& r, double one, double other) {
  PeerComparison c{.inferences = 100, .error_tolerance = 1e-4};
  const double ns = r.statistics->median_ns;
  c.own = sample_peer("halcyon", ns, 0);
  c.peers = {sample_peer("onednn", one * ns, 1),
             sample_peer("onnxruntime", other * ns, 2),
             {.name = "litert", .detail = "no form of it"}};
  c.peers[0].layout = "any; post-ops fused";
  return derived(std::move(c), r.mac_counts());
}

/// A run of cases that others were timed beside, the first two of one class.
inline Document peers_document(std::uint64_t seed = 1) {
  Document d = sample_document(seed);
  constexpr double kRatios[][2] = {{1.5, 4}, {2, 1.25}, {0.9, 3}};
  std::size_t next = 0;
  for (Record& r : d.records)
    if (next < std::size(kRatios) && r.outcome == Outcome::ok) {
      r.peers = sample_peers(r, kRatios[next][0], kRatios[next][1]);
      r.odd = next == 2;
      ++next;
    }
  d.peer_means = peer_means(cases_with_peers(d.records));
  return d;
}

}  // namespace halcyon
