#pragma once
#include <string>
#include <string_view>

namespace halcyon {

/// How a trial ended. Text forms are the identifiers. An unknown word is an error, never the first
/// entry.
enum class Outcome {
  ok,
  pruned,
  constraint,  // not tried to the end, by choice
  compile_error,
  compile_timeout,
  compile_crash,
  compile_oom,
  run_crash,
  run_timeout,
  run_oom,
  no_result,
  wrong,
  nonfinite,
  out_of_bounds,
  input_modified,
  nondeterministic,  // it ran and must not be timed
  mistrusted,        // the reference proves nothing
  impossible,
  noisy,  // timed, but no time may be stated
  infra,
  not_runnable,
  quarantined,  // not the candidate's doing
};
std::string_view to_text(Outcome);
Outcome outcome_from_text(std::string_view);  // throws Error (exit 3)
/// A wrong result or a crash: what makes a command end with exit 1 when the recipe's own schedule
/// did it.
bool is_failure(Outcome);

}  // namespace halcyon
