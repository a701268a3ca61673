#include "results/document/journal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "kernels/error.h"
#include "kernels/for_tests.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class JournalTest : public testing::Test {
 protected:
  Journal open(std::vector<std::string>* said = nullptr) {
    return Journal(path_, "run", [said](const std::string& line) {
      if (said) said->push_back(line);
    });
  }
  void write_lines(int n) {
    Journal journal = open();
    for (int i = 0; i < n; ++i) journal.append("note", body(i));
  }
  static json body(int i) {
    return {{"i", i}, {"text", "caf\xC3\xA9 \"quoted\"\n"}, {"x", 0.1 * i}};
  }
  std::string bytes() const { return bytes_in(path_); }
  void put(const std::string& text) const { std::ofstream(path_, std::ios::trunc) << text; }
  /// Everything loaded is a line that was written, in order and once.
  static void expect_only_written(const Journal::Loaded& loaded) {
    int before = -1;
    for (const auto& line : loaded.lines) {
      const int i = line.body.at("i");
      ASSERT_GT(i, before);
      ASSERT_EQ(line.body, body(i));
      ASSERT_EQ(line.run, "run");
      before = i;
    }
  }
  /// Runs fn in a forked child; its exit code, or -signal.
  template <class Fn>
  static int in_child(Fn&& fn) {
    const pid_t child = fork();
    if (child == 0) _exit(fn());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  const TestFolder files_{TestFolder::On::memory};
  const std::string folder_ = files_.path(), path_ = files_.path("journal.jsonl");
};

TEST_F(JournalTest, LoadsWhatWasAppendedOverSeveralRuns) {
  EXPECT_TRUE(Journal::load(path_).lines.empty());  // a missing file is empty
  write_lines(3);
  Journal(path_, "second", [](const std::string&) { FAIL(); }).append("started", {{"id", "x"}});
  const auto loaded = Journal::load(path_);
  ASSERT_EQ(loaded.lines.size(), 4u);
  EXPECT_EQ(loaded.lines[2].body, body(2));
  EXPECT_EQ(loaded.lines[3].run, "second");
  EXPECT_EQ(loaded.lines[3].kind, "started");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(loaded.lines[i].seq, i);
  EXPECT_FALSE(loaded.torn);
  EXPECT_TRUE(loaded.corrupt.empty());
  EXPECT_FALSE(fs::exists(path_ + ".lock"));
}

TEST_F(JournalTest, CutAtEveryByteOfTheLastTwoLinesKeepsExactlyTheCompleteOnes) {
  write_lines(4);
  const std::string whole = bytes();
  std::vector<std::size_t> ends;  // of complete lines
  for (std::size_t i = 0; i < whole.size(); ++i)
    if (whole[i] == '\n') ends.push_back(i + 1);
  for (std::size_t cut = ends[1]; cut < whole.size(); ++cut) {
    put(whole.substr(0, cut));
    const auto complete = std::count_if(ends.begin(), ends.end(), [&](auto e) { return e <= cut; });
    std::vector<std::string> said;
    open(&said).append("note", body(9));
    const auto loaded = Journal::load(path_);
    ASSERT_EQ(loaded.lines.size(), static_cast<std::size_t>(complete) + 1) << "cut at " << cut;
    expect_only_written(loaded);
    ASSERT_FALSE(loaded.torn);
    ASSERT_TRUE(loaded.corrupt.empty());
    const bool clean = std::count(ends.begin(), ends.end(), cut);
    ASSERT_EQ(said.size(), clean ? 0u : 1u);
    if (clean) continue;
    // The cut bytes are kept, and said.
    const std::string aside = said[0].substr(said[0].rfind(' ') + 1);
    ASSERT_EQ(bytes_in(aside), whole.substr(ends[complete - 1], cut - ends[complete - 1]));
    fs::remove(aside);
  }
}

TEST_F(JournalTest, ADamagedByteIsNeverAValueAndCostsOneLine) {
  constexpr unsigned kLines = 12;
  write_lines(kLines);
  const std::string whole = bytes();
  const unsigned seed = 20261124;
  std::mt19937 random(seed);
  for (int round = 0; round < 1000; ++round) {
    std::string damaged = whole;
    const std::size_t at = random() % whole.size();
    damaged[at] = static_cast<char>(damaged[at] ^ (1 + random() % 255));
    put(damaged);
    const auto loaded = Journal::load(path_);
    expect_only_written(loaded);
    // A damaged line break costs no line.
    ASSERT_EQ(loaded.lines.size(), whole[at] == '\n' ? kLines : kLines - 1)
        << "seed " << seed << " round " << round << " byte " << at;
    ASSERT_TRUE(loaded.torn || !loaded.corrupt.empty());
    if (!loaded.torn) {
      const auto line = 1 + std::count(whole.begin(), whole.begin() + static_cast<long>(at), '\n');
      ASSERT_EQ(loaded.corrupt[0].find(path_ + ":" + std::to_string(line) + ": "), 0u);
    }
  }
}

