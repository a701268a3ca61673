#include "suites/options.h"

#include <algorithm>
#include <charconv>

#include "kernels/error.h"
#include "kernels/op_field.h"
#include "kernels/strict_json.h"

namespace halcyon {
namespace {

std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest(word, known);
  return near.empty() || near == word ? "" : ". Did you mean '" + near + "'?";
}

/// "288" or "300x200": height and width.
void read_resolution(const std::string& text, NetworkOptions& network) {
  int height = 0, width = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, height);
  auto last = first;
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == 'x')
    last = std::from_chars(first.ptr + 1, end, width);
  else
    width = height;
  if (first.ec != std::errc() || last.ec != std::errc() || last.ptr != end ||
      std::min(height, width) < 1 || std::max(height, width) > kLargestSide)
    throw CLI::ValidationError(
        "--resolution",
        "found '" + text + "', allowed SIDE or HEIGHTxWIDTH, 1 to " + std::to_string(kLargestSide));
  network.height = height;
  network.width = width;
}

}  // namespace

void add_network_options(CLI::App& command, Request& r) {
  command.add_option("--batch", r.network.batch, "images at once, of a network")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command.add_option_function<std::string>(
      "--resolution", [&r](const std::string& text) { read_resolution(text, r.network); },
      "of a network's input: SIDE or HEIGHTxWIDTH; by default as its file says");
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

void add_tuned_option(CLI::App& command, Request& r, const std::string& help) {
  command.add_option("--tuned", r.folders.tuned, help + "; by default schedules/tuned");
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

void add_schedule_options(CLI::App& command, Request& r) {
  command.add_option("--schedule", r.schedule_file, "steps from this file instead of the recipe's");
  command
      .add_option(
          "--source", r.source,
          "who makes the schedule: tuned (where there is one, else recipe), recipe, mullapudi2016, "
          "adams2019, li2018; these three also as NAME+llvm_loop_opt, NAME+no_llvm_loop_opt (bench "
          "tries both)")
      ->capture_default_str();
  command
      .add_option_function<std::string>(
          "--search", [&r](const std::string& word) { r.full_search = word == "full"; },
          "how far adams2019 searches: greedy, full (its stock beam, in 60 s and 2 GB)")
      ->check(CLI::IsMember({"greedy", "full"}));
  command.add_option("--point", r.point,
                     "the recipe's point to use: \"tile_c=16 ...\", every knob");
  add_tuned_option(command, r, "where tuned schedules are looked for");
}

void add_case_options(CLI::App& command, Request& r, Speech& speech) {
  command.add_option("what", r.what,
                     "suites (list suites), networks (list networks), files of them, or problems "
                     "in quotes");
  add_network_options(command, r);
  add_target_option(command, r);
  command.add_option("--filter", r.filter, "only cases whose id or problem matches this regex");
  command.add_option("--cpu", r.cpu, "core to pin to; by default the least disturbed one")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--threads", r.threads, "threads of a kernel, on a core each")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command.add_option("--seed", r.seed, "of data, orders, pairs and searches")
      ->capture_default_str();
  command.add_option("--jobs,-j", r.jobs, "compilers at once; by default one per core")
      ->check(CLI::Range(1, 1024));
  add_cache_option(command, r);
  command.add_option("-o,--out", r.out, "folder for results.json, report.html and the journal");
  command.add_flag("--json", speech.json,
                   "the results document on stdout; of tune: a line an event");
  add_quiet_option(command, speech);
}

void add_run_options(CLI::App& command, Request& r, Speech& speech) {
  add_case_options(command, r, speech);
  add_schedule_options(command, r);
  command.add_option("--state", r.states, "cache states, one or more of warm, cold-weights, cold")
      ->delimiter(',')
      ->capture_default_str();
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
    if (text.find(word) != text.npos) text += suggestion(word, known);
  }
  return text;
}

}  // namespace halcyon
