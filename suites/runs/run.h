#pragma once
#include <optional>

#include "kernels/error.h"
#include "results/document/document.h"
#include "suites/request/progress.h"
#include "suites/request/run_plan.h"

namespace halcyon {

/// What a run is for. Both compile the same objects and check every case; `bench` then times what
/// passed.
enum class Verb { check, bench };

/// Compiles, bundles, checks and (bench) times what is asked for: cases of suites and problems,
/// then networks end to end; with request.layers also a network's distinct problems as cases.
/// Every trial ends in a record, also one that failed; with request.out the journal is written
/// there as the run goes. An interrupt ends the run; the document is then not complete and has what
/// was done. Throws Interrupted when that was nothing. Throws Error for what the user wrote wrong,
/// before anything is written, and for surroundings that fail; once something is, such an Error
/// goes into `failed`, where there is one: the document then has what was done.
Document run(Verb, const RunPlan&, Progress&, std::optional<Error>* failed = nullptr);

/// How a command ends for what it saw: 0, 1 (wrong, or a crash of the recipe's own schedule) or 6.
Exit exit_of(const Document&);

}  // namespace halcyon
