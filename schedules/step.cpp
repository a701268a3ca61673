#include "schedules/step.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "kernels/activation_form.h"
#include "kernels/strict_json.h"

namespace halcyon {
namespace {

/// Far above what any recipe or autoscheduler writes (under 300); stops a runaway file early.
constexpr std::size_t kMostSteps = 4096;

const std::vector<StepOp> kOps = {
    // Rewrites of the algorithm.
    {"pack", "L I", "store a weight or bias blocked along axis L: [L%I][the others][L/I]", true},
    {"round", "L I", "a weight's or bias's axis L is padded with zeros to a multiple of I", true},
    {"flatten", "L L N", "view the neighbouring axes inner, outer as one axis N", true},
    {"pad", "W L+",
     "padding along L: exterior selects the padding value, where leaves the terms out of the sum",
     true},
    {"divide", "L I S*",
     "cut axis L into balanced tiles of at most I: updates of the stage; copies S_0 S_1 per piece",
     true},
    {"act", "A V", "compute the stage's activation A in the form of level V (-1: precise)", true},
    // Loops.
    {"split", "L N N I T?", "old -> outer inner, inner of I iterations", false},
    {"fuse", "L L N", "inner outer -> one loop", false},
    {"rename", "L N", "old -> new", false},
    {"reorder", "L+", "the new order of these loops, innermost first", false},
    {"vectorize", "L I? T?", "vector lanes; with I, of an inner loop of I iterations", false},
    {"unroll", "L I? T?", "unroll all; with I, an inner loop of I iterations", false},
    {"parallel", "L I? T?", "threads; with I, over tasks of I iterations", false},
    {"serial", "L", "an ordinary loop again", false},
    {"always_partition", "L+", "split off the iterations where a likely() holds, or fail", false},
    {"never_partition", "L+", "keep one loop body, whatever likely() says", false},
    {"atomic", "", "the update may be vectorized or parallel over its reduction", false},
    {"prefetch", "S L L I", "producer, loop it stands in, loop it looks ahead in, distance", false},
    // Places in a loop nest; looked up when every nest is final.
    {"compute_root", "", "compute all of it before its consumers", false},
    {"compute_at", "S L", "compute what each iteration of the consumer's loop L needs", false},
    {"store_root", "", "its storage lives outside all loops", false},
    {"store_at", "S L", "its storage lives inside loop L of stage S", false},
    {"hoist_storage", "S L", "allocate once per iteration of an outer loop L of S", false},
    {"hoist_storage_root", "", "allocate once, outside all loops", false},
    {"compute_with", "S L", "share the loops of stage S from the outermost to L", false},
    // Storage.
    {"store_in", "M", "stack, heap or register", false},
    {"align_bounds", "L I", "compute a region whose start and extent along L are multiples of I",
     false},
    {"align_storage", "L I", "pad the storage along L to a multiple of I", false},
    {"bound_extent", "L I", "promise that I elements along L are computed", false},
    {"bound_storage", "L I", "promise that I elements along L suffice to store", false},
    {"fold_storage", "L I", "keep a ring of I elements along L", false},
    {"reorder_storage", "L+", "order of the axes in memory, innermost first", false},
    // New stages.
    {"in", "F S*", "new stage F: a staged copy, read by the consumers S (all if none)", false},
    {"clone", "F S+", "new stage F: computed a second time, for the consumers S", false},
    {"rfactor", "F (L N)+", "new stage F: partial results, loop L of the reduction as axis N",
     false},
};

struct Kind {
  char code;
  const char* meaning;
  bool (*fits)(std::string_view);
};

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
  update.remove_prefix(6);
  return update.empty() || (is_digits(update) && update.size() <= 2);
}

template <const auto& Words>
bool is_word(std::string_view s) {
  return std::find(std::begin(Words), std::end(Words), s) != std::end(Words);
}

bool is_activation(std::string_view s) {
  Act act;
  return act_from_text(s, &act);
}

bool is_level(std::string_view s) {
  return s == "-1" || (is_digits(s) && s.size() <= 2 && (s == "0" || s[0] != '0'));
}

constexpr std::string_view kTails[] = {"auto",
                                       "round_up",
                                       "guard_with_if",
                                       "predicate",
                                       "predicate_loads",
                                       "predicate_stores",
                                       "shift_inwards",
                                       "shift_inwards_and_blend",
                                       "round_up_and_blend"};
constexpr std::string_view kMemories[] = {"stack", "heap", "register"};
constexpr std::string_view kPads[] = {"where", "exterior"};

const std::vector<Kind> kKinds = {
    {'L', "a loop or axis", is_name},
    {'N', "a new loop's name (letters, digits, _; not v0 or r0, which Halide makes up)",
     is_new_name},
    {'I', "an integer from 1 to 999999999", is_count},
    {'T',
     "a tail: auto round_up guard_with_if predicate predicate_loads predicate_stores "
     "shift_inwards shift_inwards_and_blend round_up_and_blend",
     is_word<kTails>},
    {'S', "a stage: NAME, NAME.update or NAME.update1", is_stage},
    {'F', "a new stage's name (letters, digits, _)", is_new_name},
    {'M', "stack, heap or register", is_word<kMemories>},
    {'W', "where or exterior", is_word<kPads>},
    {'A', "an activation: relu relu6 hardswish hardsigmoid silu sigmoid gelu", is_activation},
    {'V', "a level: -1 or more", is_level},
};

const Kind& kind_of(char code) {
  return *std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& k) { return k.code == code; });
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
          throw step_error(step, std::string("lacks ") + kind.meaning + "; usage: " + usage(op));
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

