#pragma once
#include <string>

namespace halcyon {

/// What a compiler or linker says that this machine lacked: "no space left on device", "out of
/// memory", ...; empty where it complains of something else.
std::string lack_in(const std::string& output);

/// The one line of its output that says why it failed. Warnings come first there, and the last line
/// only says that something did.
std::string complaint_in(const std::string& output);

}  // namespace halcyon
