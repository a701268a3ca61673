#include "kernels/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace halcyon {
namespace {

constexpr std::size_t kMostOfTheSystem = 16 << 20;  // /proc/cpuinfo has a page for each CPU
constexpr std::size_t kPage = 4096;                 // what a file without a size is read by

struct Descriptor {
  const int fd;
  ~Descriptor() { close(fd); }
};

}  // namespace

std::string mebibytes(std::size_t bytes) {
  if (bytes % (1 << 20) != 0) return std::to_string(bytes) + " bytes";
  return std::to_string(bytes >> 20) + " MiB";
}

std::string read_text_file(const std::string& path, Exit code, std::size_t limit) {
  const auto fail = [&](const std::string& message) { throw Error(code, path + ": " + message); };
  const auto fail_by_errno = [&](const char* what) {
    fail(std::string("cannot be ") + what + ": " + std::strerror(errno));
  };
  const auto refuse_larger = [&](std::size_t bytes) {
    if (bytes > limit)
      fail("found " + std::to_string(bytes) + " bytes, allowed " + mebibytes(limit));
  };
  // O_NONBLOCK: a pipe is to be refused, not waited for.
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) fail_by_errno("opened");
  struct stat status {};
  if (fstat(file.fd, &status) != 0) fail_by_errno("read");
  if (!S_ISREG(status.st_mode))
    fail(S_ISDIR(status.st_mode) ? "found a folder, allowed a regular file"
                                 : "found a pipe or device, allowed a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  refuse_larger(size);
  std::string text(size + 1, '\0');  // to see its end without growing
  // To the end, be that before or behind the size of a moment ago.
  for (std::size_t got = 0;;) {
    if (got == text.size()) text.resize(got + kPage);
    const ssize_t n = read(file.fd, text.data() + got, text.size() - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_by_errno("read");
    got += static_cast<std::size_t>(n);
    refuse_larger(got);
    if (n > 0) continue;
    text.resize(got);
    return text;
  }
}

std::string text_if_readable(const std::string& path) {
  try {
    return read_text_file(path, Exit::environment, kMostOfTheSystem);
  } catch (const Error&) {
    return "";
  }
}

std::string first_line_if_readable(const std::string& path) {
  const std::string text = text_if_readable(path);
  return text.substr(0, text.find('\n'));
}

}  // namespace halcyon
