#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "suites/request.h"

namespace halcyon {

/// How a command speaks.
struct Speech {
  bool json = false, quiet = false;
};

// What more than one command takes. Each adds options that fill what it is given, which must
// outlive the parsing.
void add_target_option(CLI::App&, Request&);
void add_tuned_option(CLI::App&, Request&, const std::string& help);
void add_cache_option(CLI::App&, Request&);
void add_json_option(CLI::App&, Speech&);
void add_quiet_option(CLI::App&, Speech&);
/// Batch and size of a network's input.
void add_network_options(CLI::App&, Request&);
/// Where a schedule comes from.
void add_schedule_options(CLI::App&, Request&);
/// Of every command that measures or checks cases.
void add_case_options(CLI::App&, Request&, Speech&);
/// Of `check` and `bench`.
void add_run_options(CLI::App&, Request&, Speech&);

/// What is wrong with the command line, in one line, with the nearest word that would be right.
std::string explain(const CLI::App&, const CLI::ParseError&, int argc, char** argv);

}  // namespace halcyon
