#include "suites/trials/rival.h"

#include <algorithm>

#include "kernels/error.h"
#include "kernels/problem/problem_builder.h"
#include "schedules/autoschedulers/autoschedule.h"
#include "schedules/recipes/chain.h"

namespace halcyon {
namespace {

const std::vector<std::string> kForms = {"recipe", "root", "fused", "apart"};

std::string word_as_id(std::string word) {
  for (char& c : word)
    if (c == ' ' || c == '+') c = '-';
  return word;
}

Trial rival(const Trial& own, const std::string& name, Candidate candidate, Point point,
            const std::string& source) {
  Trial t = own;
  t.rival = name;
  t.id = own.id + "." + word_as_id(name);
  t.candidate = std::move(candidate);
  t.point = std::move(point);
  t.schedule_source = source;
  t.schedule_why.clear();
  t.stale = false;
  t.by.reset();
  t.search = Outcome::ok;
  t.search_detail.clear();
  return t;
}

Trial at_point(const Trial& own, const std::string& name, const Point& point) {
  const Problem& p = own.of.problem;
  const Target& target = own.candidate.target;
  return rival(own, name, {p, recipe_for(p).expand(p, target, point), target}, point, "recipe");
}

/// One op of a chain as a problem. `skip` adds the chain's input, which is not the op's own: a
/// further input costs the same.
Problem alone(const Problem& chain, int op) {
  Op o = chain.ops()[op];
  for (Epilogue& e : o.epilogue)
    if (e.kind == Epilogue::skip) e.kind = Epilogue::add;
  ProblemBuilder builder(chain.dtype(), o.in);
  builder.add(std::move(o));
  return builder.finish();
}

std::vector<Trial> apart(const Trial& own) {
  const Problem& chain = own.of.problem;
  const Target& target = own.candidate.target;
  std::vector<Trial> trials;
  if (chain.ops().size() < 2) return trials;
  for (int op = 0; op < static_cast<int>(chain.ops().size()); ++op) {
    const Problem p = alone(chain, op);
    const Recipe& recipe = recipe_for(p);
    const Point point = recipe.start(p, target);
    trials.push_back(
        rival(own, "apart", {p, recipe.expand(p, target, point), target}, point, "recipe"));
    trials.back().id += "-" + std::to_string(op + 1);
    trials.back().of.problem = p;
  }
  return trials;
}

std::vector<Trial> arranged(const Trial& own, const std::string& word) {
  std::vector<Trial> trials;
  for (const Arrangement& a : arrangements_of(own.of.problem, own.candidate.target))
    if (a.name.starts_with(word)) trials.push_back(at_point(own, a.name, a.point));
  return trials;
}

std::vector<Trial> candidates_of(const Trial& own, const std::string& word) {
  if (word == "apart") return apart(own);
  if (word == "root" || word == "fused") return arranged(own, word);
  if (word == "recipe")
    return {at_point(own, word,
                     recipe_for(own.of.problem).start(own.of.problem, own.candidate.target))};
  const Autoscheduler by = autoscheduler_from_text(word);
  return {rival(own, word, {own.of.problem, {}, target_for(by, own.candidate.target)}, {},
                to_text(by))};
}

}  // namespace

bool is_searched(const std::string& word) {
  return std::find(kForms.begin(), kForms.end(), word) == kForms.end();
}

void check_rivals(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (std::count(words.begin(), words.end(), word) > 1)
      throw usage_error("--against names '" + word + "' twice");
    if (!is_searched(word)) continue;
    try {
      autoscheduler_from_text(word);
    } catch (const Error&) {
      throw usage_error("--against '" + word +
                        "': allowed are recipe, root, fused, apart, mullapudi2016, adams2019, "
                        "li2018 (these three also as NAME+llvm_loop_opt, NAME+no_llvm_loop_opt)");
    }
  }
}

std::vector<Trial> rivals_of(const Trial& own, const std::string& word) {
  std::vector<Trial> trials = candidates_of(own, word);
  std::erase_if(trials, [&](const Trial& t) {
    return !t.candidate.schedule.empty() && t.candidate.schedule == own.candidate.schedule &&
           t.of.problem.text() == own.of.problem.text();
  });
  return trials;
}

}  // namespace halcyon
