#pragma once
#include <string>

namespace halcyon {

/// Writes a whole file: beside its place, fsynced, renamed, folder fsynced. Whoever reads sees the
/// old bytes or the new ones, never a part and never neither. A link is replaced, what it
/// points to stays as it is; what is neither a regular file nor a link is refused. Error (exit 4).
void write_file_atomically(const std::string& path, const std::string& bytes);

/// A folder and those above it, as far as they are not there. Error (exit 4).
void make_folder(const std::string& path);

/// Error (exit 4) when no file can be made in a folder, or in the nearest one above it that is
/// there: tried out, as who we are; nothing is left.
void demand_writable_folder(const std::string& path);

/// Writes all bytes, over short writes and interruptions; false (errno set) when it cannot.
bool write_all(int fd, const char* bytes, std::size_t size);

/// fsyncs the folder that holds `path`, so that a new name survives a crash; false (errno set).
bool sync_folder_of(const std::string& path);

}  // namespace halcyon
