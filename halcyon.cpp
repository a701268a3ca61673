// The command line: words in, exit code out. What the verbs do is in suites/ and results/.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "autotune/options.h"
#include "autotune/replay.h"
#include "autotune/tune.h"
#include "kernels/error.h"
#include "kernels/interrupt.h"
#include "results/document/document.h"
#include "results/document/journal_document.h"
#include "results/exports/export.h"
#include "results/figures/replayed.h"
#include "results/files/atomic_file.h"
#include "results/page/page.h"
#include "results/page/replay.h"
#include "results/table/replay.h"
#include "results/table/table.h"
#include "results/text/json_text.h"
#include "suites/cases/goals.h"
#include "suites/commands/compare.h"
#include "suites/commands/folder_claim.h"
#include "suites/commands/help.h"
#include "suites/commands/list.h"
#include "suites/commands/options.h"
#include "suites/commands/reference.h"
#include "suites/commands/show.h"
#include "suites/commands/verify.h"
#include "suites/networks/input_files.h"
#include "suites/networks/network.h"
#include "suites/onnx/writing/export.h"
#include "suites/quantise/quantise.h"
#include "suites/request/run_plan.h"
#include "suites/runs/run.h"
#include "suites/runs/run_once.h"
#include "suites/take_home/take_home.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// Everything the command line can say, with its defaults.
struct CommandLine {
  Request request;
  Given given;  // of all this, what was said
  Speech speech;
  RunExtras extras;                     // bench
  TuneOptions tune;                     // tune
  RunFiles files;                       // run
  std::string topic;                    // list, help
  bool markdown = false;                // help
  std::vector<std::string> parts;       // show
  std::vector<std::string> runs;        // publish
  std::vector<std::string> formats;     // publish
  std::vector<std::string> spaces;      // tune --replay
  std::string name = "halcyon_kernel";  // emit
  VerifyAsk verify;
  CompareAsk compare;
};

/// Of the terminal, where it is one.
int columns_of_stdout(int otherwise) {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : otherwise;
}
bool colour() { return isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR"); }

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) == 0) return;
  if (errno == EPIPE) interrupted_by = interrupted_by ? interrupted_by : SIGPIPE;
  throw_if_interrupted();
  throw Error(Exit::environment, std::string("stdout: cannot be written: ") + std::strerror(errno));
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
  return line.speech.quiet ? Progress::Style::silent : Progress::style_of_stderr();
}

std::string identity(const std::string& command);  // of all commands

/// `text`: canonical_text() of the document.
void write_results(const Document& document, const std::string& text, const std::string& out,
                   Progress& progress, const std::vector<std::string>& formats = {}) {
  write_file_atomically(out + "/results.json", text);
  write_file_atomically(out + "/report.html", page({document}));
  std::string more = fs::exists(out + "/journal.jsonl") ? ", journal.jsonl" : "";
  for (const std::string& name : formats) {
    const Export& e = export_named(name);
    const std::string why_not = e.why_not({document});
    if (why_not.empty())
      more += write_exports({&e}, {document}, out);
    else
      progress.say(std::string("no ") + e.file + ": " + why_not);
  }
  progress.say("wrote " + out + "/results.json, report.html" + more);
}

/// The door: behind it all that is asked for is known, and known to make sense.
RunPlan resolved(CommandLine& line) {
  Request& request = line.request;
  const std::string& verb = line.given.verb;
  if (request.what.empty() && request.sweep != Sweep::start) request.what = {"tiny"};
  if (request.what.empty())
    throw usage_error("nothing to " + verb +
                      ": name a suite (halcyon list suites) or give a problem in quotes");
  RunPlan plan = verb == "show" ? plan_to_show(request) : run_plan(request);
  refuse_ignored(line.given, plan);
  return plan;
}

int list_verb(CommandLine& line) {
  print(list(line.topic, line.request.folders, line.speech.json));
  return 0;
}

int show_verb(CommandLine& line) {
  print(show(resolved(line), line.parts, line.speech.json));
  return 0;
}

