#pragma once
#include <string>

#include "kernels/error.h"

namespace halcyon {

/// The bytes of a regular file of at most `limit` bytes (a pipe, folder or device is refused);
/// Error(code) "path: ...". Those of /proc and /sys, which have no size, too.
std::string read_text_file(const std::string& path, Exit code, std::size_t limit);

/// "1 MiB": a limit as it is told.
std::string mebibytes(std::size_t bytes);

/// What the system tells of itself in a file; empty where it has none, or none for this user.
std::string text_if_readable(const std::string& path);
/// Its first line, without the newline.
std::string first_line_if_readable(const std::string& path);

}  // namespace halcyon
