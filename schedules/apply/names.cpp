#include "schedules/apply/names.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include "kernels/strict_json.h"

namespace halcyon {

using Halide::Func;

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += " " + word;
  return text;
}

/// "no loop 'foo', did you mean 'fo'? Innermost first, 'acc' has fo c x"
[[noreturn]] void not_found(const Step& step, const std::string& what, const std::string& name,
                            const std::vector<std::string>& known, const std::string& owner) {
  const std::string close = nearest(name, known);
  std::string rest = owner + (known.empty() ? " none" : joined(known));
  if (close.empty()) rest[0] = static_cast<char>(std::tolower(rest[0]));
  throw step_error(step, "no " + what + " '" + name + "'" +
                             (close.empty() ? "; " : ", did you mean '" + close + "'? ") + rest);
}

/// v0, r17: loops that Halide made up for `vectorize c 8`. Their numbers differ from process to
/// process, so steps neither see nor name them.
bool is_made_up(const std::string& loop) {
  static const std::regex made_up("[vr][0-9]+|__outermost");
  return std::regex_match(loop, made_up);
}

}  // namespace

std::string stage_name(const std::string& func) {
  std::string name = func.substr(0, func.find('$'));
  if (name.ends_with("_im")) name.resize(name.size() - 3);
  return name;
}

std::string loop_name(const std::string& dim) {
  const std::string last = dim.substr(dim.rfind('.') + 1);  // npos + 1 is 0
  return last.substr(0, last.find('$'));
}

Stages stages_of(const Algorithm& a) {
  std::vector<Halide::Internal::Function> outputs;
  for (const Func& f : a.outputs) outputs.push_back(f.function());
  Stages stages;
  for (const auto& [name, function] : Halide::Internal::build_environment(outputs))
    stages.emplace(stage_name(name), Func(function));
  return stages;
}

const Func& find_stage(const Step& step, const Stages& stages, const std::string& name) {
  const auto found = stages.find(name);
  if (found != stages.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [stage, func] : stages) known.push_back(stage);
  not_found(step, "stage", name, known, "Stages are");
}

std::size_t axis_of(const Step& step, const Func& f, const std::string& name) {
  const std::vector<std::string>& axes = f.function().args();
  const auto found = std::find(axes.begin(), axes.end(), name);
  if (found != axes.end()) return found - axes.begin();
  not_found(step, "axis", name, axes, "Innermost first, '" + stage_name(f.name()) + "' has");
}

const Halide::Internal::Definition& StageRef::definition() const {
  return update < 0 ? func.function().definition() : func.function().update(update);
}

Halide::Stage StageRef::stage() const {
  return update < 0 ? Halide::Stage(Func(func)) : Func(func).update(update);
}

StageRef find_place(const Step& step, const Stages& stages, const std::string& name) {
  const auto dot = name.find('.');
  const Func& func = find_stage(step, stages, name.substr(0, dot));
  if (dot == name.npos) return {func};
  const std::string index = name.substr(dot + std::string(".update").size());
  const int update = index.empty() ? 0 : std::stoi(index), count = func.num_update_definitions();
  if (update >= count)
    throw step_error(
        step, "'" + name.substr(0, dot) + "' has " +
                  (count == 0   ? "no updates"
                   : count == 1 ? "one update, .update"
                                : "the updates .update0 to .update" + std::to_string(count - 1)));
  return {func, update};
}

std::vector<std::string> loops_of(const StageRef& place) {
  std::vector<std::string> loops;
  for (const auto& dim : place.definition().schedule().dims())
    if (const std::string name = loop_name(dim.var); !is_made_up(name)) loops.push_back(name);
  return loops;
}

Halide::VarOrRVar find_loop(const Step& step, const StageRef& place, const std::string& name) {
  for (const auto& dim : place.definition().schedule().dims())
    if (loop_name(dim.var) == name) return {dim.var.substr(dim.var.rfind('.') + 1), dim.is_rvar()};
  const std::string stage = stage_name(place.func.name()) +
                            (place.update < 0 ? "" : ".update" + std::to_string(place.update));
  not_found(step, "loop", name, loops_of(place), "Innermost first, '" + stage + "' has");
}

std::string plain_text(const Halide::Error& error) {
  static const std::regex space("\\s+"), prefix("^(Error|User error)[^:]*: "), number("\\$[0-9]+"),
      later_sentences("\\.( [A-Z].*)?$");
  std::string text = std::regex_replace(std::string(error.what()), space, " ");
  for (const std::regex& noise : {prefix, number, later_sentences})
    text = std::regex_replace(text, noise, "");
  while (text.ends_with(' ') || text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace halcyon
