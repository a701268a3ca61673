#pragma once
#include <optional>
#include <string>
#include <vector>

#include "results/files/folder_to_be.h"
#include "suites/bundle/bundle.h"
#include "suites/request/progress.h"

namespace halcyon {

/// The folder that `bench --bundle` leaves: programs with their data, README.txt that says how to
/// run them, bundle.json that says what is there. A run that makes one program has it in the folder
/// itself; one that makes more has each in a folder of its own in there.
class KeptBundles {
 public:
  /// `programs`: how many the run makes, if all goes well. Error (exit 2) when something is in the
  /// way that no --bundle left; nothing is made yet.
  KeptBundles(std::string folder, std::string command, int programs);

  /// Where a program is to be made (make_bundle()): "cases", or a network's name.
  std::string place(const std::string& name);
  /// Takes one that was made elsewhere and will go.
  void copy(const Bundle&, const std::string& name);
  /// Takes the folder's place and says so; without a program says that there is none.
  void finish(const Target&, Progress&);

 private:
  std::string readme(const Target&) const;

  const std::string folder_, command_;
  const bool several_;
  std::optional<FolderToBe> to_be_;
  std::vector<std::string> programs_;  // folders in ours: "" of the only one
};

}  // namespace halcyon
