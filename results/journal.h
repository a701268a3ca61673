#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/record.h"

namespace halcyon {

/// Append-only file of JSON lines, each {"seq":..,"run":..,"schema":..,"kind":..,"body":..,"crc":..}
/// with an XXH3 of the rest; one write and one fdatasync per line. Lines are acknowledged when append()
/// returns. Never rewritten in place.
class Journal {
 public:
  struct Line { std::int64_t seq; std::string run, kind; nlohmann::json body; };
  struct Loaded {
    std::vector<Line> lines;
    std::int64_t good_bytes = 0;   // where the torn tail begins
    bool torn = false;             // an unterminated or bad last line
    std::vector<std::string> corrupt;  // "journal.jsonl:12: checksum", lines skipped in the middle
  };
  static Loaded load(const std::string& path);   // a missing file is empty

  /// Opens for appending; a torn tail is cut off into "<path>.torn-<n>" first and said through `say`.
  /// Takes "<path>.lock"; Error (exit 4) names pid and host of a live holder. `run` goes into each line.
  Journal(std::string path, std::string run, const std::function<void(const std::string&)>& say);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  void append(const std::string& kind, const nlohmann::json& body);  // Error (exit 4) when not on disk
  void append(const Record& r);                                      // kind "record"

 private:
  std::string path_, run_;
  int fd_ = -1, lock_fd_ = -1;
  std::int64_t seq_ = 0;
};

}  // namespace halcyon
