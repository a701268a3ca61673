#pragma once
#include <string>

namespace halcyon {

/// Why a C function in a program with `text`, C sources of ours, cannot have this name; empty when
/// it can: it is no identifier, a word of C or C++ or of their libraries, or one that the text has.
std::string why_no_c_name(const std::string& name, const std::string& text);

}  // namespace halcyon
