#pragma once
#include <string>

namespace halcyon {

/// A name of a file as messages and graphs may carry it: letters, digits and . _ - alone, at most
/// 128 of them; others become _, a path's / become dots. Hostile names are inert in terminals,
/// pages and paths.
std::string safe_name(const std::string& name);
/// A text of a file in one line: what is no printable ASCII becomes _; at most 256 letters.
std::string safe_text(const std::string& text);

}  // namespace halcyon