TEST_F(JournalTest, DroppedAndRepeatedLinesAreReported) {
  write_lines(5);
  std::vector<std::string> lines;
  std::istringstream text(bytes());
  for (std::string line; std::getline(text, line);) lines.push_back(line + "\n");
  put(lines[0] + lines[1] + lines[4]);
  EXPECT_EQ(Journal::load(path_).corrupt, std::vector{path_ + ":3: 2 lines missing before it"});
  put(lines[0] + lines[1] + lines[1] + lines[2]);
  const auto loaded = Journal::load(path_);
  EXPECT_EQ(loaded.corrupt, std::vector{path_ + ":3: sequence number 1 again"});
  EXPECT_EQ(loaded.lines.size(), 3u);
}

TEST_F(JournalTest, AKilledWriterLosesNothingThatWasAcknowledged) {
  const unsigned seed = 7;
  std::mt19937 random(seed);
  for (int round = 0; round < 40; ++round) {
    int acknowledged[2];
    ASSERT_EQ(pipe(acknowledged), 0);
    const pid_t writer = fork();
    if (writer == 0) {
      Journal journal(path_, "run", [](const std::string&) {});
      for (int i = 0;; ++i) {
        journal.append("note", body(i));
        if (write(acknowledged[1], &i, sizeof i) != sizeof i) _exit(1);
      }
    }
    close(acknowledged[1]);
    int last = -1;
    for (unsigned n = 1 + random() % 6; n > 0; --n)
      ASSERT_EQ(read(acknowledged[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    usleep(random() % 3000);
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    while (read(acknowledged[0], &last, sizeof last) == sizeof last) {
    }
    close(acknowledged[0]);
    const auto loaded = Journal::load(path_);
    ASSERT_GE(static_cast<int>(loaded.lines.size()), last + 1) << "seed " << seed;
    expect_only_written(loaded);
    ASSERT_TRUE(loaded.corrupt.empty());
    open().append("note", body(static_cast<int>(loaded.lines.size())));  // its lock is taken over
    fs::remove(path_);
  }
}

TEST_F(JournalTest, ASecondWriterIsRefusedWithPidAndHost) {
  Journal first = open();
  first.append("note", body(0));
  const std::string message = refusal_of([&] { open(); }, Exit::environment);
  EXPECT_EQ(message.find(path_ + ".lock: held by pid " + std::to_string(getpid()) + " on host "),
            0u)
      << message;
  EXPECT_EQ(in_child([&] {
              try {
                open();
              } catch (const Error& e) {
                return static_cast<int>(e.code);
              }
              return 0;
            }),
            4);
  first.append("note", body(1));
  EXPECT_EQ(Journal::load(path_).lines.size(), 2u);
}

TEST_F(JournalTest, ALockIsTakenOverOnlyWhenItsHolderIsProvablyDead) {
  // Killed with the lock held; that its pid may live again as another process does not matter.
  EXPECT_EQ(in_child([&] {
              Journal journal = open();
              return kill(getpid(), SIGKILL);
            }),
            -SIGKILL);
  EXPECT_TRUE(fs::exists(path_ + ".lock"));
  EXPECT_NO_THROW(open());
  // Another boot of another host: the kernel here cannot know.
  std::ofstream(path_ + ".lock") << R"({"pid":1,"host":"elsewhere","boot":"other","started":"t"})";
  const std::string message = refusal_of([&] { open(); }, Exit::environment);
  EXPECT_NE(message.find("left by pid 1 on host elsewhere since t"), std::string::npos) << message;
  // Damaged text in a lock that nobody holds: no other host is named.
  std::ofstream(path_ + ".lock") << "{\"pid\":";
  EXPECT_NO_THROW(open());
}

TEST_F(JournalTest, AFullDiskEndsWithOneClearLineAndCostsNothingEarlier) {
  write_lines(3);
  const std::string whole = bytes();
  for (std::size_t room : {0, 1, 40, 100}) {  // bytes left for the next line
    EXPECT_EQ(in_child([&] {
                signal(SIGXFSZ, SIG_IGN);
                const rlimit limit{whole.size() + room, whole.size() + 10000};
                Journal journal = open();
                setrlimit(RLIMIT_FSIZE, &limit);
                try {
                  journal.append("note", body(3));
                } catch (const Error& e) {
                  const bool clear =
                      std::string(e.what()).find(": cannot be written: ") != std::string::npos;
                  if (!clear || e.code != Exit::environment) return 1;
                }
                // Room again: it goes on where it was.
                const rlimit more{limit.rlim_max, limit.rlim_max};
                setrlimit(RLIMIT_FSIZE, &more);
                journal.append("note", body(4));
                return 0;
              }),
              0);
    const auto loaded = Journal::load(path_);
    EXPECT_EQ(loaded.lines.size(), 4u);
    expect_only_written(loaded);
    EXPECT_FALSE(loaded.torn);
    EXPECT_TRUE(loaded.corrupt.empty());
    put(whole);
  }
}

TEST_F(JournalTest, PlacesThatCannotBeWrittenAreRefusedAtOnce) {
  for (const std::string& path :
       {std::string("/dev/full"), folder_, folder_ + "/none/journal.jsonl",
        std::string("/proc/journal.jsonl"), folder_ + "/" + std::string(300, 'x')})
    refusal_of([&] { Journal(path, "run", [](const std::string&) {}); }, Exit::environment);
  fs::create_symlink(folder_ + "/none/there", folder_ + "/dangling");
  refusal_of([&] { Journal(folder_ + "/dangling", "run", [](const std::string&) {}); },
             Exit::environment);
  EXPECT_FALSE(fs::exists("/dev/full.lock"));
  // Odd names are names.
  Journal(folder_ + "/a 'b\"\nc\xC3\xA9", "run", [](const std::string&) {}).append("note", body(0));
}

TEST_F(JournalTest, FollowsNoLink) {
  const std::string notes = folder_ + "/notes";
  write_lines(2);
  fs::rename(path_, notes);  // a journal, even
  const auto before = fs::file_size(notes);
  fs::create_symlink(notes, path_);
  EXPECT_NE(refusal_of([&] { open(); }, Exit::environment).find("is a link"), std::string::npos);
  EXPECT_NE(refusal_of([&] { Journal::load(path_); }, Exit::environment).find("is a link"),
            std::string::npos);
  EXPECT_EQ(fs::file_size(notes), before);
  EXPECT_FALSE(fs::exists(path_ + ".lock"));
  // Nor where the lock goes.
  fs::remove(path_);
  fs::create_symlink(notes, path_ + ".lock");
  refusal_of([&] { open(); }, Exit::environment);
  EXPECT_EQ(fs::file_size(notes), before);
}

TEST_F(JournalTest, WhatIsNoJournalIsRefusedAndStaysAsItIs) {
  for (const std::string text : {"my own notes\n", "x", "{\"a\": 1}\n{\"b\": 2}\n", "\n\n"}) {
    put(text);
    const std::string message = refusal_of([&] { open(); }, Exit::data);
    EXPECT_NE(message.find("no line of it is a journal's"), std::string::npos) << message;
    EXPECT_EQ(bytes(), text);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "nothing moved aside";
  }
  // The first line of all, cut short as it was written, is a journal's.
  put("");
  write_lines(1);
  put(bytes().substr(0, 20));
  EXPECT_NO_THROW(open());
  EXPECT_EQ(bytes(), "");
}

TEST_F(JournalTest, ANewerSchemaIsRefusedByName) {
  write_lines(1);
  std::string line = bytes();  // as a program of tomorrow would write it, with a right checksum
  line.replace(line.find("\"schema\":1"), 10, "\"schema\":2");
  const std::size_t end = line.find(",\"xxh3\"");
  char sum[17];
  std::snprintf(sum, sizeof sum, "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(line.data(), end)));
  put(line.substr(0, end) + ",\"xxh3\":\"" + sum + "\"}\n");
  EXPECT_EQ(refusal_of([&] { Journal::load(path_); }, Exit::data),
            path_ + ":1: /schema: found 2, this program reads up to 1: use a newer Halcyon");
}

TEST_F(JournalTest, ARecordWhosePartsDisagreeIsOurBug) {
  Record r;
  r.outcome = Outcome::wrong;
  r.samples.resize(1);
  Journal journal = open();
  EXPECT_NE(refusal_of([&] { journal.append(r); }, Exit::internal).find("a failed row has no time"),
            std::string::npos);
  r.samples.clear();
  r.detail = "bytes of a crash: \xFF\xFE";  // no record is lost for its message
  journal.append(r);
  const auto loaded = Journal::load(path_);
  ASSERT_EQ(loaded.lines.size(), 1u);
  EXPECT_EQ(record_from_json(loaded.lines[0].body).detail,
            "bytes of a crash: \xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace halcyon
