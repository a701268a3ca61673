#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "suites/request/progress.h"
#include "suites/request/request.h"

namespace halcyon {

// A folder of results belongs to the command that made it: what it is asked for, and every option
// that decides what comes out. The same command goes on there or replaces what it made; any other
// is refused.

/// What two commands have in common that may share a folder.
using Identity = std::function<std::string(const std::string& command)>;

/// Of a command as it was typed: its verb, what it is of, and its options in one order, but for
/// those that say how it speaks, how long it goes on and where it puts things. `app` knows the
/// options and is not used again; a command that it does not understand is itself.
std::string identity_of(const std::string& command, CLI::App& app);

/// Claims request.out for request.command: sets request.unfinished where there is something to go
/// on with, and says what is replaced. Error (exit 2) when it is another's, (exit 3) when its files
/// are no results and no journal.
void claim_folder(Request&, const Identity&, Progress&);
/// `folder`, or the first of <folder>-2, -3, ... that is nobody's or this command's.
std::string own_folder(const std::string& folder, const std::string& command, const Identity&);
/// For what `publish` writes, which is no run: Error (exit 2) where a run is.
void claim_page_folder(const std::string& folder);

}  // namespace halcyon
