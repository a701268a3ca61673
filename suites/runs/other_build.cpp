#include "suites/runs/other_build.h"

#include <unistd.h>

#include <filesystem>

#include "kernels/error.h"
#include "results/figures/rivals.h"
#include "results/files/file_lock.h"
#include "schedules/compile/cache.h"
#include "schedules/fence/child.h"
#include "suites/bundle/toolchain_output.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none) && access(path.c_str(), X_OK) == 0;
}

/// What a command says; it is ours, and has no limit but time.
Ended run(const std::vector<std::string>& argv, double seconds) {
  return run_program({.wall_seconds = seconds, .processes = 0, .isolation = Isolation::subreaper},
                     argv);
}

/// The whole name of a commit; empty where there is none of that name.
std::string commit_named(const std::string& name, const std::string& root) {
  if (name.starts_with('-')) return "";
  const Ended e =
      run({"git", "-C", root, "rev-parse", "--verify", "--quiet", name + "^{commit}"}, 60);
  if (e.how != Ended::exited || e.code != 0) return "";
  return e.output.substr(0, e.output.find('\n'));
}

/// What is installed for building ours serves that commit, too, where it asks for the same: minutes
/// and a gigabyte less.
void share_installed(const std::string& commit, const std::string& root, const fs::path& folder) {
  const fs::path ours = fs::absolute(root) / ".deps";
  const Ended e = run({"git", "-C", root, "diff", "--quiet", commit, "--", ".ci/setup",
                       ".ci/requirements.txt", ".ci/benchmark.txt"},
                      60);
  if (e.how == Ended::exited && e.code == 0 && fs::is_directory(ours))
    fs::create_directory_symlink(ours, folder / ".deps");
}

/// Where it will stay, since paths are built in; the program is the last thing that is made. Goes
/// on with what an interrupt left.
void build(const std::string& commit, const std::string& root, const std::string& folder) {
  const auto demand = [&](const std::vector<std::string>& argv) {
    const Ended e = run(argv, 3600);
    if (e.how == Ended::exited && e.code == 0) return;
    throw Error(Exit::infrastructure, "--against-build: commit " + commit.substr(0, 12) +
                                          " cannot be built: " + argv.front() + ": " + describe(e) +
                                          ": " + complaint_in(e.output));
  };
  if (!fs::exists(folder)) {
    const std::string new_folder = folder + ".new";
    fs::remove_all(new_folder);  // what an earlier end left
    demand({"git", "clone", "--quiet", "--no-checkout", root, new_folder});
    demand({"git", "-C", new_folder, "checkout", "--quiet", "--detach", commit});
    share_installed(commit, root, new_folder);
    fs::rename(new_folder, folder);
  }
  demand({"make", "-C", folder, "build"});
}

}  // namespace

OtherBuild other_build(const std::string& which, const Folders& folders, Progress& progress) {
  if (is_program(which)) return {kBuildPrefix + which, fs::absolute(which)};
  const fs::path inside = fs::path(which) / "build/halcyon";
  if (is_program(inside)) return {kBuildPrefix + which, fs::absolute(inside)};
  const std::string commit = commit_named(which, folders.root);
  if (commit.empty())
    throw usage_error(
        "--against-build '" + which +
        "': neither a program, nor a checkout with a build/halcyon, nor a commit of " +
        folders.root);
  const fs::path folder = fs::path(cache_folder(folders.cache)) / "builds" / commit;
  fs::create_directories(folder.parent_path());
  const FileLock lock(folder);
  if (!is_program(folder / "build/halcyon")) {
    progress.say("building " + commit.substr(0, 12) + " in " + folder.string() +
                 ", once: ten minutes");
    build(commit, folders.root, folder);
  }
  return {kBuildPrefix + commit.substr(0, 12), folder / "build/halcyon"};
}

}  // namespace halcyon
