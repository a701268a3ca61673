#include "suites/commands/ignored.h"

#include <algorithm>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"

namespace halcyon {
namespace {

/// Kinds of what is asked for, as bits.
enum Kind : unsigned { problem = 1, suite = 2, network = 4, model = 8, target = 16 };
constexpr unsigned kCases = problem | suite, kNetworks = network | model;
struct KindName {
  Kind kind;
  const char *one, *many;
};
constexpr KindName kKindNames[] = {{problem, "a problem", "problems"},
                                   {suite, "a suite", "suites"},
                                   {network, "a network", "networks"},
                                   {model, "a model", "models"},
                                   {target, "a target", "targets"}};

/// What an option says something of. The first row of a verb counts, or the first without one.
struct Scope {
  const char *verb, *option;  // verb: empty: of every one
  unsigned of;
  const char* hint = "";
};
constexpr const char* kLayersHint = "; with --layers a network's problems are cases, too";
constexpr Scope kScopes[] = {
    {"", "--batch", kNetworks},
    {"", "--resolution", kNetworks},
    {"", "--cut", kNetworks},
    {"bench", "--filter", kCases, kLayersHint},
    {"", "--filter", kCases},
    {"", "--dtype", suite | kNetworks, "; a problem's line begins with its own"},
    {"show", "--schedule", problem},
    {"show", "--point", problem},
    {"", "--schedule", kCases},
    {"", "--point", kCases},
    {"bench", "--sweep", kCases, kLayersHint},
    {"", "--sweep", kCases},
    {"bench", "--against", kCases, kLayersHint},
    {"bench", "--goals", kCases, kLayersHint},
    {"bench", "--peer-dtype", kNetworks},
    {"bench", "--layers", kNetworks},
    {"bench", "--explain", kNetworks},
    {"show", "--part", problem | kNetworks},
    {"show", "--target", problem | kNetworks},
    {"show", "--source", problem},
    {"show", "--search", problem},
    {"show", "--tuned", problem | kNetworks},
    {"show", "--cache", problem},
    {"run", "--seed", network, "; a model has weights of its own"},
    {"export", "--seed", network, "; a model has weights of its own"},
};

/// Options of one problem or of each case's own schedule: a network has many.
constexpr const char* kNeverOfNetworks[] = {"--schedule", "--point"};

/// An option beside which another is ignored, and why.
struct Clash {
  const char *option, *other, *why;
};
constexpr const char *kOwn = "the file says the steps", *kPoint = "the point says the schedule",
                     *kEvery = "every point is tried", *kReplayed = "nothing is measured",
                     *kTurns = "the two builds take turns, and nobody else does",
                     *kItself = "the start meets itself, and nothing is searched or kept";
constexpr Clash kClashes[] = {
    {"--schedule", "--point", kOwn},
    {"--schedule", "--source", kOwn},
    {"--schedule", "--search", kOwn},
    {"--schedule", "--tuned", kOwn},
    {"--schedule", "--sweep", kOwn},
    {"--point", "--tuned", kPoint},
    {"--point", "--sweep", kPoint},
    {"--sweep", "--tuned", kEvery},
    {"--sweep", "--peers", kEvery},
    {"--json", "--goals", "standard output has one document"},
    {"--against-build", "--peers", kTurns},
    {"--against-build", "--against", kTurns},
    {"--against-build", "--sweep", kTurns},
    {"--against-build", "--bundle", kTurns},
    {"--against-itself", "--budget", kItself},
    {"--against-itself", "--minutes", kItself},
    {"--against-itself", "--strategy", kItself},
    {"--against-itself", "--against", kItself},
    {"--against-itself", "--tuned", kItself},
    {"--against-itself", "--keep", kItself},
    {"--against-itself", "--in-network", kItself},
    {"--against-itself", "--out", kItself},
    {"--against-itself", "--json", kItself},
};
/// What `tune --replay` heeds.
constexpr const char* kOfReplay[] = {"--replay", "--out", "--json", "--quiet"};

/// Options of a clock.
constexpr const char* kOfTime[] = {"--cpu", "--state", "--quick", "--peers", "--explain"};

template <std::size_t n>
bool is_one_of(const std::string& option, const char* const (&options)[n]) {
  return std::find(std::begin(options), std::end(options), option) != std::end(options);
}

unsigned kind_of(const NamedWord& what) {
  switch (what.named) {
    case Named::problem:
      return problem;
    case Named::network:
      return what.word.ends_with(".onnx") ? model : network;
    case Named::target:
      return target;
    case Named::suite:
      break;
  }
  return suite;
}

std::string names_of(unsigned kinds) {
  std::vector<std::string> names;
  for (const KindName& name : kKindNames)
    if (kinds & name.kind) names.emplace_back(name.many);
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

const Scope* scope_of(const std::string& verb, const std::string& option) {
  for (const Scope& scope : kScopes)
    if (option == scope.option && (verb == scope.verb || *scope.verb == '\0')) return &scope;
  return nullptr;
}

/// The words of `what` that have none of these kinds.
class Asked {
 public:
  Asked(const Given& given, const RunPlan& plan) : what_(plan.what) {
    for (const NamedWord& what : what_) named_ |= kind_of(what);
    all_ = named_;
    // A network's problems are then cases of the run.
    if ((named_ & kNetworks) && (given.verb == "tune" || plan.request.layers)) all_ |= suite;
  }
  bool has(unsigned kinds) const { return (all_ & kinds) != 0; }
  bool names(unsigned kinds) const { return (named_ & kinds) != 0; }
  /// ", and 'smoke' is a suite": the first that is of these kinds.
  std::string but(unsigned kinds) const {
    for (const NamedWord& what : what_)
      for (const KindName& name : kKindNames)
        if (kind_of(what) & kinds & name.kind) return ", and '" + what.word + "' is " + name.one;
    return ", and none is asked for";
  }

 private:
  const std::vector<NamedWord>& what_;
  unsigned named_ = 0, all_ = 0;
};

void refuse_out_of_scope(const Given& given, const Asked& asked) {
  for (const std::string& option : given.options) {
    const Scope* scope = scope_of(given.verb, option);
    if (scope && !asked.has(scope->of))
      throw usage_error(option + " is of " + names_of(scope->of) + asked.but(~scope->of) +
                        scope->hint);
    if (is_one_of(option, kNeverOfNetworks) && asked.names(kNetworks))
      throw usage_error(option + " is of a problem's own schedule" + asked.but(kNetworks) +
                        ", which has many");
  }
}

bool has_beam(const Autoscheduler* by) { return by && by->name == "adams2019"; }

void refuse_beside_source(const Given& given, const Request& request, const Asked& asked) {
  const Source& source = request.source;
  if (given.has("--point") && given.has("--source") && !std::holds_alternative<FromRecipe>(source))
    throw usage_error("--source " + to_text(source) + " says nothing beside --point: " + kPoint);
  // A network's cut is looked up there, too.
  if (given.has("--tuned") && !std::holds_alternative<FromTuned>(source) && !asked.names(kNetworks))
    throw usage_error("--tuned says nothing beside --source " + to_text(source) +
                      ", which takes no kept schedule");
  if (given.has("--tuned") && given.verb == "tune" && !asked.names(kNetworks) &&
      !given.has("--keep"))
    throw usage_error("--tuned says nothing without --keep, which puts winners there");
  if (given.has("--search") && !has_beam(std::get_if<Autoscheduler>(&source)) &&
      std::none_of(request.against.begin(), request.against.end(),
                   [](const Rival& r) { return has_beam(std::get_if<Autoscheduler>(&r)); }))
    throw usage_error("--search is of adams2019, which alone has a beam; --source adams2019 asks " +
                      std::string("for it"));
}

/// What shows of a network's plan alone.
void refuse_without_plan(const Given& given, const Asked& asked) {
  const bool plan = std::count(given.parts.begin(), given.parts.end(), "plan") > 0;
  if (given.verb != "show" || plan || !asked.names(kNetworks)) return;
  for (const char* option : {"--cut", "--target", "--tuned"})
    if (given.has(option))
      throw usage_error(std::string(option) + " is of a network's plan: --part plan shows it");
}

/// A network by itself has one state: its calls make each other's weights cold.
void refuse_states(const Given& given, const std::vector<CacheState>& states, const Asked& asked) {
  if (!given.has("--state") || asked.has(kCases)) return;
  if (states.size() == 1 && states.front() != CacheState::cold_weights) return;
  std::vector<std::string> words;
  for (const CacheState state : states) words.emplace_back(to_text(state));
  throw usage_error("--state " + joined(words) + ": of a network allowed are warm or cold, its " +
                    "calls make each other's weights cold" + kLayersHint);
}

/// Other systems have the caches as their last call left them.
void refuse_cold_peers(const Given& given, const std::vector<CacheState>& states,
                       const Asked& asked) {
  if (!given.has("--peers") || !asked.names(kCases)) return;
  if (std::find(states.begin(), states.end(), CacheState::warm) != states.end()) return;
  throw usage_error("--peers: of cases is of warm caches, and --state leaves them out");
}

/// What verify takes for measuring and compiling again.
void refuse_without_rerun(const Given& given) {
  if (given.has("--rerun")) return;
  for (const char* option : {"--seed", "--cache"})
    if (given.has(option))
      throw usage_error(std::string(option) +
                        " says nothing without --rerun, which measures again");
  if (given.has("--jobs") && !given.has("--rebuild"))
    throw usage_error("--jobs says nothing without --rebuild or --rerun, which compile");
}

void refuse_time(const Given& given, const Target& target) {
  if (given.verb != "bench" && given.verb != "tune") return;
  if (target.measures_time()) return;
  for (const std::string& option : given.options)
    if (is_one_of(option, kOfTime))
      throw usage_error(option + " is of time, and target " + target.name + " is measured in " +
                        target.meter());
}

}  // namespace

bool Given::has(const std::string& option) const {
  return std::find(options.begin(), options.end(), option) != options.end();
}

void refuse_clashes(const Given& given) {
  for (const Clash& c : kClashes)
    if (given.has(c.option) && given.has(c.other))
      throw usage_error(std::string(c.other) + " says nothing beside " + c.option + ": " + c.why);
  if (given.has("--rounds") && !given.has("--against-build"))
    throw usage_error("--rounds says nothing without --against-build, whose turns it counts");
  if (given.verb == "bench" && given.has("--format") && !given.has("--out"))
    throw usage_error("--format says nothing without --out, the folder that it writes into");
  if (given.verb == "verify") refuse_without_rerun(given);
  if (given.has("--peer-dtype") && !given.has("--peers"))
    throw usage_error("--peer-dtype says nothing without --peers, who compute in it");
  if (!given.has("--replay")) return;
  for (const std::string& option : given.options)
    if (!is_one_of(option, kOfReplay))
      throw usage_error(option + " says nothing beside --replay: " + kReplayed);
}

void refuse_ignored(const Given& given, const RunPlan& plan) {
  const Asked asked(given, plan);
  refuse_out_of_scope(given, asked);
  refuse_beside_source(given, plan.request, asked);
  refuse_without_plan(given, asked);
  refuse_states(given, plan.request.states, asked);
  refuse_cold_peers(given, plan.request.states, asked);
  refuse_time(given, plan.target);
}

}  // namespace halcyon
