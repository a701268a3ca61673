#include "results/page/section.h"

namespace halcyon::page_parts {
namespace {

bool applies(const Run& run) { return !run.document->records.empty(); }

Markup render(const Run& run) {
  Markup all;
  for (const Group& group : groups_of(*run.document))
    all += rendered(group_sections(), GroupOfRun{run, group});
  return all;
}

}  // namespace

extern const RunSection groups_section = {"groups", applies, render};

}  // namespace halcyon::page_parts
