#include "suites/bundle.h"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "kernels/compare.h"
#include "kernels/reference.h"
#include "kernels/tensor.h"
#include "schedules/sha256.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr Fill kSets[] = {Fill::random, Fill::adversarial};
const std::vector<std::string> kSetNames = {"random", "adversarial"};

/// What cannot be written is a matter of the disk.
class OutputFile {
 public:
  explicit OutputFile(std::string path) : path_(std::move(path)), file_(path_, std::ios::binary) {
    check();
  }
  void write(const void* data, std::size_t bytes) {
    file_.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
    check();
  }
  void write(const std::string& text) { write(text.data(), text.size()); }
  void close() {
    file_.close();
    check();
  }

 private:
  void check() const {
    if (!file_) throw Error(Exit::environment, path_ + ": cannot be written");
  }
  std::string path_;
  std::ofstream file_;
};

/// Values at 64-byte aligned offsets, equal ones once: candidates of one problem share inputs and
/// references.
class DataFile {
 public:
  explicit DataFile(const std::string& path) : file_(path) {}
  std::size_t add(const std::vector<float>& values) {
    const std::size_t bytes = values.size() * sizeof(float);
    const std::string_view raw(reinterpret_cast<const char*>(values.data()), bytes);
    const auto [found, is_new] = offsets_.try_emplace(sha256_hex(raw), end_);
    if (is_new) {
      constexpr std::size_t kAlignment = 64;
      static const char zeros[kAlignment] = {};
      file_.write(raw.data(), bytes);
      file_.write(zeros, (kAlignment - bytes % kAlignment) % kAlignment);
      end_ += (bytes + kAlignment - 1) / kAlignment * kAlignment;
    }
    return found->second;
  }
  void close() { file_.close(); }

 private:
  OutputFile file_;
  std::map<std::string, std::size_t> offsets_;  // by SHA-256
  std::size_t end_ = 0;
};

/// Inputs and references of a problem in every set. Candidates of one problem follow each other, so
/// the last one is kept.
class Values {
 public:
  const std::vector<Tensors>& of(const Problem& problem, std::uint64_t seed) {
    const std::string key = problem.text() + "\n" + std::to_string(seed);
    if (key == key_) return sets_;
    sets_.clear();
    for (const Fill kind : kSets) {
      Tensors all;
      for (const TensorSpec& spec : problem.tensors())
        if (spec.role != Role::output) all[spec.name] = fill(spec, problem, kind, seed);
      all.merge(reference(problem, all));
      sets_.push_back(std::move(all));
    }
    key_ = key;
    return sets_;
  }

 private:
  std::string key_;
  std::vector<Tensors> sets_;
};

json argument_json(const BundleCase& c, const TensorSpec& spec, const Layout& layout,
                   const std::vector<Tensors>& sets, DataFile& data) {
  const Problem& problem = c.candidate.problem;
  json offsets = json::array();
  for (const Tensors& set : sets)
    offsets.push_back(data.add(lay_out(spec, c.candidate.schedule, set.at(spec.name))));
  json argument = {{"name", spec.name},
                   {"role", to_text(spec.role)},
                   {"axes", spec.axes},
                   {"logical_extents", spec.extents},
                   {"extents", layout.extents},
                   {"elements", layout.elements()},
                   {"alignment", layout.alignment(problem.dtype())},
                   {"offsets", std::move(offsets)}};
  if (spec.role == Role::output) {
    const Tolerance t =
        tolerance_for(problem, spec, activation_error(problem, c.candidate.schedule));
    argument["tolerance_abs"] = t.absolute;
    argument["tolerance_rel"] = t.relative;
  }
  return argument;
}

json case_json(const BundleCase& c, Values& values, DataFile& data) {
  const Problem& problem = c.candidate.problem;
  if (problem.dtype() != DType::f32)
    throw usage_error("'" + problem.text() + "': only f32 can be measured");
  const auto& sets = values.of(problem, c.seed);
  const auto all = layouts(problem, c.candidate.schedule);
  json arguments = json::array();
  for (std::size_t i = 0; i < all.size(); i++)
    arguments.push_back(argument_json(c, problem.tensors()[i], all[i], sets, data));
  json j = {{"id", c.id},
            {"problem", problem.text()},
            {"schedule", to_text(c.candidate.schedule)},
            {"seed", c.seed},
            {"symbol", c.timed.symbol},
            {"object_sha256", c.timed.object_sha256},
            {"macs", problem.macs()},
            {"macs_inside", problem.macs_inside()},
            {"arguments", std::move(arguments)}};
  if (c.checked.outcome == Outcome::ok) j["checked_symbol"] = c.checked.symbol;
  return j;
}