Step parse_line(std::istringstream& words, int line) {
  Step step;
  step.line = line;
  std::string word;
  words >> step.stage >> step.op;
  if (step.stage.size() < 2 || step.stage.back() != ':' || step.op.empty())
    throw usage_error("line " + std::to_string(line) + ": '" + words.str() +
                      "': expected 'stage: op arguments'");
  step.stage.pop_back();
  while (words >> word) step.args.push_back(word);
  return step;
}

}  // namespace

const std::vector<StepOp>& step_ops() { return kOps; }

const StepOp* find_step_op(std::string_view word) {
  for (const StepOp& op : kOps)
    if (word == op.word) return &op;
  return nullptr;
}

std::string to_text(const Step& step) {
  std::string text = step.stage + ": " + step.op;
  for (const auto& arg : step.args) text += " " + arg;
  return text;
}

std::string to_text(const Schedule& schedule) {
  std::string text;
  for (const Step& step : schedule) text += to_text(step) + "\n";
  return text;
}

Error step_error(const Step& step, const std::string& why) {
  const std::string place = step.line ? "line " + std::to_string(step.line) + ": " : "";
  return usage_error(place + "'" + to_text(step) + "': " + why);
}

void check_step(const Step& step) {
  if (!is_stage(step.stage))
    throw step_error(step, "'" + step.stage + "' is not " + kind_of('S').meaning);
  const StepOp* op = find_step_op(step.op);
  if (!op) {
    std::vector<std::string> words;
    for (const StepOp& known : kOps) words.push_back(known.word);
    const std::string close = nearest(step.op, words);
    std::string all;
    for (const auto& word : words) all += " " + word;
    throw step_error(step, "no op '" + step.op + "'" +
                               (close.empty() ? "" : ", did you mean '" + close + "'?") +
                               " Ops are:" + all);
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

Schedule parse_schedule(std::string_view text) {
  Schedule schedule;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    if ((words >> std::ws).eof()) continue;
    schedule.push_back(parse_line(words, number));
    check_step(schedule.back());
  }
  check_schedule(schedule);
  return schedule;
}

std::vector<Piece> divide_evenly(int extent, int most) {
  const int tiles = (extent + most - 1) / most, small = extent / tiles;
  const int large_tiles = extent - small * tiles, boundary = large_tiles * (small + 1);
  std::vector<Piece> pieces;
  if (boundary > 0) pieces.push_back({0, boundary, small + 1});
  if (boundary < extent) pieces.push_back({boundary, extent - boundary, small});
  return pieces;
}

}  // namespace halcyon
