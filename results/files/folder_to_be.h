#pragma once
#include <filesystem>
#include <string>

namespace halcyon {

/// A folder beside the one that is to be, which it becomes when it is whole; without finish()
/// nothing stays of it.
class FolderToBe {
 public:
  /// Makes what stands above it, too. Error (exit 4).
  explicit FolderToBe(const std::string& name);
  ~FolderToBe();
  FolderToBe(const FolderToBe&) = delete;
  FolderToBe& operator=(const FolderToBe&) = delete;

  std::string file(const std::string& name) const { return (part_ / name).string(); }
  /// Takes its place, where nothing or an empty folder stands; with `in_place_of_old` also a folder
  /// that is not empty, which goes. Error (exit 4).
  void finish(bool in_place_of_old = false) const;

 private:
  std::filesystem::path name_, part_;
};

}  // namespace halcyon
