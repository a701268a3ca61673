#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/files/file_lock.h"
#include "results/record/record.h"

namespace halcyon {

/// Append-only file of JSON lines, each
/// {"body":..,"kind":..,"run":..,"schema":..,"seq":..,"xxh3":".."} with the XXH3 of the bytes
/// before its own member; one write and one fdatasync per line. Lines are acknowledged when
/// append() returns. Never rewritten in place; sequence numbers grow over all runs.
class Journal {
 public:
  struct Line {
    std::int64_t seq = 0;
    std::string run, kind;
    nlohmann::json body;
  };
  struct Loaded {
    std::vector<Line> lines;
    std::int64_t good_bytes = 0;       // where the torn tail begins
    bool torn = false;                 // bytes after the last good line: unterminated or damaged
    std::vector<std::string> corrupt;  // "journal.jsonl:12: checksum", what is lost in the middle
  };
  /// A missing file is empty. Error (exit 3) for no regular file, one above 1 GiB, one without a
  /// single sound line, which is somebody else's, or a newer schema; (exit 4) for a link.
  static Loaded load(const std::string& path);

  /// Opens for appending; a torn tail is moved to "<path>.torn-<n>" first and said through `say`,
  /// like every damaged line. Error (exit 3) as load(), (exit 4): cannot be written, or another
  /// process holds
  /// "<path>.lock" (named with pid and host). `run` goes into each line.
  Journal(std::string path, std::string run, const std::function<void(const std::string&)>& say);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  /// Error (exit 4) when the line is not surely on disk: then it is not in the journal, or, where
  /// even that cannot be brought about, the journal takes nothing more.
  void append(const std::string& kind, const nlohmann::json& body);
  void append(const Record& r);  // kind "record"; a record whose parts disagree is a bug of ours

 private:
  void cut_torn_tail(const Loaded& loaded, const std::function<void(const std::string&)>& say);

  std::string path_, run_;
  FileLock lock_;
  int fd_ = -1;
  std::int64_t seq_ = 0;   // of the next line
  std::int64_t size_ = 0;  // of the file, all of it acknowledged
  bool broken_ = false;    // the end of the file is not known any more
};

}  // namespace halcyon
