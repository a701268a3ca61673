#include "suites/trials/rival.h"

#include "kernels/problem/problem_builder.h"
#include "schedules/recipes/chain.h"

namespace halcyon {
namespace {

std::string word_as_id(std::string word) {
  for (char& c : word)
    if (c == ' ' || c == '+') c = '-';
  return word;
}

NamedCandidate rival(const NamedCandidate& own, const std::string& name, Candidate candidate,
                     Point point, const std::string& source) {
  NamedCandidate c = own;
  c.rival = name;
  c.id = own.id + "." + word_as_id(name);
  c.candidate = std::move(candidate);
  c.point = std::move(point);
  c.schedule_source = source;
  c.schedule_why.clear();
  c.stale = false;
  c.by.reset();
  c.search = Outcome::ok;
  c.search_detail.clear();
  return c;
}

NamedCandidate at_point(const NamedCandidate& own, const std::string& name, const Point& point) {
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

std::vector<NamedCandidate> apart(const NamedCandidate& own) {
  const Problem& chain = own.of.problem;
  const Target& target = own.candidate.target;
  std::vector<NamedCandidate> all;
  if (chain.ops().size() < 2) return all;
  for (int op = 0; op < static_cast<int>(chain.ops().size()); ++op) {
    const Problem p = alone(chain, op);
    const Recipe& recipe = recipe_for(p);
    const Point point = recipe.start(p, target);
    all.push_back(
        rival(own, "apart", {p, recipe.expand(p, target, point), target}, point, "recipe"));
    all.back().id += "-" + std::to_string(op + 1);
    all.back().of.problem = p;
  }
  return all;
}

/// The arrangements that are called so, or begin so.
std::vector<NamedCandidate> arranged(const NamedCandidate& own, const std::string& word) {
  std::vector<NamedCandidate> all;
  for (const Arrangement& a : arrangements_of(own.of.problem, own.candidate.target))
    if (a.name.starts_with(word)) all.push_back(at_point(own, a.name, a.point));
  return all;
}

NamedCandidate to_search(const NamedCandidate& own, const Autoscheduler& by) {
  NamedCandidate c =
      rival(own, to_text(by), {own.of.problem, {}, target_for(by, own.candidate.target)}, {}, "");
  c.by = by;
  return c;
}

std::vector<NamedCandidate> all_rivals(const NamedCandidate& own, const Rival& by) {
  if (const auto* searched = std::get_if<Autoscheduler>(&by)) return {to_search(own, *searched)};
  switch (std::get<Form>(by)) {
    case Form::apart:
      return apart(own);
    case Form::root:
    case Form::fused:
      return arranged(own, to_text(by));
    case Form::recipe:
      break;
  }
  return {at_point(own, to_text(by),
                   recipe_for(own.of.problem).start(own.of.problem, own.candidate.target))};
}

}  // namespace

std::vector<NamedCandidate> rivals_of(const NamedCandidate& own, const Rival& by) {
  std::vector<NamedCandidate> rivals = all_rivals(own, by);
  std::erase_if(rivals, [&](const NamedCandidate& c) {
    return !c.candidate.schedule.empty() && c.candidate.schedule == own.candidate.schedule &&
           c.of.problem.text() == own.of.problem.text();
  });
  return rivals;
}

}  // namespace halcyon
