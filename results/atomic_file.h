#pragma once
#include <string>

namespace halcyon {

/// Writes a whole file: beside its place, fsynced, renamed, folder fsynced. Whoever reads sees the
/// old bytes or the new ones, never a part and never neither. Refuses to replace what is no regular
/// file. Error (exit 4).
void write_file_atomically(const std::string& path, const std::string& bytes);

/// A folder and those above it, as far as they are not there. Error (exit 4).
void make_folder(const std::string& path);

/// Writes all bytes, over short writes and interruptions; false (errno set) when it cannot.
bool write_all(int fd, const char* bytes, std::size_t size);

/// fsyncs the folder that holds `path`, so that a new name survives a crash; false (errno set).
bool sync_folder_of(const std::string& path);

}  // namespace halcyon
