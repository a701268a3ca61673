#include <algorithm>
#include <cctype>
#include <functional>

#include "kernels/problem/activation_form.h"
#include "kernels/strict_json.h"
#include "schedules/language/step.h"

namespace halcyon {
namespace {

/// Far above what any recipe or autoscheduler writes (under 300); stops a runaway file early.
constexpr std::size_t kMostSteps = 4096;

bool is_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](unsigned char c) { return isdigit(c); });
}

bool is_count(std::string_view s) { return is_digits(s) && s.size() <= 9 && s[0] != '0'; }

bool is_name(std::string_view s) {
  return !s.empty() && s.size() <= 64 && !isdigit(static_cast<unsigned char>(s[0])) &&
         std::all_of(s.begin(), s.end(), [](unsigned char c) { return isalnum(c) || c == '_'; });
}

/// Halide makes up v0, v1, ... and r0, ... when it needs a name; one of ours would collide with
/// them in some processes and not in others.
bool is_new_name(std::string_view s) {
  return is_name(s) && !((s[0] == 'v' || s[0] == 'r') && is_digits(s.substr(1)));
}

/// name, name.update, name.update1
bool is_stage(std::string_view s) {
  const auto dot = s.find('.');
  if (dot == s.npos) return is_name(s);
  std::string_view update = s.substr(dot + 1);
  if (!is_name(s.substr(0, dot)) || !update.starts_with("update")) return false;
  update.remove_prefix(std::string_view("update").size());
  return update.empty() || (is_digits(update) && update.size() <= 2);
}

bool is_level(std::string_view s) {
  return s == "-1" || (is_digits(s) && s.size() <= 2 && (s == "0" || s[0] != '0'));
}

/// What an argument code stands for.
struct Kind {
  char code;
  std::string meaning;
  std::function<bool(std::string_view)> fits;
};

/// One of a list of words.
Kind one_of(char code, const std::string& what, const std::vector<std::string>& words) {
  std::string meaning = what;
  for (const auto& word : words) meaning += " " + word;
  return {code, meaning, [words](std::string_view s) {
            return std::find(words.begin(), words.end(), s) != words.end();
          }};
}

std::vector<std::string> activations() {
  std::vector<std::string> words;
  for (const ActivationForm& form : activation_forms())
    if (form.level == -1) words.emplace_back(to_text(form.function));
  return words;
}

const Kind& kind_of(char code) {
  static const std::vector<Kind> kinds = {
      {'L', "a loop or axis", is_name},
      {'N', "a new loop's name (letters, digits, _; not v0 or r0, which Halide makes up)",
       is_new_name},
      {'I', "an integer from 1 to 999999999", is_count},
      one_of(
          'T', "a tail:",
          {"auto", "round_up", "guard_with_if", "predicate", "predicate_loads", "predicate_stores",
           "shift_inwards", "shift_inwards_and_blend", "round_up_and_blend"}),
      {'S', "a stage (NAME, NAME.update or NAME.update1)", is_stage},
      {'F', "a new stage's name (letters, digits, _; not v0 or r0)", is_new_name},
      one_of('M', "a memory:", {"stack", "heap", "register"}),
      one_of('W', "a form of padding:", {"where", "exterior"}),
      one_of('A', "an activation:", activations()),
      {'V', "a level (-1 or more)", is_level},
  };
  return *std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.code == code; });
}

/// One part of a signature: "T?" is {"T", '?'}, "(L N)+" is {"LN", '+'}.
struct Part {
  std::string codes;
  char repeat = 0;
};

std::vector<Part> parts_of(const char* signature) {
  std::vector<Part> parts;
  bool in_group = false;
  for (const char* c = signature; *c; ++c) {
    if (*c == '(') {
      in_group = true;
      parts.push_back({});
    } else if (*c == ')') {
      in_group = false;
    } else if (*c == '?' || *c == '+' || *c == '*') {
      parts.back().repeat = *c;
    } else if (*c != ' ') {
      if (!in_group) parts.push_back({});
      parts.back().codes += *c;
    }
  }
  return parts;
}

std::string usage(const StepOp& op) {
  return "'" + std::string(op.word) + (*op.args ? " " : "") + op.args + "'";
}

