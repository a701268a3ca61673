#include "suites/temporary_folder.h"

#include <cstdlib>
#include <filesystem>

#include "kernels/error.h"

namespace halcyon {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "halcyon-XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw Error(Exit::environment, fs::temp_directory_path().string() + ": cannot be written");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a leftover among temporary files is no reason to fail
  fs::remove_all(path_, ignored);
}

}  // namespace halcyon
