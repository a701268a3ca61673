#include "schedules/compile/cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "kernels/strict_json.h"
#include "schedules/compile/sha256.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kMeta = "meta.json";
constexpr const char* kScratchPrefix = "tmp-";
constexpr std::size_t kMostFileBytes = std::size_t{1} << 30;

Error cannot_write(const std::string& path, const std::string& why) {
  return {Exit::environment, "cannot write " + path + ": " + why};
}

std::string bytes_of(const fs::path& file) {
  return read_text_file(file.string(), Exit::environment, kMostFileBytes);
}

/// Names and digests of the files of an entry, checked against the bytes. Throws when damaged.
std::map<std::string, std::string> verified(const fs::path& folder, const std::string& key) {
  const json meta = read_json_file((folder / kMeta).string(), Exit::environment);
  if (meta.at("key") != key) throw std::runtime_error("another key");
  std::map<std::string, std::string> digests;
  for (const auto& [name, digest] : meta.at("sha256").items()) {
    if (sha256_hex(bytes_of(folder / name)) != digest) throw std::runtime_error("other bytes");
    digests[name] = digest;
  }
  return digests;
}

/// Puts `fresh` where `place` is, at once; `fresh` is then the old folder.
void swap_in(const fs::path& fresh, const fs::path& place) {
  if (renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0) return;
  // Network file systems cannot: there the entry is missing for a moment.
  fs::remove_all(place);
  fs::rename(fresh, place);
}

bool writable(const std::string& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  return !failed && access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

Cache::Scratch::Scratch(const std::string& root) {
  std::string name = root + "/" + kScratchPrefix + "XXXXXX";
  if (!mkdtemp(name.data())) throw cannot_write(root, std::strerror(errno));
  folder_ = name;
}

Cache::Scratch::Scratch(Scratch&& other) noexcept : folder_(std::exchange(other.folder_, "")) {}

Cache::Scratch::~Scratch() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

Cache::Cache(std::string root) : root_(std::move(root)) {
  std::error_code failed;
  fs::create_directories(root_, failed);
  if (failed) throw cannot_write(root_, failed.message());
  root_ = fs::canonical(root_).string();
  const Scratch probe(root_);
  // No compilation takes an hour: who made an older one was killed.
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (const auto& entry : fs::directory_iterator(root_, failed))
    if (entry.path().filename().string().starts_with(kScratchPrefix) &&
        entry.last_write_time(failed) < old)
      fs::remove_all(entry.path(), failed);
}

std::string Cache::folder_of(const std::string& key) const {
  return root_ + "/" + key.substr(0, 2) + "/" + key;
}

std::optional<Cache::Entry> Cache::find(const std::string& key,
                                        const std::vector<std::string>& files) const {
  const std::string folder = folder_of(key);
  std::error_code failed;
  if (!fs::exists(folder, failed)) return std::nullopt;
  try {
    Entry entry{folder, verified(folder, key)};
    for (const auto& file : files)
      if (!entry.sha256.count(file)) return std::nullopt;
    return entry;
  } catch (const std::exception&) {  // whatever is wrong with it, it is made anew
    return std::nullopt;
  }
}

Cache::Entry Cache::publish(const Scratch& scratch, const std::string& key,
                            const json& made_of) const {
  const std::string place = folder_of(key);
  try {
    Entry entry{place, {}};
    std::vector<std::string> files;
    for (const auto& file : fs::directory_iterator(scratch.folder())) {
      files.push_back(file.path().filename().string());
      entry.sha256[files.back()] = sha256_hex(bytes_of(file.path()));
    }
    std::ofstream meta(scratch.folder() + "/" + kMeta);
    meta << json{{"key", key}, {"made_of", made_of}, {"sha256", entry.sha256}}.dump(2) << '\n';
    meta.close();
    if (!meta) throw cannot_write(scratch.folder() + "/" + kMeta, std::strerror(errno));
    fs::create_directories(fs::path(place).parent_path());
    // Another process may have made the same meanwhile; then ours is superfluous.
    if (const auto theirs = find(key, files)) return *theirs;
    std::error_code taken;
    fs::rename(scratch.folder(), place, taken);
    if (taken) swap_in(scratch.folder(), place);
    return entry;
  } catch (const fs::filesystem_error& e) {
    throw cannot_write(place, e.code().message());
  }
}

std::string cache_folder(const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  const char* xdg = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const std::string usual = xdg && *xdg == '/'     ? std::string(xdg) + "/halcyon"
                            : home && *home == '/' ? std::string(home) + "/.cache/halcyon"
                                                   : "";
  if (!usual.empty() && writable(usual)) return usual;
  const std::string last = "/tmp/halcyon-" + std::to_string(geteuid());
  mkdir(last.c_str(), 0700);
  struct stat found;
  if (lstat(last.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid() ||
      (found.st_mode & 022))
    throw cannot_write(last, "not a folder that only this user can write");
  return last;
}

}  // namespace halcyon
