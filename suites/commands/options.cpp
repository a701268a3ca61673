#include "suites/commands/options.h"

#include <algorithm>
#include <filesystem>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "results/exports/export.h"
#include "results/record/peer_record.h"
#include "suites/commands/number_option.h"
#include "suites/request/name_space.h"
#include "suites/request/point.h"

namespace halcyon {
namespace {

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() || near == word ? "" : ". Did you mean '" + near + "'?";
}

/// "288" or "300x200": height and width.
void read_resolution(const std::string& text, NetworkOptions& network) {
  const std::size_t x = text.find('x');
  const auto side = [](const std::string& digits) {
    return static_cast<int>(whole_number("--resolution", digits));
  };
  network.height = side(text.substr(0, x));
  network.width = x == text.npos ? network.height : side(text.substr(x + 1));
}

std::vector<CacheState> states_from_text(const std::vector<std::string>& words) {
  std::vector<CacheState> states;
  for (const std::string& word : words) {
    const auto state = std::find(std::begin(kCacheStates), std::end(kCacheStates), word);
    if (state == std::end(kCacheStates))
      throw usage_error("--state '" + word + "': allowed are warm, cold-weights, cold");
    if (std::count(words.begin(), words.end(), word) > 1)
      throw usage_error("--state names '" + word + "' twice");
    states.push_back(static_cast<CacheState>(state - std::begin(kCacheStates)));
  }
  return states;
}

std::vector<DType> dtypes_from_text(const std::vector<std::string>& words) {
  std::vector<DType> dtypes;
  for (const std::string& word : words) {
    DType dtype{};
    if (!problem_dtype_from_text(word, &dtype))
      throw usage_error("--dtype '" + word + "': allowed are " + joined(problem_dtype_words()));
    if (std::count(words.begin(), words.end(), word) > 1)
      throw usage_error("--dtype names '" + word + "' twice");
    dtypes.push_back(dtype);
  }
  return dtypes;
}

/// The commands that take an option.
std::vector<std::string> commands_with(const CLI::App& app, const std::string& option) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({}))
    if (option.starts_with("--") && command->get_option_no_throw(option))
      names.push_back(command->get_name());
  return names;
}

}  // namespace

void add_input_options(CLI::App& command, Request& r) {
  add_number(command, "--batch", r.network.batch, "images at once, of a network")
      ->default_str(std::to_string(r.network.batch));
  add_number_option(command, "--resolution",
                    "of a network's input: SIDE or HEIGHTxWIDTH; by default as its file says",
                    [&r](const std::string& text) { read_resolution(text, r.network); });
}

void add_network_options(CLI::App& command, Request& r) {
  add_input_options(command, r);
  command
      .add_option_function<std::string>(
          "--cut",
          [&r](const std::string& word) {
            Cut cut = Cut::ops;
            if (word != "tuned" && !cut_from_text(word, &cut))
              throw usage_error("--cut '" + word + "': allowed are tuned, ops, blocks");
            if (word == "tuned")
              r.cut.reset();
            else
              r.cut = cut;
          },
          "which ops of a network share a problem: tuned, as is kept for it, else ops; ops, each "
          "by "
          "itself; blocks")
      ->default_str("tuned");
}

void add_target_option(CLI::App& command, Request& r) {
  command.add_option("--target,-t", r.target, "host, a name (list targets), or a .json file")
      ->capture_default_str();
}

CLI::Option* add_tuned_option(CLI::App& command, Request& r, const std::string& help) {
  return command.add_option("--tuned", r.folders.tuned, help + "; by default schedules/tuned");
}

void add_seed_option(CLI::App& command, Request& r, const std::string& of) {
  add_number(command, "--seed", r.seed, of)->default_str(std::to_string(r.seed));
}

void add_cache_option(CLI::App& command, Request& r) {
  command.add_option("--cache", r.folders.cache, "where compiled objects are kept");
}

void add_json_option(CLI::App& command, Speech& speech) {
  command.add_flag("--json", speech.json, "as JSON");
}

void add_quiet_option(CLI::App& command, Speech& speech) {
  command.add_flag("--quiet,-q", speech.quiet, "no progress on stderr");
}

void add_source_options(CLI::App& command, Request& r) {
  command
      .add_option_function<std::string>(
          "--source", [&r](const std::string& word) { r.source = source_from_text(word); },
          "who makes the schedule: tuned (where there is one, else recipe), recipe, mullapudi2016, "
          "adams2019, li2018; these three also as NAME+llvm_loop_opt, NAME+no_llvm_loop_opt (bench "
          "tries both)")
      ->default_str(to_text(r.source));
  command
      .add_option_function<std::string>(
          "--search", [&r](const std::string& word) { r.full_search = word == "full"; },
          "how far adams2019 searches: greedy, full (its stock beam, in 60 s and 2 GB)")
      ->check(CLI::IsMember({"greedy", "full"}));
  add_tuned_option(command, r, "where tuned schedules are looked for")
      ->each([](const std::string& folder) {
        if (!folder.empty() && !std::filesystem::is_directory(folder))
          throw usage_error("--tuned '" + folder + "' is no folder");
      });
}

