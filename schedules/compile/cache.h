#pragma once
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace halcyon {

/// Folders of files by content key: <root>/<first two digits>/<key>/, each with a meta.json that
/// says what it was made of and the size and SHA-256 of every file. An entry comes into being by
/// one rename, so that nobody sees half of one; a damaged one counts as missing.
class Cache {
 public:
  /// Creates the folder; Error (exit 4) when it cannot be written. Removes what a killed process
  /// left.
  explicit Cache(std::string root);

  /// A folder on the cache's file system to make an entry in; goes with the object.
  class Scratch {
   public:
    explicit Scratch(const std::string& root);
    ~Scratch();
    Scratch(Scratch&& other) noexcept;
    Scratch& operator=(Scratch&&) = delete;
    const std::string& folder() const { return folder_; }

   private:
    std::string folder_;
  };
  const std::string& root() const { return root_; }
  Scratch scratch() const { return Scratch(root_); }

  struct Entry {
    std::string folder;
    std::map<std::string, std::string> sha256;  // by file name
  };
  /// The entry of `key` when it is whole and has all of `files`.
  std::optional<Entry> find(const std::string& key, const std::vector<std::string>& files) const;
  /// Turns the files in `scratch` into the entry of `key`, in place of one that lacks any of them;
  /// `made_of` is for whoever wonders. Error (exit 4) when the disk does not take it.
  Entry publish(const Scratch& scratch, const std::string& key,
                const nlohmann::json& made_of) const;

 private:
  std::string folder_of(const std::string& key) const;
  std::string root_;
};

/// Where objects are kept: `wanted` if not empty, else $XDG_CACHE_HOME/halcyon or ~/.cache/halcyon;
/// /tmp/halcyon-<uid> when neither can be written. Error (exit 4) when that belongs to somebody
/// else, who could put code of his own there.
std::string cache_folder(const std::string& wanted);

}  // namespace halcyon
