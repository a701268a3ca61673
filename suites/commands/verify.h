#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "results/verify/flaw.h"
#include "suites/commands/options.h"

namespace halcyon {

/// What `verify` is asked.
struct VerifyAsk {
  std::vector<std::string> runs;  // files, or folders that hold some
  bool strict = false, rebuild = false;
  int rerun = 0;  // cases; 0: none
};
void add_verify_options(CLI::App&, VerifyAsk&, Request&, Speech&);

/// A file that was looked at.
struct VerifiedFile {
  std::string path, run;  // id; empty where it cannot be read
  std::size_t records = 0, networks = 0, figures = 0;
  Flaws findings;
};
/// The request says folders, seed and jobs. Error (exit 3) for what is no file and holds none, and
/// as find_other_times() says it.
std::vector<VerifiedFile> verify_runs(const VerifyAsk&, const Request&, Progress&);

/// A line a finding, or a line that there is none.
std::string verified_text(const std::vector<VerifiedFile>&);
nlohmann::json verified_json(const std::vector<VerifiedFile>&);
Exit exit_of(const std::vector<VerifiedFile>&);

}  // namespace halcyon
