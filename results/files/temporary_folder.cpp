#include "results/files/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "kernels/error.h"

namespace halcyon {
namespace {

/// Where temporary files go, and who says so, in the order of the C++ library and of GCC.
struct Place {
  std::string variable, folder;
};
Place place() {
  for (const char* variable : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"})
    if (const char* folder = std::getenv(variable); folder && *folder) return {variable, folder};
  return {"temporary folder", "/tmp"};
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  const auto [variable, folder] = place();
  std::string name = folder + "/halcyon-XXXXXX";
  if (!mkdtemp(name.data())) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    throw Error(Exit::environment, variable + " " + folder + ": " +
                                       (missing ? "no such folder" : std::strerror(errno)));
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a leftover among temporary files is no reason to fail
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace halcyon
