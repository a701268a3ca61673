#include "schedules/targets/target.h"

#include <algorithm>
#include <filesystem>

#include "kernels/strict_json.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;

const std::vector<std::string> kMeters = {
#include "meter_words.inc"
};

/// `word`, which is one of `allowed`.
std::string one_of(Reader& r, const char* key, const std::string& word,
                   const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
  std::string list;
  for (const auto& a : allowed) list += (list.empty() ? "" : ", ") + a;
  r.fail(key, "found '" + word + "', allowed are " + list);
}
std::string one_of(Reader& r, const char* key, const std::vector<std::string>& allowed) {
  return one_of(r, key, r.string(key), allowed);
}

/// A string of 1 to 128 of the characters that names, flags and target strings are made of.
std::string plain(Reader& r, const char* key, const std::string& text) {
  const bool good = !text.empty() && text.size() <= 128 &&
                    std::all_of(text.begin(), text.end(), [](unsigned char c) {
                      return c < 128 && (std::isalnum(c) || c == '.' || c == '_' || c == '-');
                    });
  if (!good)
    r.fail(key, "found '" + text + "', allowed are 1 to 128 characters of A-Z a-z 0-9 . _ -");
  return text;
}

bool has_word(const std::string& halide, const std::string& word) {
  return ("-" + halide + "-").find("-" + word + "-") != std::string::npos;
}

/// The architecture that a Halide target string begins with must be the one that `arch` states.
void check_halide(Reader& r, const Target& t) {
  const std::string prefix = t.arch == "x86_64" ? "x86-64-linux" : "arm-64-linux";
  if (t.halide != prefix && !t.halide.starts_with(prefix + "-"))
    r.fail("halide", "found '" + t.halide + "', for " + t.arch + " it starts with " + prefix);
  for (const char* ours : {"no_runtime", "no_asserts", "no_bounds_query", "jit"})
    if (has_word(t.halide, ours))
      r.fail("halide", std::string("has '") + ours + "', which is added or left out as needed");
}

/// Halide words in `halide` mean what `isa` says: a recipe sizes tiles by one, LLVM by the other.
void check_isa(Reader& r, const Target& t) {
  const auto has = [&](const std::string& word) { return has_word(t.halide, word); };
  const std::string isa = t.arch == "aarch64" ? "neon"
                          : has("avx512")     ? "avx512"
                          : has("avx2")       ? "avx2"
                                              : "sse2";
  if (t.isa != isa) r.fail("isa", "found '" + t.isa + "', but halide's words make it " + isa);
}

/// What "meter" said in older files, all in one word: what was not this machine's clock counted
/// instructions, where a prefetch only costs.
void take_older_meter(Target& t, const std::string& word) {
  const bool here = word == device_words().front();
  t.device = word;
  t.meters = {here ? "ns" : "instructions"};
  t.prefetch_gains = here;
}

void read_device(Reader& r, Target& t) {
  if (r.has("meter")) return take_older_meter(t, one_of(r, "meter", device_words()));
  t.device = one_of(r, "device", device_words());
  t.meters = r.strings("meters");
  if (t.meters.empty()) r.fail("meters", "found none, allowed is one or more");
  for (std::size_t i = 0; i < t.meters.size(); i++) {
    one_of(r, "meters", t.meters[i], kMeters);
    if (std::count(t.meters.begin(), t.meters.end(), t.meters[i]) > 1)
      r.fail("meters", "found '" + t.meters[i] + "' twice");
  }
  t.prefetch_gains = r.boolean("prefetch_gains");
}

Target read_target(const std::string& path) {
  return target_of_file(read_json_file(path, Exit::usage), path);
}

}  // namespace

int Target::dot_terms(DType dtype) const {
  const auto has = [&](const char* word) { return has_word(halide, word); };
  // Sapphire Rapids starts a vdpbf16ps every two cycles, half of what its FMAs of f32 give.
  const bool intel = has("avx512_sapphirerapids"), amd = has("avx512_zen4") || has("avx512_zen5");
  if (dtype == DType::bf16) return amd && !intel ? 2 : 1;
  if (dtype == DType::i8) return intel || amd || has("avxvnni") || has("arm_dot_prod") ? 4 : 1;
  return 1;
}

bool Target::signed_dots() const { return has_word(halide, "arm_dot_prod"); }

