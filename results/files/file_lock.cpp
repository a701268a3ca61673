#include "results/files/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>

#include "kernels/strict_json.h"
#include "results/files/atomic_file.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;

std::string host_name() {
  utsname name{};
  uname(&name);
  return name.nodename;
}

json our_card() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char started[32];
  std::strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {{"pid", getpid()}, {"host", host_name()}, {"boot", boot_id()}, {"started", started}};
}

/// What the lock's holder wrote; an object with what could be read.
json card_of(int fd) {
  char text[4096];
  const ssize_t n = pread(fd, text, sizeof text, 0);
  json card = n > 0 ? json::parse(text, text + n, nullptr, false) : json();
  return card.is_object() ? card : json::object();
}

std::string text_of(const json& card, const char* key) {
  const auto it = card.find(key);
  return it == card.end() ? "unknown" : it->is_string() ? it->get<std::string>() : it->dump();
}

std::string holder_text(const json& card) {
  return "pid " + text_of(card, "pid") + " on host " + text_of(card, "host") + " since " +
         text_of(card, "started");
}

}  // namespace

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

FileLock::FileLock(const std::string& path) : path_(path + ".lock") {
  while (!take()) close(fd_);
}

bool FileLock::take() {
  const auto fail = [&](const std::string& what) {
    if (fd_ >= 0) close(fd_);
    throw Error(Exit::environment, path_ + ": " + what);
  };
  fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (fd_ < 0) fail(std::string("cannot be written: ") + std::strerror(errno));
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) return false;
    if (errno == EWOULDBLOCK) fail("held by " + holder_text(card_of(fd_)));
    fail(std::string("this file system cannot lock: ") + std::strerror(errno));
  }
  // A holder removes the file when it lets go: what we opened may no longer be the file of that
  // name.
  struct stat ours {
  }, named{};
  if (fstat(fd_, &ours) != 0 || lstat(path_.c_str(), &named) != 0 || ours.st_ino != named.st_ino ||
      ours.st_dev != named.st_dev)
    return false;
  const json card = card_of(fd_);
  const bool this_kernel = text_of(card, "boot") == boot_id();
  const bool this_host = text_of(card, "host") == host_name();
  if (ours.st_size > 0 && !card.empty() && !this_kernel && !this_host)
    fail("left by " + holder_text(card) +
         ", which cannot be seen from here; remove the file if it is gone");
  const std::string text = compact_text(our_card()) + "\n";
  if (ftruncate(fd_, 0) != 0 ||
      pwrite(fd_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    fail(std::string("cannot be written: ") + std::strerror(errno));
  return true;
}

FileLock::~FileLock() {
  unlink(path_.c_str());  // while still held, so that nobody else's is removed
  close(fd_);
}

}  // namespace halcyon
