// The command line: words in, exit code out. What the verbs do is in suites/ and results/.
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "autotune/replay.h"
#include "autotune/tune.h"
#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "results/atomic_file.h"
#include "results/document.h"
#include "results/json_text.h"
#include "results/page.h"
#include "schedules/child.h"
#include "suites/goals.h"
#include "suites/list.h"
#include "suites/run.h"
#include "suites/show.h"
#include "suites/take_home.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// Everything the command line can say, with its defaults.
struct CommandLine {
  Request request;
  TuneRequest tune;
  bool json = false, goals = false, quiet = false, sweep = false;
  std::string topic;                    // list
  std::vector<std::string> parts;       // show
  std::vector<std::string> runs;        // publish
  std::vector<std::string> spaces;      // tune --replay
  std::string name = "halcyon_kernel";  // emit
};

/// Of the terminal, or what a log is read at.
int columns_of_stdout() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 120;
}
bool colour() { return isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR"); }

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) throw Error(Exit::environment, "stdout: cannot be written");
}

std::string quoted_command(int argc, char** argv) {
  std::string text = "halcyon";
  for (int i = 1; i < argc; i++) {
    const std::string word = argv[i];
    const bool plain = word.find_first_of(" |\"'$\\*?&;<>()") == word.npos && !word.empty();
    text += plain ? " " + word : " \"" + word + "\"";
  }
  return text;
}

Progress::Style style_of(const CommandLine& line) {
  return line.quiet ? Progress::Style::silent : Progress::style_of_stderr();
}

void write_results(const Document& document, const std::string& out, Progress& progress) {
  write_file_atomically(out + "/results.json", canonical_text(document));
  write_file_atomically(out + "/report.html", page({document}));
  progress.say("wrote " + out + "/results.json, report.html, journal.jsonl");
}

void demand_something(const Request& request, const std::string& verb) {
  if (request.what.empty())
    throw usage_error("nothing to " + verb +
                      ": name a suite (halcyon list suites) or give a problem in quotes");
}

int run_verb(Verb verb, CommandLine& line) {
  Request& request = line.request;
  if (line.sweep) request.sweep = verb == Verb::check ? Sweep::knobs : Sweep::all;
  if (line.sweep && request.what.empty()) request.what = {"tiny"};
  demand_something(request, verb == Verb::check ? "check" : "bench");
  if (line.sweep && (!request.schedule_file.empty() || !request.point.empty()))
    throw usage_error("--sweep tries a recipe's points; --schedule and --point name one");
  Progress progress(style_of(line));
  Document document = run(verb, request, progress);
  const std::string goals_file = request.folders.root + "/suites/goals.json";
  if (auto goals = goals_reached(document, read_count_goals(goals_file)); !goals.empty())
    document.goals = goals;
  if (!request.out.empty()) write_results(document, request.out, progress);
  if (line.json)
    print(canonical_text(document));
  else
    print(table(document, colour(), columns_of_stdout()) + rivals_table(document));
  if (line.goals) print(goals_table(document, read_goals(goals_file)));
  if (interrupted_by) return 128 + interrupted_by;
  return static_cast<int>(exit_of(document));
}

int replay_verb(const CommandLine& line) {
  if (!line.request.what.empty())
    throw usage_error("--replay takes files in place of problems, such as '" +
                      line.request.what.front() + "'");
  std::vector<MeasuredSpace> spaces;
  for (const std::string& path : line.spaces)
    for (const MeasuredSpace& m : read_measured_spaces(path)) spaces.push_back(m);
  if (!line.request.out.empty()) write_measured_spaces(spaces, line.request.out);
  Progress progress(style_of(line));
  progress.begin("replaying", spaces.size());
  std::vector<ReplayedSpace> replayed;
  for (const MeasuredSpace& m : spaces) {
    replayed.push_back(replay_strategies(m));
    progress.step(m.problem);
  }
  print(line.json ? indented_text(replay_json(replayed)) : replay_table(replayed));
  return 0;
}

int tune_verb(CommandLine& line) {
  if (!line.spaces.empty()) return replay_verb(line);
  demand_something(line.request, "tune");
  line.tune.request = line.request;
  if (line.tune.request.out.empty()) line.tune.request.out = "out/tune";
  Progress progress(style_of(line));
  if (line.tune.against_itself > 0) {
    print(to_text(tune_against_itself(line.tune, progress)));
    return interrupted_by ? 128 + interrupted_by : 0;
  }
  Narrator::Events events;
  if (line.json) events = [](const nlohmann::json& e) { print(compact_text(e) + "\n"); };
  const Tuning tuning = tune(line.tune, progress, events);
  write_results(tuning.document, line.tune.request.out, progress);
  if (!line.json) print(tuning_table(tuning));
  if (interrupted_by) return 128 + interrupted_by;
  return static_cast<int>(exit_of(tuning));
}

int emit_verb(const CommandLine& line) {
  Progress progress(style_of(line));
  take_home(line.request, line.name, progress);
  return 0;
}

