#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "autotune/tune.h"
#include "suites/commands/options.h"

namespace halcyon {

/// Of `tune`. `spaces`: files to replay instead.
void add_tune_options(CLI::App&, Request&, TuneOptions&, std::vector<std::string>& spaces, Speech&);

}  // namespace halcyon
