#pragma once
#include <vector>

#include "results/page/page_parts.h"

/// The page is made of sections, one file each; lists in results/CMakeLists.txt name them in order.
namespace halcyon::page_parts {

/// Cases of a run that may stand in one column.
struct GroupOfRun {
  const Run& run;
  const Group& group;
};

/// A part of the page: of all runs together, of each run, or of each group of a run's cases.
template <class Of>
struct Section {
  const char* name;             // as in the list
  bool (*applies)(const Of&);   // whether it has anything to show
  Markup (*render)(const Of&);  // only where it applies
};
using PageSection = Section<std::vector<Run>>;
using RunSection = Section<Run>;
using GroupSection = Section<GroupOfRun>;

const std::vector<const PageSection*>& page_sections();
const std::vector<const RunSection*>& run_sections();
const std::vector<const GroupSection*>& group_sections();

/// Those that apply, one after the other.
template <class Of>
Markup rendered(const std::vector<const Section<Of>*>& sections, const Of& of) {
  Markup all;
  for (const Section<Of>* section : sections)
    if (section->applies(of)) all += section->render(of);
  return all;
}

}  // namespace halcyon::page_parts
