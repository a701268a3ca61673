#pragma once
#include <string>

namespace halcyon {

/// Of the running kernel: another one after the machine has started again.
std::string boot_id();

/// Holds "<path>.lock" while it lives: one writer per file. The kernel's flock decides, and lets go
/// when the holder dies; the file's text (pid, host, boot, time) is for people, and for a lock that
/// another machine took over a network file system, whose flock we cannot see.
class FileLock {
 public:
  /// Error (exit 4) naming pid and host of the holder, at once. The lock of a holder that is
  /// provably dead (this boot's kernel has let go, or this host has booted since) is taken over.
  explicit FileLock(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  bool take();  // false: the file was replaced under us, again

  std::string path_;  // of the lock
  int fd_ = -1;
};

}  // namespace halcyon
