#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "kernels/problem/dtype.h"

namespace halcyon {

/// Where a candidate runs. From schedules/targets/<name>.json (schema beside them:
/// target.schema.json) or, for `host`, detected. What a recipe may use to size its tiles is here.
struct Target {
  std::string name;  // "x86-avx2", "host"
  std::string description;
  std::string family;  // names the folder of tuned schedules: zen3 zen4 skylake-avx512 a78ae
  std::string halide;  // Halide target string without features that we add
  std::string isa;     // sse2 avx2 avx512 neon: the probe's and the recipes' word
  std::vector<std::string> needs;  // CPU flags as /proc/cpuinfo spells them; all needed to run
  std::string arch;                // x86_64 aarch64
  std::string device;              // where its bundles run: a word of device_words()
  std::vector<std::string> meters = {"ns"};  // what can be read there: units; meter() is read
  int vector_bits = 256, vector_registers = 16;
  std::int64_t l1d_bytes = 0, l2_bytes = 0, l3_bytes = 0;  // of one core; 0: not known
  int cores = 1;
  double fma_per_cycle = 2;  // vector FMAs a core can start per cycle, of vector_bits
  double max_ghz = 0;        // 0: not stated
  bool f16 = false;
  bool fma_by_element = false;  // an FMA takes one element of a vector register for all lanes
  bool memory_operands =
      true;  // arithmetic reads an operand from memory: needs no load, no register
  bool prefetch_gains = false;  // weights prefetched into L2 ahead of their use save time
  int threads = 1;              // that a kernel may use: a person's wish, in no file
  const std::string& meter() const { return meters.front(); }
  bool measures_time() const { return meter() == "ns"; }
  int lanes(int element_bytes = 4) const { return vector_bits / 8 / element_bytes; }
  /// Products of neighbours that one instruction adds to each 32-bit lane: 1 where there is none
  /// that takes the dtype as it is stored (vpdpbusd 4, vdpbf16ps 2).
  int dot_terms(DType) const;
  /// Whether those of i8 take two signed operands only (sdot), where activations are u8.
  bool signed_dots() const;
  bool operator==(const Target&) const = default;
};

/// Strict reader: unknown or missing keys, wrong types and values out of range are Errors (exit 2)
/// that name file, JSON pointer, what was found and what is allowed.
Target target_from_json(const nlohmann::json&, const std::string& where);
/// Of a file that has these keys: the name of the detected target is no file's.
Target target_of_file(const nlohmann::json&, const std::string& path);
nlohmann::json to_json(const Target&);
/// As results documents have it: with "meter", the older word for a device with all that is read
/// there, in place of what that stands for; as to_json() where it does not say the same.
nlohmann::json document_json(const Target&);
/// What `device` may say, this machine first: the list in schedules/CMakeLists.txt. What they are:
/// suites/meters/device.h.
const std::vector<std::string>& device_words();
/// `name` is a file's path (contains '/' or ends in .json), `host`, or a file in `folder`.
/// Throws Error with a suggestion for a near miss.
Target find_target(const std::string& name, const std::string& folder);
std::vector<std::string> target_names(const std::string& folder);  // host first, then sorted

/// This machine as a target: ISA from CPUID flags, caches from sysfs, family from the model.
Target detect_host();
/// Empty when programs for the target can run here; else the reason ("needs avx512f, which this CPU
/// (AMD EPYC 7B13) lacks").
std::string why_not_runnable(const Target&);

}  // namespace halcyon
