#include "suites/runs/kept_bundle.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "results/files/atomic_file.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kContents = "bundle.json";
constexpr const char* kReadme = "README.txt";
constexpr const char* kProgramFiles[] = {"bench", "data.bin", "manifest.json"};

std::string inside(const std::string& folder, const std::string& file) {
  return folder.empty() ? file : folder + "/" + file;
}

/// What a former --bundle left in a folder; none where it has no sound bundle.json.
std::optional<std::vector<std::string>> left_in(const fs::path& folder) {
  std::vector<std::string> paths = {kContents, kReadme};
  try {
    const std::string path = (folder / kContents).string();
    const json value = read_json_file(path, Exit::data);
    Reader in(value, path, "", Exit::data);
    for (const std::string& program : in.strings("programs")) {
      if (!program.empty()) paths.push_back(program);
      for (const char* file : kProgramFiles) paths.push_back(inside(program, file));
    }
  } catch (const Error&) {
    return std::nullopt;
  }
  return paths;
}

/// Error (exit 4) where nothing can be made: found before minutes of work, not after.
void require_writable(const std::string& folder) {
  fs::path above = fs::weakly_canonical(fs::absolute(folder)).parent_path();
  while (!fs::exists(above) && above.has_relative_path()) above = above.parent_path();
  if (access(above.c_str(), W_OK | X_OK) != 0)
    throw Error(Exit::environment,
                "--bundle '" + folder + "': " + above.string() + " cannot be written");
}

/// Whether there is a folder to be replaced. Error (exit 2) for all that is somebody's.
bool check_place(const std::string& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (!fs::exists(status)) return false;
  if (!fs::is_directory(status))
    throw usage_error("--bundle '" + folder + "': is there already and is no folder");
  if (fs::is_empty(folder, error)) return false;
  const auto left = left_in(folder);
  for (const auto& item : fs::recursive_directory_iterator(folder, error)) {
    const std::string path = item.path().lexically_relative(folder).string();
    if (!left || std::find(left->begin(), left->end(), path) == left->end())
      throw usage_error("--bundle '" + folder + "': holds '" + path +
                        "', which no --bundle left there; name a new folder");
  }
  if (error) throw usage_error("--bundle '" + folder + "': " + error.message());
  return true;
}

std::string folder_name(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_') c = '-';
  return name.empty() || name[0] == '.' ? "network" + name : name;
}

}  // namespace

KeptBundles::KeptBundles(std::string folder, std::string command, int programs)
    : folder_(std::move(folder)), command_(std::move(command)), several_(programs > 1) {
  check_place(folder_);
  require_writable(folder_);
}

std::string KeptBundles::place(const std::string& name) {
  if (!to_be_) to_be_.emplace(folder_);
  std::string program = several_ ? folder_name(name) : "";
  const std::string wanted = program;
  for (int n = 2; std::find(programs_.begin(), programs_.end(), program) != programs_.end(); n++)
    program = wanted + "-" + std::to_string(n);
  programs_.push_back(program);
  return program.empty() ? to_be_->file("") : to_be_->file(program);
}

void KeptBundles::copy(const Bundle& bundle, const std::string& name) {
  const std::string to = place(name);
  make_folder(to);
  for (const char* file : kProgramFiles) {
    std::error_code error;
    fs::copy_file(bundle.folder + "/" + file, to + "/" + file, error);
    if (error) throw Error(Exit::environment, folder_ + "/" + file + ": " + error.message());
  }
}

std::string KeptBundles::readme(const Target& target) const {
  const std::string one = inside(programs_.front(), "bench");
  const std::string name = fs::absolute(folder_ + "/.").lexically_normal().parent_path().filename();
  const std::string of = " of Google Benchmark for " + target.arch + ", target " + target.name;
  std::string text = "Left by: " + command_ + "\n\n";
  text +=
      programs_.size() == 1
          ? "A static program" + of + ", and its data. It needs nothing installed and runs\n"
          : "Static programs" + of + ", each with its data. They need nothing installed and run\n";
  text += "from wherever the folder is:\n\n";
  for (const std::string& program : programs_)
    text += "  ./" + inside(program, "bench") + " --benchmark_list_tests\n";
  text += "  ./" + one +
          " --benchmark_filter=REGEX --benchmark_repetitions=5\n\n"
          "On a board:\n\n  scp -r " +
          name + " BOARD: && ssh BOARD " + name + "/" + one + "\n\n";
  if (target.arch == "aarch64")
    text += "On another machine, where times mean nothing:\n\n  qemu-aarch64 ./" + one + "\n\n";
  if (target.threads > 1)
    text += "Kernels run on " + std::to_string(target.threads) + " threads.\n";
  return text +
         "Each benchmark is compared with plain loops before it is timed. What Halcyon publishes "
         "comes from its own\nsampler, which drops samples of disturbed moments; times by hand are "
         "as they come.\n";
}

void KeptBundles::finish(const Target& target, Progress& progress) {
  if (programs_.empty()) {
    progress.say("no bundle in " + folder_ + ": there was nothing to link");
    return;
  }
  for (const std::string& program : programs_) {
    std::error_code ignored;  // what the linker read
    fs::remove(to_be_->file(inside(program, "table.cpp")), ignored);
  }
  write_file_atomically(to_be_->file(kReadme), readme(target));
  write_file_atomically(
      to_be_->file(kContents),
      indented_text({{"command", command_}, {"target", target.name}, {"programs", programs_}}));
  to_be_->finish(check_place(folder_));
  to_be_.reset();
  const std::string first = inside(programs_.front(), "bench");
  std::string line = "wrote " + folder_ + ": ";
  for (const std::string& program : programs_)
    line += (&program == &programs_.front() ? "" : ", ") + inside(program, "bench");
  const std::string board =
      "; on a board: scp -r " + folder_ + " BOARD:bundle && ssh BOARD bundle/";
  progress.say(line + (programs_.size() > 1 ? ", a program each" : "") + board + first +
               " --benchmark_list_tests");
}

}  // namespace halcyon
