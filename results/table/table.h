#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// Who looks at tables, and what was asked for beside them.
struct Viewer {
  int columns = 120;  // of the terminal; narrower ones than a table can be are overrun
  bool colour = false;
  bool explain = false;  // also where the time of networks goes
};

/// A table of a run for a terminal, one file each.
struct Table {
  const char* name;                                       // as in the list
  bool (*applies)(const Document&, const Viewer&);        // whether it has anything to show
  std::string (*render)(const Document&, const Viewer&);  // only where it applies
};
/// From the one list in results/CMakeLists.txt, in its order.
const std::vector<const Table*>& tables();

/// All that a run shows a person: the tables that apply, one after the other.
std::string tables_text(const Document&, const Viewer&);

}  // namespace halcyon
