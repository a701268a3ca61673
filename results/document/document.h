#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/files/atomic_file.h"
#include "results/record/machine.h"
#include "results/record/network_record.h"
#include "results/record/peer_mean.h"
#include "results/record/published_figures.h"
#include "results/record/record.h"
#include "results/record/search_outcome.h"
#include "schedules/compile/sha256.h"
#include "schedules/targets/target.h"

namespace halcyon {

/// A goal that the run had and what it reached: the median of its cases.
struct GoalReached {
  std::string name;  // "pointwise, K >= 64"
  std::string unit;  // "instructions per least FMLA"
  double at_most = 0, reached = 0;
  int cases = 0;
  /// By what is beyond the goal, in hundredths as it is shown; 0 when it is reached.
  double excess() const;
  bool operator==(const GoalReached&) const = default;
};

/// One closed run: the source of truth that every export and the page are made from.
/// File: results.json, JSON Schema: results/results.schema.json.
struct Document {
  static constexpr int kMajor = 1, kMinor = 8;
  std::string run;                     // id: UTC time + random hex
  std::string command;                 // as typed
  std::string started_utc, ended_utc;  // 2026-11-24T13:25:02Z
  double seconds = 0;                  // by the monotonic clock
  bool complete = true;                // false after an interrupt
  Machine machine;
  Toolchain toolchain;
  std::vector<Target> targets;
  nlohmann::json protocol = nlohmann::json::object();  // numbers of the measuring protocol
  double read_gbs_l1 = 0, read_gbs_l2 = 0, read_gbs_l3 = 0, read_gbs_dram = 0;  // measured, GB/s
  double peak_gflops = 0;  // best FMA probe of the run
  std::vector<Record> records;
  std::vector<NetworkRecord> networks;                 // run end to end
  std::optional<Published> published;                  // figures of others, to be shown beside
  std::optional<std::vector<GoalReached>> goals;       // where it had some
  std::optional<std::vector<SearchOutcome>> searches;  // of a tuning, a problem each
  std::optional<std::vector<PeerMean>> peer_means;  // where cases have peers: peer_means() of them
};

/// The one byte form: indented_text() of all fields by their names, "schema" {"id", "major",
/// "minor"}, "digests" of its parts (digests.h), and "hash": the SHA-256 of the text without the
/// line of the hash, so that `grep -v '^ "hash": ' results.json | sha256sum` shows it. A number
/// that is not finite, a record whose parts disagree, or a text that read_document would find too
/// big: Error.
std::string canonical_text(const Document&);

/// The same as JSON, without hash and digests: what a line of a journal has.
nlohmann::json to_json(const Document&);
/// Likewise of one whose records' parts may disagree: what a verifier compares.
nlohmann::json as_written(const Document&);
Document document_from_json(const nlohmann::json&, const std::string& where);

/// Reads and verifies: a regular file of at most 64 MiB and 64 levels, no duplicate keys, schema
/// version (newer minor read, newer major refused), hash, statistics recomputed from the samples.
/// Error (exit 3) with the JSON pointer. It proves that the document is as it was written, not who
/// wrote it.
Document read_document(const std::string& path);
Document document_from_text(const std::string& text, const std::string& where);

/// A run stands once beside others. `paths`: where each document is from. Error (exit 2).
void refuse_twice(const std::vector<Document>&, const std::vector<std::string>& paths);

/// A file's bytes, within the same limits, and what they say as JSON: to see which kind of file it
/// is and then to read it, once. The hash is of the bytes.
struct DocumentText {
  std::string bytes;
  nlohmann::json value;
};
DocumentText read_document_text(const std::string& path);
std::string read_document_bytes(const std::string& path);
DocumentText parse_document_text(std::string bytes, const std::string& where);
Document document_from_text(const DocumentText&, const std::string& where);

// For a verifier, which goes on behind the first that is wrong.

void check_document_schema(const DocumentText&, const std::string& where);
void check_document_hash(const DocumentText&, const std::string& where);
/// All parts that can be read, whether or not they agree; of each other one its Error goes to
/// `wrong`.
Document document_as_written(const nlohmann::json&, const std::string& where,
                             const std::function<void(const Error&)>& wrong);

}  // namespace halcyon