void add_schedule_options(CLI::App& command, Request& r) {
  command.add_option("--schedule", r.schedule_file, "steps from this file instead of the recipe's");
  command.add_option_function<std::string>(
      "--point", [&r](const std::string& text) { r.point = point_from_text(text); },
      "the recipe's point to use: \"tile_c=16 ...\", every knob");
  add_source_options(command, r);
}

void add_dtype_option(CLI::App& command, Request& r, const std::string& of, int most) {
  command
      .add_option_function<std::vector<std::string>>(
          "--dtype",
          [&r](const std::vector<std::string>& words) { r.dtypes = dtypes_from_text(words); },
          of + " of " + joined(problem_dtype_words()))
      ->expected(1, most)
      ->delimiter(',');
}

void add_case_options(CLI::App& command, Request& r, Speech& speech) {
  command.add_option("what", r.what,
                     "suites (list suites), networks (list networks), files of them, or problems "
                     "in quotes");
  add_network_options(command, r);
  add_target_option(command, r);
  command.add_option("--filter", r.filter, "only cases whose id or problem matches this regex");
  add_dtype_option(command, r,
                   "each case and network in one or more; by default as its line or file says;", 4);
  add_number(command, "--threads", r.threads, "threads of a kernel, on a core each")
      ->default_str(std::to_string(r.threads));
  add_seed_option(command, r, "of data, orders, pairs and searches");
  add_number(command, "--jobs,-j", r.jobs, "compilers at once; by default one per core");
  add_cache_option(command, r);
  command.add_option("-o,--out", r.out, "folder for results.json, report.html and the journal");
  command.add_flag("--json", speech.json,
                   "the results document on stdout; of tune: a line an event");
  add_quiet_option(command, speech);
}

void add_format_option(CLI::App& command, std::vector<std::string>& formats) {
  std::string help = "also, beside the results:";
  for (const Export* e : exports())
    help += std::string(e == exports().front() ? " " : "; ") + e->name + ", " + e->help + ": " +
            e->file;
  command.add_option("--format,--export", formats, help)->delimiter(',');
}

void add_timing_options(CLI::App& command, Request& r) {
  add_number(command, "--cpu", r.cpu, "core to pin to; by default the least disturbed one");
  command.add_flag("--quick", r.quick, "fewer samples: for a look, not for publishing");
}

void add_list_options(CLI::App& command, std::string& topic, Speech& speech) {
  command.add_option("topic", topic, "targets | suites | networks | ops | steps | activations")
      ->required();
  add_json_option(command, speech);
}

void add_show_options(CLI::App& command, Request& r, std::vector<std::string>& parts,
                      Speech& speech) {
  command.add_option("what", r.what, "a problem in quotes, a network, a suite or a target")
      ->required()
      ->expected(1);
  command.add_option(
      "--part", parts,
      "of a problem: counts, algorithm, schedule, nest, stmt, assembly; of a network: "
      "counts, layers, shapes, thop, plan (repeatable)");
  add_network_options(command, r);
  add_target_option(command, r);
  add_schedule_options(command, r);
  add_cache_option(command, r);
  add_json_option(command, speech);
}

void add_check_options(CLI::App& command, Request& r, Speech& speech) {
  add_case_options(command, r, speech);
  add_schedule_options(command, r);
  command.add_flag_callback(
      "--sweep", [&r] { r.sweep = Sweep::knobs; },
      "every value of every knob and seeded pairs; alone: on tiny odd shapes");
}

void add_bench_options(CLI::App& command, Request& r, Speech& speech, RunExtras& extras) {
  add_case_options(command, r, speech);
  add_schedule_options(command, r);
  add_timing_options(command, r);
  command
      .add_option_function<std::vector<std::string>>(
          "--state",
          [&r](const std::vector<std::string>& words) { r.states = states_from_text(words); },
          "cache states, one or more of warm, cold-weights, cold")
      ->delimiter(',')
      ->default_str("warm");
  command.add_flag_callback(
      "--sweep", [&r] { r.sweep = Sweep::all; }, "every point of the recipe's space");
  command
      .add_option_function<std::vector<std::string>>(
          "--against",
          [&r](const std::vector<std::string>& words) { r.against = rivals_from_text(words); },
          "rivals timed beside each case: mullapudi2016, adams2019, li2018; recipe; of a "
          "chain root, fused, apart")
      ->delimiter(',');
  command.add_option("--against-build", extras.against_build,
                     "another state of the project, in turns with this one: its program, a "
                     "checkout that was built, or a commit, which is built");
  add_number(command, "--rounds", extras.turns.rounds, "of --against-build: turns of each");
  command.add_flag("--peers", r.peers,
                   "other systems timed beside each network and case (`make peers` installs them)");
  command
      .add_option_function<std::string>(
          "--peer-dtype",
          [&r](const std::string& word) {
            const std::vector<std::string> words(std::begin(kPeerDTypes), std::end(kPeerDTypes));
            if (std::find(words.begin(), words.end(), word) == words.end())
              throw usage_error("--peer-dtype '" + word + "': allowed are " + joined(words));
            r.peer_dtype = word;
          },
          "of a network's --peers: what they compute in, each as its own tools have it; ours "
          "is as --dtype says: f32, bf16, i8")
      ->default_str(r.peer_dtype);
  command.add_flag("--layers", r.layers, "of a network: its distinct problems by themselves, too");
  command.add_flag_callback(
      "--explain",
      [&command, &r, &extras] {
        extras.explain = r.layers = true;
        if (command.count("--state") == 0) r.states = {CacheState::cold_weights};
      },
      "of a network: where its time goes; --layers in state cold-weights is part of it");
  command.add_option("--bundle", r.bundle,
                     "a folder for the program and its data: Google Benchmark's, to be run by "
                     "hand, here or on a board");
  add_format_option(command, extras.formats);
  command.add_flag("--goals", extras.goals, "percent of peak per kernel class beside the goals");
}

