#include "schedules/recipes/recipe.h"

#include <algorithm>
#include <stdexcept>

#include "schedules/recipes/chain.h"
#include "schedules/recipes/op_recipe.h"

namespace halcyon {

#define HALCYON_KERNEL(word) extern const OpRecipe word##_recipe;
#include "kernels.inc"
#undef HALCYON_KERNEL

const OpRecipe& op_recipe(std::string_view word) {
#define HALCYON_KERNEL(word) &word##_recipe,
  static const OpRecipe* const recipes[] = {
#include "kernels.inc"
  };
#undef HALCYON_KERNEL
  for (const OpRecipe* recipe : recipes)
    if (recipe->word == word) return *recipe;
  throw std::logic_error("no recipe for the op '" + std::string(word) + "'");
}

bool is_flat(const Problem& problem, int op) {
  const auto& ops = problem.ops();
  if (op >= 0) return op_recipe(ops[op].word()).flat;
  for (std::size_t i = 0; i < ops.size(); ++i)
    if (op_recipe(ops[i].word()).flat && (i == 0 || ops[i].has(Epilogue::skip))) return true;
  return false;
}

bool leaves_input(const Window& w, int in, int out) {
  return w.pad_lo > 0 || (out - 1) * w.stride + (w.kernel - 1) * w.dilation - w.pad_lo >= in;
}

std::string to_text(const Point& point) {
  std::string text;
  for (const auto& [knob, value] : point)
    text += (text.empty() ? "" : " ") + knob + "=" + std::to_string(value);
  return text;
}

const Recipe& recipe_for(const Problem& problem) {
  static const auto recipes = [] {
    std::map<std::string_view, Recipe> all;
    for (const OpKind* kind : op_kinds())
      all[kind->word] = {kind->word,  chain_knobs,  chain_fits,
                         chain_start, chain_others, chain_expand};
    return all;
  }();
  static const Recipe chain{"chain",     chain_knobs,  chain_fits,
                            chain_start, chain_others, chain_expand};
  return problem.ops().size() == 1 ? recipes.at(problem.ops()[0].word()) : chain;
}

std::vector<Point> all_points(const Recipe& recipe, const Problem& problem, const Target& target) {
  const std::vector<Knob> knobs = recipe.knobs(problem, target);
  std::vector<Point> points;
  std::vector<std::size_t> at(knobs.size(), 0);
  for (std::size_t turned = 0; turned < knobs.size() || knobs.empty();) {
    Point point;
    for (std::size_t i = 0; i < knobs.size(); ++i) point[knobs[i].name] = knobs[i].values[at[i]];
    if (recipe.fits(problem, target, point)) points.push_back(point);
    if (knobs.empty()) break;
    for (turned = 0; turned < knobs.size() && ++at[turned] == knobs[turned].values.size(); ++turned)
      at[turned] = 0;
  }
  return points;
}

}  // namespace halcyon
