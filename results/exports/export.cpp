#include "results/exports/export.h"

#include <algorithm>

#include "kernels/error.h"
#include "kernels/guess.h"

namespace halcyon {

const Export& export_named(const std::string& name) {
  const auto found = std::find_if(exports().begin(), exports().end(),
                                  [&](const Export* e) { return e->name == name; });
  if (found != exports().end()) return **found;
  std::vector<std::string> known;
  std::string allowed;
  for (const Export* e : exports()) {
    allowed += (known.empty() ? "" : ", ") + std::string(e->name);
    known.emplace_back(e->name);
  }
  throw usage_error("--export " + with_guess(name, known) + ": allowed are " + allowed);
}

}  // namespace halcyon
