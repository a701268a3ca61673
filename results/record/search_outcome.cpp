#include "results/record/search_outcome.h"

#include "results/text/format.h"

namespace halcyon {

std::string found_text(const Found& f) {
  if (f.trials == 0) return "nothing";
  const std::string of = " of " + std::to_string(f.trials);
  if (!f.speedup) return "no figure" + of;
  return (f.to_the_end ? "" : "~") + times_text(*f.speedup) + of;
}

}  // namespace halcyon
