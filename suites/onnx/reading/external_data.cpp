#include "suites/onnx/reading/external_data.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>
#include <utility>
#include <vector>

#include "kernels/error.h"
#include "suites/onnx/reading/names.h"

namespace halcyon {
namespace {

class OpenFile {
 public:
  explicit OpenFile(int fd) : fd_(fd) {}
  ~OpenFile() {
    if (fd_ >= 0) close(fd_);
  }
  OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::vector<std::string> parts_of(const std::string& location) {
  std::vector<std::string> parts;
  std::istringstream stream(location);
  for (std::string part; std::getline(stream, part, '/');)
    if (part != "." && !part.empty()) parts.push_back(part);
  const bool inside = !location.empty() && location.front() != '/' && location.back() != '/' &&
                      location.find('\0') == std::string::npos &&
                      location.find('\\') == std::string::npos && !parts.empty();
  if (!inside) throw data_error("allowed: a relative path of a file in the model's folder");
  for (const std::string& part : parts)
    if (part == "..") throw data_error("found '..'; allowed: files in the model's folder");
  return parts;
}

/// One name after the other, so that no link on the way is followed.
OpenFile open_inside(const std::string& folder, const std::vector<std::string>& parts) {
  OpenFile at(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (std::size_t i = 0; i < parts.size() && at.get() >= 0; ++i) {
    const int kind = i + 1 < parts.size() ? O_DIRECTORY : O_NONBLOCK;
    at = OpenFile(openat(at.get(), parts[i].c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind));
  }
  if (at.get() < 0)
    throw data_error(errno == ELOOP || errno == ENOTDIR
                         ? "found a symbolic link; allowed: real folders and files"
                         : std::string("cannot be opened: ") + std::strerror(errno));
  return at;
}

std::string read_range(const ExternalData& data, const OpenFile& file) {
  struct stat status {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    throw data_error("allowed: a regular file");
  if (status.st_nlink > 1) throw data_error("found a hard link; allowed: a file of one name");
  const bool fits = data.offset >= 0 && data.length >= 0 && data.offset <= status.st_size &&
                    data.length <= status.st_size - data.offset;
  if (!fits)
    throw data_error("found " + std::to_string(data.length) + " bytes from " +
                     std::to_string(data.offset) + "; allowed: within the file's " +
                     std::to_string(status.st_size));
  std::string bytes(static_cast<std::size_t>(data.length), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const auto from = static_cast<off_t>(data.offset + static_cast<std::int64_t>(got));
    const ssize_t n = pread(file.get(), bytes.data() + got, bytes.size() - got, from);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw data_error("cannot be read to its end");
    got += static_cast<std::size_t>(n);
  }
  return bytes;
}

}  // namespace

std::string read_external_data(const std::string& folder, const ExternalData& data) {
  return in_context("external data '" + safe_text(data.location) + "'",
                    [&] { return read_range(data, open_inside(folder, parts_of(data.location))); });
}

}  // namespace halcyon
