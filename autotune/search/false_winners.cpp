#include "autotune/search/false_winners.h"

#include <algorithm>

#include "results/text/format.h"
#include "schedules/fence/child.h"

namespace halcyon {

FalseWinners decide_against_itself(const NamedCandidate& start, int times, Worker& worker,
                                   std::uint64_t seed, Progress& progress) {
  FalseWinners out;
  NamedCandidate again = start;
  again.id += ".again";
  progress.begin("comparing with itself", static_cast<std::size_t>(times));
  for (int i = 0; i < times; i++) {
    std::vector<Interleaved> measured;
    try {
      measured = worker.compare(start, {again});
    } catch (const Interrupted&) {
      break;  // those before it are told
    }
    if (measured.empty()) break;
    const Decision d = decide(measured, worker.unit(), {{}}, seed + static_cast<std::uint64_t>(i));
    out.comparisons++;
    out.winners += d.winner.has_value();
    for (const Evidence& e : d.evidence.front())
      out.widest = std::max(out.widest, e.speedup.estimate);
    progress.step(std::to_string(out.winners) + " winners");
  }
  return out;
}

std::string to_text(const FalseWinners& c) {
  return std::to_string(c.winners) + " of " + std::to_string(c.comparisons) +
         " comparisons of the start with itself named a winner; the largest speedup that one "
         "state showed was " +
         fixed(c.widest, 3) + "x\n";
}

}  // namespace halcyon
