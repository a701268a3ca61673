#include "schedules/compile/outcome.h"

#include <array>
#include <string>

#include "kernels/error.h"

namespace halcyon {
namespace {

constexpr std::array<std::string_view, 22> kWords = {"ok",
                                                     "pruned",
                                                     "constraint",
                                                     "compile_error",
                                                     "compile_timeout",
                                                     "compile_crash",
                                                     "compile_oom",
                                                     "run_crash",
                                                     "run_timeout",
                                                     "run_oom",
                                                     "no_result",
                                                     "wrong",
                                                     "nonfinite",
                                                     "out_of_bounds",
                                                     "input_modified",
                                                     "nondeterministic",
                                                     "mistrusted",
                                                     "impossible",
                                                     "noisy",
                                                     "infra",
                                                     "not_runnable",
                                                     "quarantined"};
static_assert(kWords.size() == static_cast<size_t>(Outcome::quarantined) + 1);

}  // namespace

std::string_view to_text(Outcome o) { return kWords.at(static_cast<size_t>(o)); }

Outcome outcome_from_text(std::string_view word) {
  std::string all;
  for (size_t i = 0; i < kWords.size(); i++) {
    if (kWords[i] == word) return static_cast<Outcome>(i);
    all += (i ? ", " : "") + std::string(kWords[i]);
  }
  throw data_error("no outcome '" + std::string(word) + "'; allowed: " + all);
}

bool is_failure(Outcome o) {
  switch (o) {
    case Outcome::compile_crash:
    case Outcome::run_crash:
    case Outcome::run_timeout:
    case Outcome::run_oom:
    case Outcome::no_result:
    case Outcome::wrong:
    case Outcome::nonfinite:
    case Outcome::out_of_bounds:
    case Outcome::input_modified:
    case Outcome::nondeterministic:
      return true;
    case Outcome::ok:
    case Outcome::pruned:
    case Outcome::constraint:
    case Outcome::compile_error:  // no candidate came of it: exit 6
    case Outcome::compile_timeout:
    case Outcome::compile_oom:
    case Outcome::mistrusted:
    case Outcome::impossible:
    case Outcome::noisy:
    case Outcome::infra:
    case Outcome::not_runnable:
    case Outcome::quarantined:
      return false;
  }
  return false;
}

}  // namespace halcyon
