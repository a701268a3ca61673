#include "results/files/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>

#include "kernels/error.h"

namespace halcyon {
namespace {

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw Error(Exit::environment, path + ": " + error.message());
}

void demand_writable_folder(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path there = fs::absolute(path).lexically_normal();
  while (!fs::exists(there, error) && there.has_relative_path()) there = there.parent_path();
  std::string probe = (there / ".halcyon-XXXXXX").string();
  const int fd = mkstemp(probe.data());
  if (fd < 0) throw Error(Exit::environment, path + ": cannot be written: " + std::strerror(errno));
  close(fd);
  unlink(probe.c_str());
}

bool write_all(int fd, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t n = write(fd, bytes, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

bool sync_folder_of(const std::string& path) {
  const int fd = open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  // Some file systems cannot sync a folder and say EINVAL; there is nothing more to be done on
  // those.
  const bool synced = fsync(fd) == 0 || errno == EINVAL;
  const int error = errno;
  close(fd);
  errno = error;
  return synced;
}

void write_file_atomically(const std::string& path, const std::string& bytes) {
  const auto fail = [&](const std::string& what, int error) {
    throw Error(Exit::environment, path + ": " + what + ": " + std::strerror(error));
  };
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
    throw Error(Exit::environment, path + ": found no regular file there, will not replace it");
  // A short name, since the one asked for may be as long as the file system allows.
  const std::string beside =
      folder_of(path) + "/.halcyon-" + std::to_string(std::random_device{}()) + ".tmp";
  const int fd = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) fail("cannot be written", errno);
  const bool written = write_all(fd, bytes.data(), bytes.size()) && fsync(fd) == 0;
  const int write_error = errno;
  const bool closed = close(fd) == 0;
  if (!written || !closed || rename(beside.c_str(), path.c_str()) != 0) {
    const int error = written ? errno : write_error;
    unlink(beside.c_str());
    fail("cannot be written", error);
  }
  if (!sync_folder_of(path)) fail("written, but its folder cannot be synced", errno);
}

}  // namespace halcyon
