#include "suites/commands/verify.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "results/document/journal_document.h"
#include "results/text/format.h"
#include "results/text/plural.h"
#include "results/verify/verify.h"
#include "suites/commands/number_option.h"
#include "suites/protocol/protocol.h"
#include "suites/verify/gate_rules.h"
#include "suites/verify/rebuild.h"
#include "suites/verify/rerun.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

bool is_results(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "results.json" || (name.starts_with("results-") && name.ends_with(".json"));
}

/// The results files of a folder; where it has none, of those in it.
std::vector<std::string> results_in(const fs::path& folder) {
  std::vector<std::string> files, below;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && !entry.is_symlink())
      for (const std::string& file : results_in(entry.path())) below.push_back(file);
    else if (is_results(entry.path()))
      files.push_back(entry.path().string());
  }
  if (files.empty()) files = std::move(below);
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> files_of(const std::string& word) {
  if (!fs::is_directory(word)) return {word};
  std::vector<std::string> files = results_in(word);
  if (files.empty())
    throw data_error(word +
                     ": holds no results.json; of a run that was cut off, which has a journal "
                     "alone, `halcyon publish` writes one");
  return files;
}

/// What the journal of the same run knows otherwise, where it lies beside the file.
void compare_with_journal(const std::string& path, const Document& d, Flaws& found) {
  const std::string journal = (fs::path(path).parent_path() / "journal.jsonl").string();
  if (d.searches || !fs::exists(journal)) return;  // a tuning joins what several trials gave
  try {
    const auto run = last_run(journal);
    if (!run || run->document.run != d.run) return;
    const auto compare = [&](const auto& records, const auto& journaled, const char* list) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        const auto known = std::find_if(journaled.begin(), journaled.end(),
                                        [&](const auto& r) { return r.id == records[i].id; });
        const std::string pointer = "/" + std::string(list) + "/" + std::to_string(i);
        if (known == journaled.end())
          found.push_back({pointer, "is not in " + journal});
        else if (known->samples != records[i].samples || known->outcome != records[i].outcome)
          found.push_back({pointer + "/samples", "are not those in " + journal});
      }
    };
    compare(d.records, run->document.records, "records");
    compare(d.networks, run->document.networks, "networks");
  } catch (const Error& e) {
    found.push_back({"", e.what()});
  }
}

VerifiedFile verify_file(const std::string& path, const VerifyAsk& asked, const Request& request,
                         Progress& progress) {
  const std::vector<DocumentRule> rules = {find_broken_gates,
                                           goals_rule(request.folders.root + "/suites/goals.json")};
  Verified verified = verify_document(read_document_bytes(path), rules);
  VerifiedFile file{path, "", 0, 0, verified.derived, std::move(verified.findings)};
  if (!verified.document) return file;
  const Document& d = *verified.document;
  file.run = d.run;
  file.records = d.records.size();
  file.networks = d.networks.size();
  compare_with_journal(path, d, file.findings);
  const auto add = [&](const Flaws& more) {
    file.findings.insert(file.findings.end(), more.begin(), more.end());
  };
  if (asked.strict) add(why_not_published(d, Protocol().wanted_samples));
  if (asked.rebuild) add(find_other_objects(d, jobs_of(request), progress));
  if (asked.rerun > 0) add(find_other_times(d, asked.rerun, request, progress));
  return file;
}

}  // namespace

void add_verify_options(CLI::App& command, VerifyAsk& asked, Request& r, Speech& speech) {
  command.add_option("run", asked.runs, "results files, or folders that hold some")->required();
  command.add_flag(
      "--strict", asked.strict,
      "also what keeps a run from being published: changed since its commit, cut short, "
      "--quick, a case or network without a figure");
  command.add_flag("--rebuild", asked.rebuild,
                   "compile the objects again and compare their hashes");
  add_number(command, "--rerun", asked.rerun,
             "measure so many cases again, and demand that intervals overlap");
  add_seed_option(command, r, "of the draw of --rerun");
  add_number(command, "--jobs,-j", r.jobs, "compilers at once; by default one per core");
  add_cache_option(command, r);
  command.add_flag("--json", speech.json, "as JSON");
  add_quiet_option(command, speech);
}

std::vector<VerifiedFile> verify_runs(const VerifyAsk& asked, const Request& request,
                                      Progress& progress) {
  std::vector<VerifiedFile> all;
  for (const std::string& word : asked.runs)
    for (const std::string& path : files_of(word))
      all.push_back(verify_file(path, asked, request, progress));
  return all;
}

std::string verified_text(const std::vector<VerifiedFile>& files) {
  std::string text;
  for (const VerifiedFile& file : files) {
    for (const Flaw& f : file.findings) text += printable(file.path + ": " + to_text(f)) + "\n";
    if (file.findings.empty())
      text += printable(file.path + ": as it was written, and right in itself: run " + file.run) +
              ", " + plural(static_cast<std::int64_t>(file.records), "record") + ", " +
              plural(static_cast<std::int64_t>(file.networks), "network") + ", " +
              plural(static_cast<std::int64_t>(file.figures), "figure") + "\n";
  }
  return text;
}

nlohmann::json verified_json(const std::vector<VerifiedFile>& files) {
  nlohmann::json all = nlohmann::json::array();
  for (const VerifiedFile& file : files) {
    nlohmann::json findings = nlohmann::json::array();
    for (const Flaw& f : file.findings) findings.push_back(to_json(f));
    all.push_back({{"path", file.path},
                   {"run", file.run},
                   {"verified", file.findings.empty()},
                   {"records", file.records},
                   {"networks", file.networks},
                   {"figures", file.figures},
                   {"findings", std::move(findings)}});
  }
  return all;
}

Exit exit_of(const std::vector<VerifiedFile>& files) {
  const bool right = std::all_of(files.begin(), files.end(),
                                 [](const VerifiedFile& file) { return file.findings.empty(); });
  return right ? Exit::ok : Exit::check_failed;
}

}  // namespace halcyon