int publish(const CommandLine& line) {
  if (line.request.out.empty()) throw usage_error("publish: -o DIR says where the page goes");
  std::vector<Document> documents;
  for (const auto& run : line.runs)
    documents.push_back(read_document(fs::is_directory(run) ? run + "/results.json" : run));
  make_folder(line.request.out);
  for (const auto& d : documents)
    write_file_atomically(
        line.request.out +
            (documents.size() == 1 ? "/results.json" : "/results-" + d.run + ".json"),
        canonical_text(d));
  write_file_atomically(line.request.out + "/index.html", page(documents));
  std::fprintf(stderr, "wrote %s/index.html\n", line.request.out.c_str());
  return 0;
}

void add_target_option(CLI::App* verb, CommandLine& line) {
  verb->add_option("--target,-t", line.request.target,
                   "host, a name (list targets), or a .json file")
      ->capture_default_str();
}

void add_tuned_option(CLI::App* verb, CommandLine& line, const std::string& help) {
  verb->add_option("--tuned", line.request.folders.tuned, help + "; by default schedules/tuned");
}

void add_schedule_options(CLI::App* verb, CommandLine& line) {
  Request& r = line.request;
  verb->add_option("--schedule", r.schedule_file, "steps from this file instead of the recipe's");
  verb->add_option(
          "--source", r.source,
          "who makes the schedule: tuned (where there is one, else recipe), recipe, mullapudi2016, "
          "adams2019, li2018; these three also as NAME+llvm_loop_opt, NAME+no_llvm_loop_opt (bench "
          "tries both)")
      ->capture_default_str();
  verb->add_option_function<std::string>(
          "--search", [&r](const std::string& word) { r.full_search = word == "full"; },
          "how far adams2019 searches: greedy, full (its stock beam, in 60 s and 2 GB)")
      ->check(CLI::IsMember({"greedy", "full"}));
  verb->add_option("--point", r.point, "the recipe's point to use: \"tile_c=16 ...\", every knob");
  add_tuned_option(verb, line, "where tuned schedules are looked for");
}

/// Of every command that measures or checks cases.
void add_case_options(CLI::App* verb, CommandLine& line) {
  Request& r = line.request;
  verb->add_option("what", r.what, "suites (list suites), suite files, or problems in quotes");
  add_target_option(verb, line);
  verb->add_option("--filter", r.filter, "only cases whose id or problem matches this regex");
  verb->add_option("--cpu", r.cpu, "core to pin to; by default the least disturbed one")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--seed", r.seed, "of data, orders, pairs and searches")->capture_default_str();
  verb->add_option("--jobs,-j", r.jobs, "compilers at once; by default one per core")
      ->check(CLI::Range(1, 1024));
  verb->add_option("--cache", r.folders.cache, "where compiled objects are kept");
  verb->add_option("-o,--out", r.out, "folder for results.json, report.html and the journal");
  verb->add_flag("--json", line.json, "the results document on stdout; of tune: a line an event");
  verb->add_flag("--quiet,-q", line.quiet, "no progress on stderr");
}

void add_run_options(CLI::App* verb, CommandLine& line) {
  Request& r = line.request;
  add_case_options(verb, line);
  add_schedule_options(verb, line);
  verb->add_option("--threads", r.threads, "threads of a kernel")->capture_default_str();
  verb->add_option("--state", r.states, "cache states, one or more of warm, cold-weights, cold")
      ->delimiter(',')
      ->capture_default_str();
}

void add_tune_options(CLI::App* verb, CommandLine& line) {
  add_case_options(verb, line);
  std::string words;
  for (const StrategyKind* kind : strategy_kinds())
    words += (words.empty() ? "" : "; ") + std::string(kind->name) + ": " + kind->help;
  verb->add_option("--strategy", line.tune.strategy, words + ". The first is the default");
  auto* budget = verb->add_option("--budget", line.tune.budget, "trials of each problem")
                     ->check(CLI::Range(1, 1000000))
                     ->capture_default_str();
  verb->add_option("--minutes", line.tune.minutes, "of trials, for all problems together")
      ->check(CLI::PositiveNumber)
      ->excludes(budget);
  verb->add_option("--against-itself", line.tune.against_itself,
                   "instead: compare the start with itself so often; how often does it \"win\"?")
      ->check(CLI::Range(1, 10000));
  verb->add_option(
      "--replay", line.spaces,
      "instead: compare the strategies on spaces that were measured whole; files, such "
      "as the results.json of bench --sweep");
  verb->add_flag("--quick", line.request.quick, "fewer samples: for a look");
  verb->add_flag("--keep", line.tune.keep, "put winners among the tuned schedules")
      ->excludes("--against-itself");
  add_tuned_option(verb, line, "where --keep puts them");
}

void add_emit_options(CLI::App* verb, CommandLine& line) {
  Request& r = line.request;
  verb->add_option("problem", r.what, "a problem in quotes")->required()->expected(1);
  add_target_option(verb, line);
  add_schedule_options(verb, line);
  verb->add_option("--name", line.name, "of the C function")->capture_default_str();
  verb->add_option("--seed", r.seed, "of the example's values")->capture_default_str();
  verb->add_option("--cache", r.folders.cache, "where compiled objects are kept");
  verb->add_option("-o,--out", r.out, "a new folder, for all of it");
  verb->add_flag("--quiet,-q", line.quiet, "no progress on stderr");
}