int run_verb(Verb verb, CommandLine& line) {
  RunPlan plan = resolved(line);
  Request& request = plan.request;
  RunExtras& extras = line.extras;
  for (const std::string& name : extras.formats) export_named(name);  // is one
  Progress progress(style_of(line));
  claim_folder(request, identity, progress);
  std::optional<Error> failed;
  extras.turns.command = request.command;
  if (!extras.against_build.empty() && !request.out.empty()) make_folder(request.out);
  Document document =
      extras.against_build.empty()
          ? run(verb, plan, progress, &failed)
          : take_turns(extras.turns, other_build(extras.against_build, request.folders, progress),
                       progress);
  const std::string goals_file = request.folders.root + "/suites/goals.json";
  if (auto goals = goals_reached(document, read_count_goals(goals_file)); !goals.empty())
    document.goals = goals;
  const bool wants_text = line.speech.json || !request.out.empty();
  const std::string text = wants_text ? canonical_text(document) : "";
  if (!request.out.empty()) write_results(document, text, request.out, progress, extras.formats);
  progress.clear();
  const Viewer viewer{columns_of_stdout(120), colour(), line.extras.explain};  // 120: of logs
  print(line.speech.json ? text : tables_text(document, viewer));
  if (line.extras.goals) print(goals_table(document, read_goals(goals_file)));
  if (failed) throw *failed;
  return static_cast<int>(exit_of(document));
}

int check_verb(CommandLine& line) { return run_verb(Verb::check, line); }
int bench_verb(CommandLine& line) { return run_verb(Verb::bench, line); }

int replay_verb(const CommandLine& line) {
  if (!line.request.what.empty())
    throw usage_error("--replay takes files in place of problems, such as '" +
                      line.request.what.front() + "'");
  std::vector<MeasuredSpace> spaces;
  for (const std::string& path : line.spaces)
    for (const MeasuredSpace& m : read_measured_spaces(path)) spaces.push_back(m);
  if (!line.request.out.empty()) {
    claim_page_folder(line.request.out);
    write_measured_spaces(spaces, line.request.out);
  }
  Progress progress(style_of(line));
  progress.begin("replaying", spaces.size());
  std::vector<ReplayedSpace> replayed;
  for (const MeasuredSpace& m : spaces) {
    replayed.push_back(replay_strategies(m));
    progress.step(m.problem);
  }
  if (!line.request.out.empty()) {
    write_file_atomically(line.request.out + "/report.html",
                          replay_page(replayed, line.request.command, toolchain()));
    progress.say("wrote " + line.request.out + "/report.html and a file of each space");
  }
  progress.clear();
  print(line.speech.json ? indented_text(replay_json(replayed)) : replay_table(replayed));
  return 0;
}

int tune_verb(CommandLine& line) {
  if (!line.spaces.empty()) return replay_verb(line);
  RunPlan plan = resolved(line);
  Progress progress(style_of(line));
  if (line.tune.against_itself > 0) {
    const std::string text = to_text(tune_against_itself(plan, line.tune.against_itself, progress));
    progress.clear();
    print(text);
    return 0;
  }
  std::string& out = plan.request.out;
  if (out.empty()) {
    const std::string usual = "out/tune";
    out = own_folder(usual, plan.request.command, identity);
    if (out != usual) progress.say(usual + " is another tuning's: this one goes into " + out);
  }
  claim_folder(plan.request, identity, progress);
  Narrator::Events events;
  if (line.speech.json)
    events = [&progress](const nlohmann::json& e) {
      progress.clear();
      print(compact_text(e) + "\n");
    };
  const Tuning tuning = tune(plan, line.tune, progress, events);
  write_results(tuning.document, canonical_text(tuning.document), out, progress);
  progress.clear();
  if (!line.speech.json) {
    print(tuning_table(tuning));
    for (const InNetwork& network : tuning.networks) print("\n" + in_network_table(network));
  }
  if (tuning.failed) throw *tuning.failed;
  return static_cast<int>(exit_of(tuning));
}

int once_verb(CommandLine& line) {
  Progress progress(style_of(line));
  run_once(resolved(line), line.files, progress);
  return 0;
}

int emit_verb(CommandLine& line) {
  Progress progress(style_of(line));
  take_home(resolved(line), line.name, progress);
  return 0;
}

