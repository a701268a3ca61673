#pragma once
#include <string>

#include "suites/request/request.h"

namespace halcyon {

/// What a word of the command line stands for. A problem holds a '|', a file is what names_file()
/// says, the rest are names: suites and networks share one name space. A target is only shown.
enum class Named { problem, suite, network, target };

/// Error (exit 2) for a name that is none, with the nearest ones; for one that is both; for a piece
/// of a problem that lost its quotes; and for a target, by its file.
Named what_is(const std::string& what, const Folders&);
/// The same where a target may be named, too.
Named what_is_shown(const std::string& what, const Folders&);

/// "1x14x14x192", "f32 1x14x14x192": how a problem begins, and what is left of one that stands
/// without quotes; and what to say of it.
bool is_shape(const std::string& word);
std::string without_quotes(const std::string& shape);

}  // namespace halcyon