/// Kernels of a bundle by symbol; two cases may share one.
std::map<std::string, std::string> objects_of(const std::vector<BundleCase>& cases) {
  std::map<std::string, std::string> objects;
  for (const BundleCase& c : cases)
    for (const Compiled* compiled : {&c.timed, &c.checked})
      if (compiled->outcome == Outcome::ok) objects[compiled->symbol] = compiled->object;
  return objects;
}

/// The table that a static program has instead of dlsym(): dlopen does not work from one.
std::string table_source(const std::map<std::string, std::string>& objects) {
  std::ostringstream text;
  text << "// Generated: the kernels of this bundle. See suites/runner/entry.h.\n"
          "using KernelEntry = int (*)(void**);\n"
          "struct BenchEntry {\n  const char* symbol;\n  KernelEntry call;\n};\n"
          "extern \"C\" int halcyon_bench(int, char**, const BenchEntry*, int);\n";
  for (const auto& [symbol, object] : objects)
    text << "extern \"C\" int " << symbol << "_argv(void**);\n";
  text << "static const BenchEntry entries[] = {\n";
  for (const auto& [symbol, object] : objects)
    text << "    {\"" << symbol << "\", " << symbol << "_argv},\n";
  text << "    {nullptr, nullptr},\n};\n"
       << "int main(int argc, char** argv) { return halcyon_bench(argc, argv, entries, "
       << objects.size() << "); }\n";
  return text.str();
}

/// What turns objects into the program of a bundle, by architecture.
struct Linkage {
  const char *linker, *runner, *benchmark;
};
Linkage linkage_of(const Target& target) {
  if (target.arch == HALCYON_ARCH) return {HALCYON_LINKER, HALCYON_RUNNER, HALCYON_BENCHMARK};
  const Linkage cross{"aarch64-linux-gnu-g++", HALCYON_AARCH64_RUNNER, HALCYON_AARCH64_BENCHMARK};
  for (const char* archive : {cross.runner, cross.benchmark})
    if (target.arch != "aarch64" || !std::filesystem::exists(archive))
      throw Error(Exit::infrastructure,
                  "target " + target.name + ": " + archive + " is missing: run make setup-cross");
  return cross;
}

void link(const Bundle& bundle, const Linkage& linkage,
          const std::map<std::string, std::string>& objects, const std::string& runtime_object) {
  const std::string source = bundle.folder + "/table.cpp";
  OutputFile table(source);
  table.write(table_source(objects));
  table.close();
  // Sections that nothing reaches are dropped before their references are asked for: the runner
  // shares sources with libraries that it does not need whole.
  std::vector<std::string> argv = {linkage.linker, "-static",      "-Wl,--gc-sections",
                                   "-o",           bundle.program, source};
  std::set<std::string> files;
  for (const auto& [symbol, object] : objects)
    if (files.insert(object).second) argv.push_back(object);
  if (!runtime_object.empty()) argv.push_back(runtime_object);
  for (const char* more : {linkage.runner, linkage.benchmark, "-pthread"}) argv.push_back(more);
  const Ended ended = run_program({.wall_seconds = 300, .processes = 0}, argv);
  if (ended.how == Ended::exited && ended.code == 0) return;
  throw Error(Exit::infrastructure, bundle.program + ": linking failed (" + describe(ended) +
                                        "): " + ended.output.substr(0, ended.output.find('\n')));
}

}  // namespace

Bundle make_bundle(const std::string& folder, const Target& target,
                   const std::vector<BundleCase>& cases, const std::string& runtime_object) {
  const Linkage linkage = linkage_of(target);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(Exit::environment, folder + ": " + error.message());
  const Bundle bundle{folder, folder + "/bench", folder + "/manifest.json"};
  DataFile data(folder + "/data.bin");
  Values values;
  json list = json::array();
  for (const BundleCase& c : cases)
    list.push_back(in_context("case '" + c.id + "'", [&] { return case_json(c, values, data); }));
  data.close();
  const json manifest = {{"schema", 1},
                         {"target", target.name},
                         {"isa", target.isa},
                         {"sets", kSetNames},
                         {"cases", std::move(list)}};
  OutputFile file(bundle.manifest);
  file.write(manifest.dump(1) + "\n");
  file.close();
  link(bundle, linkage, objects_of(cases), runtime_object);
  return bundle;
}

}  // namespace halcyon
