#include "suites/commands/folder_claim.h"

#include <filesystem>
#include <map>
#include <set>

#include "kernels/error.h"
#include "results/document/journal_document.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "halcyon ";

/// Of every command, how it speaks and where it puts things; of a tuning, how far it goes: its
/// journal takes more of the same.
bool decides(const std::string& verb, const std::string& option) {
  static const std::set<std::string> never = {"--quiet", "--json", "--format", "--out",
                                              "--cache", "--jobs", "--goals"};
  static const std::set<std::string> not_of_tune = {"--budget",     "--minutes",  "--keep",
                                                    "--in-network", "--strategy", "--against"};
  return never.count(option) == 0 && (verb != "tune" || not_of_tune.count(option) == 0);
}

Error belongs_to_another(const std::string& folder, const std::string& what) {
  return usage_error(folder + ": holds " + what + ", which stays; name another folder with -o");
}

}  // namespace

std::string identity_of(const std::string& command, CLI::App& app) {
  if (!command.starts_with(kProgram)) return command;
  try {
    app.parse(command.substr(std::string(kProgram).size()));
  } catch (const std::exception&) {
    return command;
  }
  const CLI::App& verb = *app.get_subcommands().front();
  std::map<std::string, std::string> said;
  for (const CLI::Option* option : verb.get_options())
    if (option->count() > 0 && decides(verb.get_name(), option->get_name()))
      for (const std::string& value : option->results()) said[option->get_name()] += "\n" + value;
  std::string text = verb.get_name();
  for (const auto& [option, values] : said) text.append("\n").append(option).append(values);
  return text;
}

void claim_folder(Request& request, const Identity& identity, Progress& progress) {
  if (request.out.empty()) return;
  const auto found = run_in_folder(request.out);
  if (!found) {
    if (fs::exists(request.out + "/index.html"))
      throw belongs_to_another(request.out, "a page that `halcyon publish` made");
    return;
  }
  if (identity(found->command) != identity(request.command))
    throw belongs_to_another(request.out, "what `" + found->command + "` made");
  request.unfinished = found->unfinished;
  if (found->unfinished.empty())
    progress.say(request.out + ": replacing run " + found->run + " of the same command");
}

std::string own_folder(const std::string& folder, const std::string& command,
                       const Identity& identity) {
  for (int n = 1;; n++) {
    const std::string name = n == 1 ? folder : folder + "-" + std::to_string(n);
    const auto found = run_in_folder(name);
    if (!found || identity(found->command) == identity(command)) return name;
  }
}

void claim_page_folder(const std::string& folder) {
  const auto has = [&](const char* file) { return fs::exists(folder + "/" + file); };
  if (has("journal.jsonl") || (has("results.json") && !has("index.html")))
    throw belongs_to_another(folder, "a run, of which this would be a page");
}

}  // namespace halcyon
