#pragma once
#include <optional>
#include <string>

#include "results/document/document.h"
#include "results/document/journal.h"

namespace halcyon {

// A journal says all that the document of its run will: a line "run" with all but the records, when
// the run begins and again when more is known; its records as they end; a line "ended" when nothing
// is left to do. So what an interrupted run did can be published, and gone on with.

void append_head(Journal&, const Document&);
void append_end(Journal&);

/// What the journal knows of its last run; of a tuning, of all that were done in it.
struct JournaledRun {
  Document document;   // `complete` is what `ended` is
  bool ended = false;  // nothing was left to do
};
/// None where no line says what run it is, or there is no journal. Error (exit 3) as
/// Journal::load() and for lines that are no records.
std::optional<JournaledRun> last_run(const std::string& journal);

/// The run in a folder: its results.json; where that is missing, what the journal says. Or of a
/// file of either kind. Error (exit 3) when there is neither.
Document read_run(const std::string& path);

/// What a command left in a folder.
struct RunInFolder {
  std::string command, run;  // as typed; its id
  std::string unfinished;    // id of a run that was begun and whose results are not all written;
                             // empty: there is none
};
/// None where nothing says who made it. Error (exit 3) for files of these names that are no results
/// and no journal.
std::optional<RunInFolder> run_in_folder(const std::string& folder);

}  // namespace halcyon
