#include "schedules/compile/cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/for_tests.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

const std::string kKey(64, 'a');

/// A folder of its own for each test.
class CacheTest : public testing::Test {
 protected:
  Cache::Entry publish(const Cache& cache, const std::string& key,
                       const std::map<std::string, std::string>& files) {
    const Cache::Scratch scratch = cache.scratch();
    for (const auto& [name, bytes] : files) std::ofstream(scratch.folder() + "/" + name) << bytes;
    return cache.publish(scratch, key, {{"problem", "p"}});
  }
  /// Names in the root that are no entries.
  int scratches() {
    int n = 0;
    for (const auto& e : fs::directory_iterator(root))
      n += e.path().filename().string().starts_with("tmp-");
    return n;
  }
  const TestFolder folder_;
  const std::string& root = folder_.path();
};

TEST_F(CacheTest, WhatIsPublishedIsFoundByAnotherObject) {
  publish(Cache(root), kKey, {{"kernel.o", "code"}});
  const auto entry = Cache(root).find(kKey, {"kernel.o"});
  ASSERT_TRUE(entry);
  EXPECT_EQ(bytes_in(entry->folder + "/kernel.o"), "code");
  EXPECT_EQ(entry->sha256.at("kernel.o"),
            "5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b");
  EXPECT_EQ(nlohmann::json::parse(bytes_in(entry->folder + "/meta.json"))["made_of"]["problem"],
            "p");
  EXPECT_EQ(scratches(), 0);
  EXPECT_FALSE(Cache(root).find(std::string(64, 'b'), {}));
}

// Each damage alone: bytes of the same length, a cut file, a lost file, a torn meta, another's
// entry.
TEST_F(CacheTest, ADamagedEntryCountsAsMissingAndIsReplaced) {
  const Cache cache(root);
  const std::string other(64, 'b');
  const auto damage = [&](int kind, const std::string& folder) {
    switch (kind) {
      case 0:
        std::ofstream(folder + "/kernel.o") << "cod3";
        break;
      case 1:
        fs::resize_file(folder + "/kernel.o", 3);
        break;
      case 2:
        fs::remove(folder + "/kernel.o");
        break;
      case 3:
        fs::resize_file(folder + "/meta.json", 20);
        break;
      case 4:
        fs::remove(folder + "/meta.json");
        break;
      case 5:
        std::ofstream(folder + "/meta.json") << "{}";
        break;
      case 6:
        fs::copy(root + "/bb/" + other + "/meta.json", folder + "/meta.json",
                 fs::copy_options::overwrite_existing);
    }
  };
  publish(cache, other, {{"kernel.o", "code"}});
  for (int kind = 0; kind < 7; kind++) {
    const auto entry = publish(cache, kKey, {{"kernel.o", "code"}});
    ASSERT_TRUE(cache.find(kKey, {"kernel.o"})) << kind;
    damage(kind, entry.folder);
    EXPECT_FALSE(cache.find(kKey, {"kernel.o"})) << kind;
  }
  EXPECT_EQ(scratches(), 0);
}

TEST_F(CacheTest, AnEntryWithoutTheWantedFilesGivesWayToOneWithThem) {
  const Cache cache(root);
  publish(cache, kKey, {{"kernel.o", "code"}});
  EXPECT_FALSE(cache.find(kKey, {"kernel.o", "kernel.s"}));
  publish(cache, kKey, {{"kernel.o", "code"}, {"kernel.s", "text"}});
  EXPECT_TRUE(cache.find(kKey, {"kernel.o", "kernel.s"}));
  // One with less does not push out one with more.
  publish(cache, kKey, {{"kernel.o", "code"}});
  EXPECT_TRUE(cache.find(kKey, {"kernel.o", "kernel.s"}));
}

TEST_F(CacheTest, ScratchGoesWithItsObjectAndAfterAKilledProcess) {
  const Cache cache(root);
  { const Cache::Scratch scratch = cache.scratch(); }
  EXPECT_EQ(scratches(), 0);
  fs::create_directories(root + "/tmp-killed");
  fs::create_directories(root + "/tmp-at-work");
  fs::last_write_time(root + "/tmp-killed",
                      fs::file_time_type::clock::now() - std::chrono::hours(2));
  Cache{root};
  EXPECT_FALSE(fs::exists(root + "/tmp-killed"));
  EXPECT_TRUE(fs::exists(root + "/tmp-at-work"));
}

TEST_F(CacheTest, AFolderThatCannotBeIsAnErrorOfTheSurroundings) {
  std::ofstream(root + "/file") << "";
  try {
    Cache{root + "/file/cache"};
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::environment);
    EXPECT_NE(std::string(e.what()).find(root + "/file/cache"), std::string::npos);
  }
}

/// Sets an environment variable for as long as it lives.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { setenv(name_, before_.c_str(), 1); }

 private:
  const char* name_;
  std::string before_;
};

TEST_F(CacheTest, TheUsualPlacesComeInTheirOrder) {
  const Environment home("HOME", root + "/home"), xdg("XDG_CACHE_HOME", root + "/xdg");
  EXPECT_EQ(cache_folder("/wanted"), "/wanted");
  EXPECT_EQ(cache_folder(""), root + "/xdg/halcyon");
  const Environment none("XDG_CACHE_HOME", "");
  EXPECT_EQ(cache_folder(""), root + "/home/.cache/halcyon");
  std::ofstream(root + "/file") << "";
  const Environment nowhere("HOME", root + "/file");
  EXPECT_EQ(cache_folder(""), "/tmp/halcyon-" + std::to_string(geteuid()));
}

}  // namespace
}  // namespace halcyon