void add_verbs(CLI::App& app, CommandLine& line) {
  auto* list = app.add_subcommand("list", "targets, suites, ops, steps, activations");
  list->add_option("topic", line.topic, "targets | suites | ops | steps | activations")->required();
  list->add_flag("--json", line.json, "as JSON");

  auto* show =
      app.add_subcommand("show", "a problem's counts, algorithm, schedule, loop nest, ...");
  show->add_option("what", line.request.what, "a problem in quotes, a suite or a target")
      ->required()
      ->expected(1);
  show->add_option("--part", line.parts,
                   "counts, algorithm, schedule, nest, stmt, assembly (repeatable)");
  add_target_option(show, line);
  add_schedule_options(show, line);
  show->add_option("--cache", line.request.folders.cache, "where compiled objects are kept");
  show->add_flag("--json", line.json, "as JSON");

  auto* check =
      app.add_subcommand("check", "is every kernel right? Against plain loops, fenced in");
  add_run_options(check, line);
  check->add_flag("--sweep", line.sweep,
                  "every value of every knob and seeded pairs; alone: on tiny odd shapes");

  auto* bench = app.add_subcommand("bench", "check, then time");
  add_run_options(bench, line);
  bench->add_flag("--sweep", line.sweep, "every point of the recipe's space");
  bench->add_flag("--quick", line.request.quick, "fewer samples: for a look, not for publishing");
  bench
      ->add_option("--against", line.request.against,
                   "rivals timed beside each case: mullapudi2016, adams2019, li2018; recipe; of a "
                   "chain root, fused, apart")
      ->delimiter(',');
  bench->add_flag("--goals", line.goals, "percent of peak per kernel class beside the goals");

  auto* tune = app.add_subcommand("tune", "search each problem's schedules for the fastest");
  add_tune_options(tune, line);

  auto* emit = app.add_subcommand("emit", "a kernel to take home: object, C header, an example");
  add_emit_options(emit, line);

  auto* publish = app.add_subcommand("publish", "one page from the results of one or more runs");
  publish->add_option("run", line.runs, "results.json files, or folders that hold one")->required();
  publish->add_option("-o,--out", line.request.out, "folder for the page");
}

int dispatch(const CLI::App& app, CommandLine& line) {
  const std::string verb = app.get_subcommands().front()->get_name();
  if (verb == "list") return print(list(line.topic, line.request.folders, line.json)), 0;
  if (verb == "show") return print(show(line.request, line.parts, line.json)), 0;
  if (verb == "publish") return publish(line);
  if (verb == "tune") return tune_verb(line);
  if (verb == "emit") return emit_verb(line);
  return run_verb(verb == "check" ? Verb::check : Verb::bench, line);
}

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() || near == word ? "" : ". Did you mean '" + near + "'?";
}

/// What is wrong with the command line, in one line, with the nearest word that would be right.
std::string explain(const CLI::App& app, const CLI::ParseError& e, int argc, char** argv) {
  std::vector<std::string> known;
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) {
    for (const auto* verb : app.get_subcommands({})) known.push_back(verb->get_name());
    const std::string allowed = "allowed are list, show, check, bench, tune, emit, publish";
    if (argc < 2) return "no command; " + allowed;
    return "'" + std::string(argv[1]) + "' is no command; " + allowed + suggestion(argv[1], known);
  }
  for (const auto* option : chosen.front()->get_options())
    for (const auto& name : option->get_lnames()) known.push_back("--" + name);
  std::string text = e.what();
  for (char& c : text)
    if (c == '\n') c = ' ';
  for (int i = 2; i < argc; i++) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    if (text.find(word) != text.npos) text += suggestion(word, known);
  }
  return text;
}

int run_command_line(int argc, char** argv) {
  CommandLine line;
  const std::string root = HALCYON_ROOT;
  line.request.folders = {root, root + "/schedules/targets", root + "/suites/micro", "",
                          root + "/schedules/tuned"};
  line.request.command = quoted_command(argc, argv);
  CLI::App app(
      "Halcyon: how fast can this layer run on this target, which schedule gets it there, "
      "and can the number be trusted?",
      "halcyon");
  app.set_version_flag("--version", toolchain().version);
  app.require_subcommand(1);
  add_verbs(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    throw usage_error(explain(app, e, argc, argv));
  }
  catch_interrupts();
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit then fails the write, which says so (exit 4)
  return dispatch(app, line);
}

}  // namespace
}  // namespace halcyon

int main(int argc, char** argv) {
  using halcyon::Exit;
  try {
    return halcyon::run_command_line(argc, argv);
  } catch (const halcyon::Error& e) {
    std::fprintf(stderr, "halcyon: %s\n", e.what());
    return static_cast<int>(e.code);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "halcyon: internal error: %s\n", e.what());
    return static_cast<int>(Exit::internal);
  }
}