void check_arguments(const Step& step, const StepOp& op) {
  std::size_t next = 0;
  for (const Part& part : parts_of(op.args)) {
    const bool many = part.repeat == '+' || part.repeat == '*';
    const bool may_lack = part.repeat == '?' || part.repeat == '*';
    for (int times = 0; times == 0 || many; ++times) {
      if (next == step.args.size() && (times > 0 || may_lack)) break;
      for (char code : part.codes) {
        const Kind& kind = kind_of(code);
        if (next == step.args.size())
          throw step_error(step, "lacks " + kind.meaning + "; usage: " + usage(op));
        if (!kind.fits(step.args[next]))
          throw step_error(step, "argument " + std::to_string(next + 1) + ", '" + step.args[next] +
                                     "', is not " + kind.meaning + "; usage: " + usage(op));
        ++next;
      }
    }
  }
  if (next < step.args.size())
    throw step_error(step, "'" + step.args[next] + "' is too much; usage: " + usage(op));
}

/// The arguments that name loops, axes or stages of one list must differ: reorder x x, fuse x x.
void check_distinct(const Step& step, const StepOp& op) {
  if (step.op == "prefetch") return;  // may look ahead in the loop that it stands in
  std::vector<std::string> seen;
  std::size_t next = 0;
  const auto parts = parts_of(op.args);
  for (std::size_t i = 0; i < parts.size() && next < step.args.size(); ++i) {
    const bool many = parts[i].repeat == '+' || parts[i].repeat == '*';
    const std::size_t end = many ? step.args.size() : next + parts[i].codes.size();
    for (std::size_t j = 0; next < end && next < step.args.size(); ++next, ++j) {
      const char code = parts[i].codes[j % parts[i].codes.size()];
      const std::string name = std::string(1, code == 'F' ? 'S' : code) + step.args[next];
      const bool names = code == 'L' || code == 'N' || code == 'S' || code == 'F';
      if (names && std::find(seen.begin(), seen.end(), name) != seen.end())
        throw step_error(step, "'" + step.args[next] + "' stands twice; usage: " + usage(op));
      if (names) seen.push_back(name);
    }
  }
}

void check_level(const Step& step) {
  Act act;
  act_from_text(step.args[0], &act);
  if (find_form(act, std::stoi(step.args[1]))) return;
  std::string levels;
  for (const ActivationForm& form : activation_forms())
    if (form.function == act) levels += " " + std::to_string(form.level);
  throw step_error(
      step, step.args[0] + " has no form of level " + step.args[1] + "; its levels are" + levels);
}

}  // namespace

void check_step(const Step& step) {
  if (!is_stage(step.stage))
    throw step_error(step, "'" + step.stage + "' is not " + kind_of('S').meaning);
  const StepOp* op = find_step_op(step.op);
  if (!op) {
    std::vector<std::string> words;
    for (const StepOp& known : step_ops()) words.push_back(known.word);
    const std::string close = nearest(step.op, words);
    std::string all;
    for (const auto& word : words) all += " " + word;
    throw step_error(step, "no op '" + step.op + "'" +
                               (close.empty() ? "; ops" : ", did you mean '" + close + "'? Ops") +
                               " are:" + all);
  }
  if (op->rewrites && step.stage.find('.') != std::string::npos)
    throw step_error(step, "'" + step.op + "' rewrites a whole stage, not one of its updates");
  check_arguments(step, *op);
  check_distinct(step, *op);
  if (step.op == "act") check_level(step);
}

void check_schedule(const Schedule& schedule) {
  if (schedule.size() > kMostSteps)
    throw usage_error("a schedule has at most " + std::to_string(kMostSteps) + " steps, this has " +
                      std::to_string(schedule.size()));
  const Step* directive = nullptr;
  for (const Step& step : schedule) {
    check_step(step);
    if (!find_step_op(step.op)->rewrites) {
      if (!directive) directive = &step;
    } else if (directive) {
      throw step_error(step, "a rewrite stands before the first directive, which is '" +
                                 to_text(*directive) + "'");
    }
  }
}

}  // namespace halcyon
