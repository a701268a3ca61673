#pragma once
#include <string>
#include <variant>
#include <vector>

#include "schedules/autoschedulers/autoschedule.h"

namespace halcyon {

/// What is kept for the problem; where there is nothing, the recipe's start.
struct FromTuned {
  bool operator==(const FromTuned&) const = default;
};
/// The recipe's start.
struct FromRecipe {
  bool operator==(const FromRecipe&) const = default;
};
/// Who makes schedules, of the words of --source.
using Source = std::variant<FromTuned, FromRecipe, Autoscheduler>;

/// "tuned", "recipe", or an autoscheduler as autoscheduler_from_text() takes it. Error (exit 2).
Source source_from_text(const std::string& word);
std::string to_text(const Source&);

/// What a case can be computed by beside its own candidate: the start of its recipe; the ways to
/// place a chain's tensors between its ops (arrangements_of); every op of a chain as a kernel of
/// its own.
enum class Form { recipe, root, fused, apart };
/// One of these or an autoscheduler's schedule, of the words of --against.
using Rival = std::variant<Form, Autoscheduler>;

/// Error (exit 2) naming what is allowed, also for a word that stands there twice.
std::vector<Rival> rivals_from_text(const std::vector<std::string>& words);
/// The same where only autoschedulers are.
std::vector<Autoscheduler> autoschedulers_from_text(const std::vector<std::string>& words);
std::string to_text(const Rival&);

}  // namespace halcyon
