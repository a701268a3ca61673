#include "suites/request/source.h"

#include <algorithm>

#include "kernels/error.h"

namespace halcyon {
namespace {

constexpr const char *kTuned = "tuned", *kRecipe = "recipe";
constexpr const char* kForms[] = {"recipe", "root", "fused", "apart"};  // in the order of Form
constexpr const char* kSearched =
    "mullapudi2016, adams2019, li2018 (these three also as NAME+llvm_loop_opt, "
    "NAME+no_llvm_loop_opt)";

void refuse_repeated(const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (std::count(words.begin(), words.end(), word) > 1)
      throw usage_error("--against names '" + word + "' twice");
}

/// `allowed`: what stands in front of the autoschedulers when the word is none.
Autoscheduler searched_rival(const std::string& word, const std::string& allowed) {
  try {
    return autoscheduler_from_text(word);
  } catch (const Error&) {
    throw usage_error("--against '" + word + "': allowed are " + allowed + kSearched);
  }
}

Rival rival_from_text(const std::string& word) {
  const auto form = std::find(std::begin(kForms), std::end(kForms), word);
  if (form != std::end(kForms)) return static_cast<Form>(form - std::begin(kForms));
  return searched_rival(word, "recipe, root, fused, apart, ");
}

}  // namespace

Source source_from_text(const std::string& word) {
  if (word == kTuned) return FromTuned{};
  if (word == kRecipe) return FromRecipe{};
  return autoscheduler_from_text(word);
}

std::string to_text(const Source& source) {
  if (const auto* by = std::get_if<Autoscheduler>(&source)) return to_text(*by);
  return std::holds_alternative<FromTuned>(source) ? kTuned : kRecipe;
}

std::vector<Rival> rivals_from_text(const std::vector<std::string>& words) {
  refuse_repeated(words);
  std::vector<Rival> rivals;
  for (const std::string& word : words) rivals.push_back(rival_from_text(word));
  return rivals;
}

std::vector<Autoscheduler> autoschedulers_from_text(const std::vector<std::string>& words) {
  refuse_repeated(words);
  std::vector<Autoscheduler> all;
  for (const std::string& word : words) all.push_back(searched_rival(word, ""));
  return all;
}

std::string to_text(const Rival& rival) {
  if (const auto* by = std::get_if<Autoscheduler>(&rival)) return to_text(*by);
  return kForms[static_cast<std::size_t>(std::get<Form>(rival))];
}

}  // namespace halcyon