void add_once_options(CLI::App& command, Request& r, RunFiles& files, Speech& speech) {
  command.add_option("network", r.what, "its name, or a .json or .onnx file")
      ->required()
      ->expected(1);
  command.add_option("--input", files.input, ".npy, float32, NCHW")->required();
  command.add_option("--output", files.outputs, ".npy; one for each output")->required();
  command.add_option("--calls", files.calls,
                     "folder for what every call gives: a .npy each, and calls.json says which");
  add_seed_option(command, r, "of weights that the network has no file for");
  add_dtype_option(command, r, "what it computes in, one", 1);
  add_network_options(command, r);
  add_target_option(command, r);
  add_source_options(command, r);
  add_cache_option(command, r);
  add_quiet_option(command, speech);
}

void add_emit_options(CLI::App& command, Request& r, std::string& name, Speech& speech) {
  command.add_option("problem", r.what, "a problem in quotes")->required()->expected(1);
  add_target_option(command, r);
  add_schedule_options(command, r);
  command.add_option("--name", name, "of the C function")->capture_default_str();
  add_seed_option(command, r, "of the example's values");
  add_cache_option(command, r);
  command.add_option("-o,--out", r.out, "a new folder, for all of it");
  add_quiet_option(command, speech);
}

void add_export_options(CLI::App& command, Request& r, Speech& speech) {
  command.add_option("network", r.what, "a network, or a .json or .onnx file of one")
      ->required()
      ->expected(1);
  add_input_options(command, r);
  add_seed_option(command, r, "of weights that no file gives");
  command.add_option("-o,--out", r.out, "the .onnx file");
  add_quiet_option(command, speech);
}

void add_quantize_options(CLI::App& command, Request& r, Speech& speech) {
  add_export_options(command, r, speech);
  command.add_option("--calibrate", r.calibrate,
                     "folder of .npy, float32, NCHW: what ranges are taken from; by default seeded "
                     "N(0, 1)");
  command
      .add_option_function<std::string>(
          "--method",
          [&r](const std::string& word) {
            std::vector<std::string> words;
            for (const RangeMethod method : range_methods()) words.emplace_back(to_text(method));
            if (!range_method_from_text(word, &r.range_method))
              throw usage_error("--method '" + word + "': allowed are " + joined(words));
          },
          "which range of a tensor its 256 steps cover: minmax, percentile (all but the outermost "
          "hundredth of a percent), mse (that which loses least)")
      ->default_str(std::string(to_text(r.range_method)));
}

void add_publish_options(CLI::App& command, std::vector<std::string>& runs,
                         std::vector<std::string>& formats, Request& r) {
  command.add_option("run", runs, "results.json files, or folders that hold one")->required();
  command.add_option("-o,--out", r.out, "folder for the page");
  add_format_option(command, formats);
}

Given given_options(const CLI::App& command) {
  Given given{command.get_name(), {}};
  for (const CLI::Option* option : command.get_options())
    if (option->count() > 0 && !option->get_lnames().empty())
      given.options.push_back("--" + option->get_lnames().front());
  return given;
}

std::vector<std::string> given_words(const CLI::App& command, const std::vector<std::string>& but) {
  std::vector<std::string> words;
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0) continue;
    const bool named = !option->get_lnames().empty();
    const std::string name = named ? "--" + option->get_lnames().front() : "";
    if (std::find(but.begin(), but.end(), name) != but.end()) continue;
    if (option->get_items_expected_max() == 0)
      words.push_back(name);
    else
      for (const std::string& value : option->results())
        words.push_back(named ? name + "=" + value : value);
  }
  return words;
}

std::string explain(const CLI::App& app, const CLI::ParseError& e, int argc, char** argv) {
  std::vector<std::string> known;
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) {
    for (const auto* command : app.get_subcommands({})) known.push_back(command->get_name());
    const std::string allowed = "allowed are " + joined(known);
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
    if (is_shape(word)) return without_quotes(word);
    if (text.find(word) == text.npos) continue;
    const std::vector<std::string> others = commands_with(app, word);
    if (!others.empty() && std::find(known.begin(), known.end(), word) == known.end())
      return chosen.front()->get_name() + " takes no " + word + ", which is of " + joined(others);
    text += suggestion(word, known);
  }
  return text;
}

}  // namespace halcyon
