#include "schedules/compile/compile.h"

#include <nlohmann/json.hpp>

#include "kernels/strict_json.h"
#include "schedules/compile/emit.h"
#include "schedules/compile/sha256.h"
#include "schedules/fence/output_lines.h"

namespace halcyon {

const char* code_version();  // code_version.cmake

namespace {

using nlohmann::json;

constexpr const char *kObject = "kernel.o", *kAssembly = "kernel.s", *kStmt = "kernel.stmt",
                     *kLoopNest = "loop_nest.txt", *kAlgorithm = "algorithm.txt",
                     *kRuntime = "runtime.o";

constexpr const char* kDiskFull = "No space left on device";

constexpr std::size_t kMostAssembly = std::size_t{1} << 30;  // as the limit on files of a child

constexpr const char* kSureToFail = "guaranteed to fail";  // Halide's words

/// The line with `words` and the one after it, which says more; empty when there is none.
std::string line_with(const std::string& output, const char* words) {
  const auto lines = lines_of(output);
  for (std::size_t i = 0; i < lines.size(); i++)
    if (lines[i].find(words) != std::string::npos)
      return lines[i] + (i + 1 < lines.size() ? " " + lines[i + 1] : "");
  return "";
}

std::string described(const Ended& e) {
  const auto lines = lines_of(e.output);
  const bool no_result = e.how == Ended::exited && e.code == emit_ok;
  return describe(e) + (no_result ? " without a result" : "") +
         (lines.empty() ? "" : ": " + lines.back());
}

/// No candidate's doing: no other one would compile either.
Error disk_full(const Cache& cache) {
  return {Exit::environment, "cannot write " + cache.root() + ": " + kDiskFull};
}

/// Outcome and line of a child that emit() did not end by itself.
Outcome crash_outcome(const Ended& e, std::string* detail) {
  *detail = described(e);
  const auto said = [&](const char* words) { return e.output.find(words) != std::string::npos; };
  if (said("LLVM ERROR: out of memory")) return Outcome::compile_oom;
  // LLVM ends the process with exit code 1 when the disk is full.
  if (said("No space left on device") || said("Disk quota exceeded") ||
      said("IO failure on output stream")) {
    *detail = kDiskFull;
    return Outcome::infra;
  }
  return Outcome::compile_crash;
}

/// What an object is made of; its key is the hash of this.
json made_of(const Candidate& c, bool checked) {
  return {{"problem", c.problem.text()}, {"schedule", to_text(c.schedule)},
          {"target", c.target.halide},   {"features", emit_features(checked)},
          {"halide", emit_version()},    {"code", code_version()}};
}

std::string key_of(const json& parts) { return sha256_hex(parts.dump()); }

std::vector<std::string> files_for(const CompileOptions& options) {
  if (options.keep_text) return {kObject, kAlgorithm, kAssembly, kStmt, kLoopNest};
  if (options.keep_assembly) return {kObject, kAssembly};
  return {kObject};
}

void take_entry(Compiled& c, const Cache::Entry& entry, const CompileOptions& options) {
  c.outcome = Outcome::ok;
  c.object = entry.folder + "/" + kObject;
  c.object_sha256 = entry.sha256.at(kObject);
  if (!options.keep_text && !options.keep_assembly) return;
  c.assembly = entry.folder + "/" + kAssembly;
  c.hot_loop = hot_loop_of(read_text_file(c.assembly, Exit::environment, kMostAssembly));
  if (!options.keep_text) return;
  c.stmt = entry.folder + "/" + kStmt;
  c.algorithm = entry.folder + "/" + kAlgorithm;
  c.loop_nest = entry.folder + "/" + kLoopNest;
}

/// One that is not in the cache: what is needed from its start to its end.
struct Job {
  std::size_t index;
  json parts;
  Cache::Scratch scratch;
};

Body body_of(const Candidate& candidate, const CompileOptions& options, const std::string& symbol,
             const std::string& folder) {
  EmitFiles files{.object = folder + "/" + kObject};
  if (options.keep_text || options.keep_assembly) files.assembly = folder + "/" + kAssembly;
  if (options.keep_text) {
    files.stmt = folder + "/" + kStmt;
    files.algorithm = folder + "/" + kAlgorithm;
    files.loop_nest = folder + "/" + kLoopNest;
  }
  return [&candidate, checked = options.checked, symbol, files](int result_fd) {
    return emit(candidate, checked, symbol, files, result_fd);
  };
}

}  // namespace

std::string object_key(const Candidate& c, bool checked) { return key_of(made_of(c, checked)); }

Outcome compile_outcome(const Ended& e, std::string* detail) {
  detail->clear();
  if (e.how == Ended::wall_timeout || e.how == Ended::cpu_timeout) {
    *detail = describe(e);
    return Outcome::compile_timeout;
  }
  if (e.how == Ended::out_of_memory) {
    *detail = describe(e);
    return Outcome::compile_oom;
  }
  if (e.how == Ended::exited && (e.code == emit_refused || e.code == emit_infra)) {
    *detail = e.result;
    // How Halide says that there was no room for the stack it compiles on.
    if (detail->starts_with("mprotect failed")) return Outcome::compile_oom;
    return e.code == emit_refused ? Outcome::compile_error : Outcome::infra;
  }
  if (e.how != Ended::exited || e.code != emit_ok || e.result != kEmitDone)
    return crash_outcome(e, detail);
  // Without asserts Halide only warns of it, and the kernel would write out of bounds.
  const std::string warning = line_with(e.output, kSureToFail);
  if (warning.empty()) return Outcome::ok;
  // Behind a colon stands the assertion.
  const std::size_t colon = warning.find(':', warning.find(kSureToFail));
  const std::size_t begin = warning.find_first_not_of(": ", colon);
  *detail = "it would fail as soon as it runs";
  if (colon != warning.npos && begin != warning.npos) *detail += ": " + warning.substr(begin);
  return Outcome::compile_error;
}

Compiler::Compiler(std::string cache, int jobs) : cache_(std::move(cache)), jobs_(jobs) {}

Compiled Compiler::compile(const Candidate& candidate, const CompileOptions& options) {
  return compile_all({candidate}, options).front();
}

std::vector<Compiled> Compiler::compile_all(
    const std::vector<Candidate>& candidates, const CompileOptions& options,
    const std::function<void(std::size_t, const Compiled&)>& done) {
  std::vector<Compiled> results(candidates.size());
  std::vector<Job> jobs;
  std::vector<Body> bodies;
  const auto finish = [&](std::size_t i) {
    if (done) done(i, results[i]);
  };
  for (std::size_t i = 0; i < candidates.size(); i++) {
    const json parts = made_of(candidates[i], options.checked);
    Compiled& c = results[i];
    c.key = key_of(parts);
    c.symbol = "halcyon_" + c.key.substr(0, 16);
    if (const auto entry = cache_.find(c.key, files_for(options))) {
      c.detail.clear();
      c.from_cache = true;
      take_entry(c, *entry, options);
      finish(i);
    } else {
      jobs.push_back({i, parts, cache_.scratch()});
      bodies.push_back(body_of(candidates[i], options, c.symbol, jobs.back().scratch.folder()));
    }
  }
  if (jobs.empty()) return results;
  warm_up();
  run_all(options.limits, bodies, jobs_, [&](std::size_t j, Ended ended) {
    Compiled& c = results[jobs[j].index];
    c.seconds = ended.wall_seconds;
    c.outcome = compile_outcome(ended, &c.detail);
    if (c.outcome == Outcome::infra && c.detail == kDiskFull) throw disk_full(cache_);
    if (c.outcome == Outcome::ok)
      take_entry(c, cache_.publish(jobs[j].scratch, c.key, jobs[j].parts), options);
    finish(jobs[j].index);
  });
  return results;
}

std::string Compiler::runtime_object(const Target& target) {
  const json parts = {{"runtime", target.halide}, {"halide", emit_version()}};
  const std::string key = key_of(parts);
  if (const auto entry = cache_.find(key, {kRuntime})) return entry->folder + "/" + kRuntime;
  warm_up();
  const Cache::Scratch scratch = cache_.scratch();
  const Ended ended = run_forked(CompileOptions{}.limits, [&](int result_fd) {
    return emit_runtime(target.halide, scratch.folder() + "/" + kRuntime, result_fd);
  });
  std::string detail;
  const Outcome outcome = compile_outcome(ended, &detail);
  if (outcome == Outcome::infra && detail == kDiskFull) throw disk_full(cache_);
  if (outcome != Outcome::ok)
    throw Error(Exit::infrastructure, "no Halide runtime for " + target.halide + ": " + detail);
  return cache_.publish(scratch, key, parts).folder + "/" + kRuntime;
}

std::string Compiler::halide_version() { return emit_version(); }

}  // namespace halcyon
