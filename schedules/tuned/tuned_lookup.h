#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schedules/language/step.h"
#include "schedules/tuned/tuned.h"

namespace halcyon {

/// What the tuned schedules have for a problem.
struct TunedLookup {
  struct Found {
    Schedule steps;
    Point point;  // empty where the recipe makes other steps of it by now, or none made them
  };
  std::optional<Found> found;  // none: the recipe's start is used
  std::string why;             // one line: which entry it is, or why none
  bool stale = false;          // there is one, but it no longer fits
};

/// An entry as a schedule of its problem for a target. Throws Error where it is stale: its steps no
/// longer parse, or its point is none of the recipe's space there.
TunedLookup::Found fitted(const TunedEntry&, const Problem&, const Target&);

/// A folder of tuned schedules; each file is read once, when it is first asked for. Errors as
/// read_tuned.
class TunedStore {
 public:
  explicit TunedStore(std::string folder) : folder_(std::move(folder)) {}
  /// Looks for a schedule of the problem and the target's threads in this order: the target's
  /// family, timed on this CPU; the family, on whatever CPU, or one known by its brand only;
  /// families of the same ISA, by name. A stale entry is passed over. `cpu`: CpuId::model of
  /// where programs for the target run; empty when that is another machine.
  TunedLookup look_up(const Problem&, const Target&, const std::string& cpu);

 private:
  const std::vector<TunedEntry>& entries_in(const std::string& file);
  std::vector<TunedEntry> entries_for(const std::string& file, const Problem&, int threads);
  struct Offer;
  std::vector<Offer> offers(const Problem&, const Target&, const std::string& cpu);

  const std::string folder_;
  std::map<std::string, std::vector<TunedEntry>> files_;
};

/// How many entries there are for the target's own family.
std::size_t count_tuned(const std::string& folder, const Target&);

}  // namespace halcyon
