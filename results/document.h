#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "results/machine.h"
#include "results/record.h"
#include "schedules/sha256.h"
#include "schedules/target.h"

namespace halcyon {

/// One closed run: the source of truth that every export and the page are made from.
/// File: results.json, JSON Schema: results/results.schema.json.
struct Document {
  static constexpr int kMajor = 1, kMinor = 0;
  std::string run;                   // id: UTC time + random hex
  std::string command;               // as typed
  std::string started_utc, ended_utc;   // 2026-11-24T13:25:02Z
  double seconds = 0;
  bool complete = true;              // false after an interrupt
  Machine machine;
  Toolchain toolchain;
  std::vector<Target> targets;
  nlohmann::json protocol;           // numbers of the measuring protocol that was used
  double read_gbs_l1 = 0, read_gbs_l2 = 0, read_gbs_l3 = 0, read_gbs_dram = 0;  // measured, GB/s
  double peak_gflops = 0;            // best FMA probe of the run
  std::vector<Record> records;
};

/// The one byte form: UTF-8, keys sorted, two-space indent, doubles in the shortest form that reads back
/// the same, "hash" = SHA-256 of the document without that member in compact sorted form. Non-finite
/// numbers are Errors.
std::string canonical_text(const Document&);
/// Reads and verifies: size and depth caps, duplicate keys, schema version, hash, statistics recomputed.
/// Error (exit 3) with the JSON pointer.
Document read_document(const std::string& path);
Document document_from_text(const std::string& text, const std::string& where);
/// Written beside, fsynced, renamed: old or new, never neither. Error (exit 4).
void write_file_atomically(const std::string& path, const std::string& bytes);

}  // namespace halcyon