int export_verb(CommandLine& line) {
  const Request r = resolved(line).request;
  if (r.out.empty()) throw usage_error("export: -o FILE.onnx says where the model goes");
  Graph graph = find_network(r.what.front(), r.folders.networks, r.network);
  seed_parameters(graph, r.seed);
  write_onnx(graph, r.out);
  if (!line.speech.quiet) std::fprintf(stderr, "wrote %s\n", r.out.c_str());
  return 0;
}

int quantize_verb(CommandLine& line) {
  const Request r = resolved(line).request;
  if (r.out.empty()) throw usage_error("quantize: -o FILE.onnx says where the model goes");
  Graph graph = find_network(r.what.front(), r.folders.networks, r.network);
  if (is_rounded(graph))
    throw usage_error(r.what.front() + ": is in " + std::string(to_text(dtype_of(graph))) +
                      "; allowed: a network in f32");
  seed_parameters(graph, r.seed);
  write_onnx(in_i8(graph, calibration_of(r, graph)), r.out);
  if (!line.speech.quiet) std::fprintf(stderr, "wrote %s\n", r.out.c_str());
  return 0;
}

int publish_verb(CommandLine& line) {
  if (line.request.out.empty()) throw usage_error("publish: -o DIR says where the page goes");
  std::vector<Document> documents;
  for (const auto& run : line.runs) documents.push_back(read_run(run));
  refuse_twice(documents, line.runs);
  const std::vector<const Export*> wanted = exports_named(line.formats, documents);
  claim_page_folder(line.request.out);
  make_folder(line.request.out);
  for (const auto& d : documents)
    write_file_atomically(
        line.request.out +
            (documents.size() == 1 ? "/results.json" : "/results-" + d.run + ".json"),
        canonical_text(d));
  write_file_atomically(line.request.out + "/index.html", page(documents));
  const std::string wrote =
      line.request.out + "/index.html" + write_exports(wanted, documents, line.request.out);
  std::fprintf(stderr, "wrote %s\n", wrote.c_str());
  return 0;
}

int verify_verb(CommandLine& line) {
  Progress progress(style_of(line));
  const std::vector<VerifiedFile> files = verify_runs(line.verify, line.request, progress);
  progress.clear();
  print(line.speech.json ? indented_text(verified_json(files)) : verified_text(files));
  return static_cast<int>(exit_of(files));
}

int compare_verb(CommandLine& line) {
  const RunComparison compared = compare(line.compare);
  print(compare_text(compared, line.compare, line.speech, colour()));
  return static_cast<int>(compared.has(Change::regressed) ? Exit::check_failed : Exit::ok);
}

/// One command: what follows it, and what it does.
struct Command {
  const char* name;
  const char* help;
  void (*add_options)(CLI::App&, CommandLine&);
  int (*run)(CommandLine&);  // the exit code
};
constexpr Command kCommands[] = {
    {"list", "targets, suites, networks, ops, steps, activations",
     [](CLI::App& a, CommandLine& l) { add_list_options(a, l.topic, l.speech); }, list_verb},
    {"show", "a problem's counts, algorithm, schedule, loop nest, ...; a network's counts",
     [](CLI::App& a, CommandLine& l) { add_show_options(a, l.request, l.parts, l.speech); },
     show_verb},
    {"check", "is every kernel right? Against plain loops, fenced in",
     [](CLI::App& a, CommandLine& l) { add_check_options(a, l.request, l.speech); }, check_verb},
    {"bench", "check, then time",
     [](CLI::App& a, CommandLine& l) { add_bench_options(a, l.request, l.speech, l.extras); },
     bench_verb},
    {"tune", "search each problem's schedules for the fastest",
     [](CLI::App& a, CommandLine& l) {
       add_tune_options(a, l.request, l.tune, l.spaces, l.speech);
     },
     tune_verb},
    {"run", "a network, once: from a .npy to a .npy",
     [](CLI::App& a, CommandLine& l) { add_once_options(a, l.request, l.files, l.speech); },
     once_verb},
    {"emit", "a kernel to take home: object, C header, an example",
     [](CLI::App& a, CommandLine& l) { add_emit_options(a, l.request, l.name, l.speech); },
     emit_verb},
    {"export", "a network as an ONNX model: unfolded, with its weights",
     [](CLI::App& a, CommandLine& l) { add_export_options(a, l.request, l.speech); }, export_verb},
    {"quantize",
     "a network in 8 bits as an ONNX model: QuantizeLinear and DequantizeLinear around ops",
     [](CLI::App& a, CommandLine& l) { add_quantize_options(a, l.request, l.speech); },
     quantize_verb},
    {"publish", "one page from the results of one or more runs",
     [](CLI::App& a, CommandLine& l) { add_publish_options(a, l.runs, l.formats, l.request); },
     publish_verb},
    {"verify", "is a results file as it was written, and right in itself?",
     [](CLI::App& a, CommandLine& l) { add_verify_options(a, l.verify, l.request, l.speech); },
     verify_verb},
    {"compare", "what became of one run's figures in another",
     [](CLI::App& a, CommandLine& l) { add_compare_options(a, l.compare, l.speech); },
     compare_verb},
};

