#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "results/record/record.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

/// What one that takes part did in a turn.
struct PeerTurn {
  std::int64_t ns = 0;         // of all inferences together
  std::int64_t waited_ns = 0;  // its threads were ready and had no core
};

/// What became of the wish for a new process.
enum class Renewal { renewed, kept, failed };

/// One that takes part in a contest.
class Contestant {
 public:
  virtual ~Contestant() = default;
  /// Does `inferences` in a row; none when it cannot go on.
  virtual std::optional<PeerTurn> run(int inferences) = 0;
  /// Goes on in a new process, which has its memory at another place; `kept`: that would take too
  /// long; `failed`: it cannot go on.
  virtual Renewal renew() { return Renewal::kept; }
};

/// What the cores give right now.
struct CoreLevel {
  double gflops = 0, read_gbs = 0;
};

/// What a contest is held with; a test holds one with a clock of its own.
struct ContestSurroundings {
  std::function<std::optional<CoreLevel>()> probe;  // none: it cannot be told any more
  std::function<double()> now_seconds;
  std::function<void(double ms)> pause;
};

/// What a contest gave.
struct Turns {
  int inferences = 1;                        // of a turn that were timed
  std::vector<std::vector<Sample>> samples;  // of each contestant, one per round that it was in
  std::vector<bool> failed;                  // it could not go on
};

/// The protocol of a contest: turns of at least 20 ms, half a minute at most for each contestant.
Protocol contest_protocol();
/// That of a case, of which there are many: turns of at least 5 ms, four processes, each of which
/// has a quarter of the rounds and of the time.
Protocol case_contest_protocol();

/// Has contestants, the first of them ours, take turns in random order, round by round, until the
/// wanted number of rounds counted for each together with ours, or the time is up. Everybody's turn
/// has the same number of inferences behind one that is not timed, between two probes, and is
/// accepted by one rule. The rounds are spread over protocol.processes of each: two processes of
/// one program differ by more than their own turns do. A contestant that fails is out; when it is
/// ours, the contest is over. `inferences` of a turn: 0 where they are to be chosen.
Turns hold_contest(const std::vector<Contestant*>&, const ContestSurroundings&, const Protocol&,
                   int inferences = 0);

}  // namespace halcyon