Target target_from_json(const nlohmann::json& json, const std::string& where) {
  Reader r(json, where, "", Exit::usage);
  Target t;
  t.name = plain(r, "name", r.string("name"));
  t.description = r.string("description");
  t.family = plain(r, "family", r.string("family"));
  t.arch = one_of(r, "arch", {"x86_64", "aarch64"});
  t.isa = one_of(r, "isa", {"sse2", "avx2", "avx512", "neon"});
  t.halide = plain(r, "halide", r.string("halide"));
  t.needs = r.strings("needs");
  for (const auto& flag : t.needs) plain(r, "needs", flag);
  read_device(r, t);
  t.vector_bits = static_cast<int>(r.integer("vector_bits", 128, 512));
  if (t.vector_bits != 128 && t.vector_bits != 256 && t.vector_bits != 512)
    r.fail("vector_bits", "found " + std::to_string(t.vector_bits) + ", allowed are 128, 256, 512");
  t.vector_registers = static_cast<int>(r.integer("vector_registers", 8, 32));
  t.l1d_bytes = r.integer("l1d_bytes", 0, kMostBytes);
  t.l2_bytes = r.integer("l2_bytes", 0, kMostBytes);
  t.l3_bytes = r.integer("l3_bytes", 0, kMostBytes);
  t.cores = static_cast<int>(r.integer("cores", 1, 4096));
  t.fma_per_cycle = r.number("fma_per_cycle", 0.25, 16);
  t.max_ghz = r.number("max_ghz", 0, 10);
  t.f16 = r.boolean("f16");
  t.fma_by_element = r.boolean("fma_by_element");
  t.memory_operands = r.boolean("memory_operands");
  r.finish();
  check_halide(r, t);
  check_isa(r, t);
  return t;
}

Target target_of_file(const nlohmann::json& keys, const std::string& path) {
  const Target t = target_from_json(keys, path);
  if (t.name == "host")
    throw usage_error(path + ": /name: 'host' is the name of the detected target");
  return t;
}

nlohmann::json to_json(const Target& t) {
  return {{"name", t.name},
          {"description", t.description},
          {"family", t.family},
          {"arch", t.arch},
          {"isa", t.isa},
          {"halide", t.halide},
          {"needs", t.needs},
          {"device", t.device},
          {"meters", t.meters},
          {"vector_bits", t.vector_bits},
          {"vector_registers", t.vector_registers},
          {"l1d_bytes", t.l1d_bytes},
          {"l2_bytes", t.l2_bytes},
          {"l3_bytes", t.l3_bytes},
          {"cores", t.cores},
          {"fma_per_cycle", t.fma_per_cycle},
          {"max_ghz", t.max_ghz},
          {"f16", t.f16},
          {"fma_by_element", t.fma_by_element},
          {"memory_operands", t.memory_operands},
          {"prefetch_gains", t.prefetch_gains}};
}

nlohmann::json document_json(const Target& t) {
  nlohmann::json json = to_json(t);
  Target older;
  take_older_meter(older, t.device);
  if (older.meters != t.meters || older.prefetch_gains != t.prefetch_gains) return json;
  for (const char* key : {"device", "meters", "prefetch_gains"}) json.erase(key);
  json["meter"] = t.device;
  return json;
}

const std::vector<std::string>& device_words() {
  static const std::vector<std::string> words = {
#include "device_words.inc"
  };
  return words;
}

std::vector<std::string> target_names(const std::string& folder) {
  std::vector<std::string> names = names_of_json_files(folder);
  names.insert(names.begin(), "host");
  return names;
}

Target find_target(const std::string& name, const std::string& folder) {
  if (name == "host") return detect_host();
  if (name.find('/') != std::string::npos || name.ends_with(".json")) return read_target(name);
  const auto names = target_names(folder);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    std::string all;
    for (const auto& n : names) all += (all.empty() ? "" : ", ") + n;
    const std::string near = nearest(name, names);
    throw usage_error("no target '" + name + "'" +
                      (near.empty() ? "" : ", did you mean '" + near + "'?") + "; there are " +
                      all + ", or a file's path");
  }
  const std::string path = folder + "/" + name + ".json";
  const Target t = read_target(path);
  if (t.name != name)
    throw usage_error(path + ": /name: found '" + t.name + "', the file's name says '" + name +
                      "'");
  return t;
}

}  // namespace halcyon