void add_commands(CLI::App& app, CommandLine& line) {
  app.require_subcommand(1);
  for (const Command& command : kCommands)
    command.add_options(*app.add_subcommand(command.name, command.help), line);
}

std::string identity(const std::string& command) {
  CommandLine line;
  CLI::App app;
  add_commands(app, line);
  return identity_of(command, app);
}

int run_command_line(int argc, char** argv) {
  CommandLine line;
  const std::string root = HALCYON_ROOT;
  line.request.folders = {root, root + "/schedules/targets", root + "/suites/micro",
                          "",   root + "/schedules/tuned",   root + "/suites/networks"};
  line.request.command = quoted_command(argc, argv);
  CLI::App app(
      "Halcyon: how fast can this layer run on this target, which schedule gets it there, "
      "and can the number be trusted?",
      "halcyon");
  app.set_version_flag("--version", toolchain().version);
  add_commands(app, line);
  add_help_command(app, line.topic, line.markdown);
  const auto chosen = [&app] {
    const auto commands = app.get_subcommands();
    return commands.empty() ? std::string() : commands.front()->get_name();
  };
  const auto help = [&app, &line](const std::string& topic) {
    print(line.markdown ? reference_text(app) : help_text(app, topic, columns_of_stdout(80)));
    return 0;
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return help(chosen());
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    throw usage_error(explain(app, e, argc, argv));
  }
  if (chosen() == "help") return help(line.topic);
  const CLI::App& given = *app.get_subcommands().front();
  line.given = given_options(given);
  line.given.parts = line.parts;
  refuse_clashes(line.given);
  line.extras.turns.says_cpu = line.request.cpu >= 0;
  line.extras.turns.words = given_words(
      given, {"--against-build", "--rounds", "--out", "--json", "--quiet", "--goals", "--format"});
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit then fails the write, which says so (exit 4)
  return std::find_if(std::begin(kCommands), std::end(kCommands),
                      [&](const Command& command) { return command.name == chosen(); })
      ->run(line);
}

}  // namespace
}  // namespace halcyon

namespace {

/// How it ended, but for an interrupt.
halcyon::Exit exit_of(int argc, char** argv) {
  using halcyon::Exit;
  try {
    return static_cast<Exit>(halcyon::run_command_line(argc, argv));
  } catch (const halcyon::Interrupted&) {
    return Exit::ok;
  } catch (const halcyon::Error& e) {
    std::fprintf(stderr, "halcyon: %s\n", e.what());
    return e.code;
  } catch (const std::filesystem::filesystem_error& e) {
    std::fprintf(stderr, "halcyon: %s: %s\n", e.path1().c_str(), e.code().message().c_str());
    return Exit::environment;
  } catch (const std::bad_alloc&) {
    std::fputs("halcyon: out of memory\n", stderr);
    return Exit::environment;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "halcyon: internal error: %s\n", e.what());
    return Exit::internal;
  }
}

}  // namespace

int main(int argc, char** argv) {
  halcyon::open_standard_descriptors();
  halcyon::catch_interrupts();
  const int code = static_cast<int>(exit_of(argc, argv));
  return halcyon::interrupted_by ? 128 + halcyon::interrupted_by : code;
}
