#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "results/document/document.h"
#include "results/verify/flaw.h"

namespace halcyon {

/// A rule of documents that are whole, beyond what can be derived; adds what breaks it. `minor`:
/// the document's version, for what older ones did not have.
using DocumentRule = std::function<void(const Document&, int minor, Flaws&)>;

/// What verifying a document gave.
struct Verified {
  Flaws findings;                    // none: it is as it was written, and right in itself
  std::optional<Document> document;  // where all of it could be read
  std::size_t derived = 0;           // figures that were derived again
};

/// Reads a document from its bytes and finds all that is wrong with it: the form (JSON, limits,
/// canonical bytes, members that its version does not have), hash and digests, everything that is
/// derived (from the raw samples and the lines of problems, by the functions that wrote it), and
/// `rules`. Throws nothing for what the bytes say.
///
/// It shows that the document is as it was written, and right in itself. It does not show who wrote
/// it: someone who makes up samples and derives all from them anew has made a document.
Verified verify_document(const std::string& bytes, const std::vector<DocumentRule>& rules);

/// What it takes to be published, where that is not so: a commit, and nothing changed since; a
/// build whose numbers count; a run that came to its end, with as many samples as usual
/// (`wanted_samples`); a figure of every network and every case of its own that is not odd.
Flaws why_not_published(const Document&, int wanted_samples);

}  // namespace halcyon
