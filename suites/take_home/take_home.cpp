#include "suites/take_home/take_home.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/oracle/arguments.h"
#include "kernels/oracle/reference.h"
#include "kernels/oracle/tensor_file.h"
#include "kernels/strict_json.h"
#include "results/files/atomic_file.h"
#include "results/files/folder_to_be.h"
#include "results/text/json_text.h"
#include "suites/runs/run.h"
#include "suites/take_home/c_name.h"
#include "suites/take_home/take_home_text.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

std::string bytes_of_file(const std::string& path) {
  return read_text_file(path, Exit::infrastructure, std::size_t{1} << 30);
}

constexpr const char* kTemplates[] = {"kernel.h", "call.c", "pack.h",
                                      "pack.c",   "main.c", "Makefile"};

std::string template_text(const std::string& file) {
  return bytes_of_file(HALCYON_TEMPLATES "/" + file + ".in");
}

void check_name(const std::string& name) {
  std::string sources;
  for (const std::string file : kTemplates)
    if (file != "Makefile") sources += template_text(file);
  if (const std::string why = why_no_c_name(name, sources); !why.empty())
    throw usage_error("--name '" + name + "': no name for a C function: " + why);
}

/// What somebody has there stays: a folder that is not empty is refused.
void check_folder(const std::string& folder) {
  if (folder.empty()) throw usage_error("emit: -o DIR says where the kernel goes");
  std::error_code error;
  if (fs::exists(folder, error) &&
      !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    throw usage_error(folder + ": is there already and is no empty folder; name a new one");
}

/// The candidate of a request, checked as `check` does it.
TakeHome checked_candidate(const RunPlan& asked, const std::string& name, Progress& progress) {
  RunPlan check = asked;
  check.request.out.clear();
  const Document document = run(Verb::check, check, progress);
  throw_if_interrupted();  // what was done by then is not shown to anybody
  const Record& record = document.records.front();
  if (record.outcome != Outcome::ok && record.outcome != Outcome::not_runnable)
    throw Error(exit_of(document), std::string(to_text(record.outcome)) + ": " + record.detail);
  const Candidate candidate{Problem::parse(record.problem), parse_schedule(record.schedule),
                            document.targets.front()};
  Compiler compiler(cache_folder(asked.request.folders.cache));
  const Compiled compiled = compiler.compile(candidate, {.keep_assembly = true});
  if (compiled.outcome != Outcome::ok)
    throw Error(Exit::infrastructure,
                std::string(to_text(compiled.outcome)) + ": " + compiled.detail);
  if (record.outcome == Outcome::not_runnable) progress.say("not checked: " + record.detail);
  return {candidate, compiled, record, name};
}

/// Seeded inputs and what plain loops make of them, a file each.
void write_data(const Problem& problem, std::uint64_t seed, const FolderToBe& folder) {
  Tensors all = seeded_arguments(problem, Fill::random, seed);
  all.merge(reference(problem, all));
  fs::create_directory(folder.file("data"));
  for (const auto& [name, values] : all)
    write_tensor(tensor_path(folder.file("data"), name, values.dtype()), values);
}

}  // namespace

void take_home(const RunPlan& asked, const std::string& name, Progress& progress) {
  const Request& request = asked.request;
  if (asked.what.front().named != Named::problem)
    throw usage_error("'" + request.what.front() + "' is no problem: emit takes one in quotes");
  check_name(name);
  check_folder(request.out);
  const TakeHome kernel = checked_candidate(asked, name, progress);
  Compiler compiler(cache_folder(request.folders.cache));
  const FolderToBe folder(request.out);
  const std::map<std::string, std::string> copies = {
      {"kernel.o", kernel.compiled.object},
      {"kernel.s", kernel.compiled.assembly},
      {"runtime.o", compiler.runtime_object(kernel.candidate.target)},
      {"HalideRuntime.h", HALCYON_RUNTIME_HEADER}};
  for (const auto& [file, from] : copies)
    write_file_atomically(folder.file(file), bytes_of_file(from));
  const Marks marks = marks_of(kernel);
  for (const char* file : kTemplates)
    write_file_atomically(folder.file(file), filled_in(template_text(file), marks));
  write_file_atomically(folder.file("schedule.txt"), to_text(kernel.candidate.schedule));
  write_file_atomically(folder.file("arguments.json"), indented_text(description_of(kernel)));
  write_data(kernel.candidate.problem, request.seed, folder);
  throw_if_interrupted();
  folder.finish();
  progress.say("wrote " + request.out + "; make -C " + request.out + " run shows that it works");
}

}  // namespace halcyon
