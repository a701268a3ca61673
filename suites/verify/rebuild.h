#pragma once
#include "results/document/document.h"
#include "results/verify/flaw.h"
#include "suites/request/progress.h"

namespace halcyon {

/// Compiles the objects of a document's records again, without the cache of objects, and tells
/// which differ from what was measured. A network's calls have no schedule in a document: their
/// objects are compared where a record has them, too (`bench NETWORK --layers`).
Flaws find_other_objects(const Document&, int jobs, Progress&);

}  // namespace halcyon
