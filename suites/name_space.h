#pragma once
#include <string>

#include "suites/request.h"

namespace halcyon {

/// What a word of the command line stands for. A problem holds a '|', a file is what names_file()
/// says, the rest are names: suites and networks share one name space.
enum class Named { problem, suite, network };

/// Error (exit 2) for a name that is none, with the nearest ones, and for a name that is both.
Named what_is(const std::string& what, const Folders&);

}  // namespace halcyon
