#include "suites/bundle/link.h"

#include <filesystem>
#include <set>
#include <sstream>

#include "kernels/error.h"
#include "schedules/fence/child.h"
#include "schedules/fence/running_child.h"
#include "suites/bundle/data_file.h"
#include "suites/bundle/toolchain_output.h"

namespace halcyon {
namespace {

/// The table that a static program has instead of dlsym(): dlopen does not work from one.
std::string table_source(const std::map<std::string, std::string>& objects) {
  std::ostringstream text;
  text << "// Generated: the kernels of this bundle. See suites/runner/bundle/entry.h.\n"
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

}  // namespace

void require_linkage(const Target& target) { linkage_of(target); }

void link_bundle(const Bundle& bundle, const Target& target,
                 const std::map<std::string, std::string>& objects,
                 const std::string& runtime_object) {
  const Linkage linkage = linkage_of(target);
  const std::string source = bundle.folder + "/table.cpp";
  OutputFile table(source);
  table.write(table_source(objects));
  table.close();
  // Sections that nothing reaches are dropped before their references are asked for: the runner
  // shares sources with libraries that it does not need whole.
  // What it writes meanwhile goes with the bundle, also when it is killed.
  std::vector<std::string> argv = {"env",
                                   "TMPDIR=" + bundle.folder,
                                   find_program(linkage.linker),
                                   "-static",
                                   "-Wl,--gc-sections",
                                   "-o",
                                   bundle.program,
                                   source};
  std::set<std::string> files;
  for (const auto& [symbol, object] : objects)
    if (files.insert(object).second) argv.push_back(object);
  if (!runtime_object.empty()) argv.push_back(runtime_object);
  for (const char* more : {linkage.runner, linkage.benchmark, "-pthread"}) argv.push_back(more);
  const Ended ended = run_program({.wall_seconds = 300, .processes = 0}, argv);
  if (ended.how == Ended::exited && ended.code == 0) return;
  const std::string said = complaint_in(ended.output);
  if (const std::string lack = lack_in(ended.output); !lack.empty())
    throw Error(Exit::environment, bundle.folder + ": " + lack + ", while linking: " + said);
  throw Error(Exit::infrastructure,
              bundle.program + ": linking failed (" + describe(ended) + "): " + said);
}

}  // namespace halcyon
