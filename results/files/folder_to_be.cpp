#include "results/files/folder_to_be.h"

#include <fcntl.h>
#include <stdio.h>

#include <cstdlib>

#include "kernels/error.h"

namespace halcyon {

namespace fs = std::filesystem;

FolderToBe::FolderToBe(const std::string& name) : name_(fs::absolute(name).lexically_normal()) {
  if (!name_.has_filename()) name_ = name_.parent_path();  // "DIR/"
  std::error_code error;
  if (fs::is_symlink(name_, error)) name_ = fs::weakly_canonical(name_);
  fs::create_directories(name_.parent_path(), error);
  std::string part = name_.string() + ".part-XXXXXX";
  if (error || !mkdtemp(part.data()))
    throw Error(Exit::environment, name_.parent_path().string() + ": cannot be written");
  part_ = part;
}

FolderToBe::~FolderToBe() {
  std::error_code ignored;  // after finish() there is none, or what it replaced
  fs::remove_all(part_, ignored);
}

void FolderToBe::finish(bool in_place_of_old) const {
  std::error_code error;
  // mkdtemp's folders are their owner's alone.
  fs::permissions(part_, fs::status(name_.parent_path()).permissions() & fs::perms(0755), error);
  if (in_place_of_old &&
      renameat2(AT_FDCWD, part_.c_str(), AT_FDCWD, name_.c_str(), RENAME_EXCHANGE) == 0)
    return;
  if (in_place_of_old) fs::remove_all(name_, error);  // file systems that cannot exchange
  fs::rename(part_, name_, error);
  if (error) throw Error(Exit::environment, name_.string() + ": " + error.message());
}

}  // namespace halcyon
