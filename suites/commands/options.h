#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "suites/commands/ignored.h"
#include "suites/request/request.h"
#include "suites/runs/build_turns.h"
#include "suites/runs/run_once.h"

namespace halcyon {

/// How a command speaks.
struct Speech {
  bool json = false, quiet = false;
};

/// What `bench` is told beside the request.
struct RunExtras {
  bool goals = false, explain = false;
  std::vector<std::string> formats;  // exports beside the results
  std::string against_build;         // a program, a checkout or a commit; empty: none
  BuildTurns turns;
};

// What more than one command takes. Each adds options that fill what it is given, which must
// outlive the parsing. An option is only added where it means something; where that depends on
// what is asked for, suites/commands/ignored.h says when.
void add_target_option(CLI::App&, Request&);
CLI::Option* add_tuned_option(CLI::App&, Request&, const std::string& help);
void add_seed_option(CLI::App&, Request&, const std::string& of);
void add_cache_option(CLI::App&, Request&);
void add_json_option(CLI::App&, Speech&);
void add_quiet_option(CLI::App&, Speech&);
/// Batch and size of a network's input.
void add_input_options(CLI::App&, Request&);
/// The same, and how it is cut.
void add_network_options(CLI::App&, Request&);
/// Who makes schedules.
void add_source_options(CLI::App&, Request&);
/// Where a schedule comes from, be it one that a person has.
void add_schedule_options(CLI::App&, Request&);
/// Of every command that measures or checks cases.
void add_case_options(CLI::App&, Request&, Speech&);
/// Forms of a run for other programs, beside its page: words of exports().
void add_format_option(CLI::App&, std::vector<std::string>& formats);
/// Of every command that has a clock.
void add_timing_options(CLI::App&, Request&);

// All that a command takes.
void add_list_options(CLI::App&, std::string& topic, Speech&);
void add_show_options(CLI::App&, Request&, std::vector<std::string>& parts, Speech&);
void add_check_options(CLI::App&, Request&, Speech&);
void add_bench_options(CLI::App&, Request&, Speech&, RunExtras&);
void add_once_options(CLI::App&, Request&, RunFiles&, Speech&);
void add_emit_options(CLI::App&, Request&, std::string& name, Speech&);
void add_export_options(CLI::App&, Request&, Speech&);
void add_quantize_options(CLI::App&, Request&, Speech&);
void add_publish_options(CLI::App&, std::vector<std::string>& runs,
                         std::vector<std::string>& formats, Request&);

/// The command that was parsed, and which of its options were given.
Given given_options(const CLI::App& command);

/// The same as words for another process, without the options that are left out.
std::vector<std::string> given_words(const CLI::App& command, const std::vector<std::string>& but);

/// What is wrong with the command line, in one line, with the nearest word that would be right.
std::string explain(const CLI::App&, const CLI::ParseError&, int argc, char** argv);

}  // namespace halcyon
