#pragma once
#include <string>

#include "suites/request/progress.h"
#include "suites/request/request.h"

namespace halcyon {

/// The program of another state of this project.
struct OtherBuild {
  std::string name;     // "build 276b69f" of a commit, "build ../before" of a path
  std::string program;  // halcyon
};
/// `which`: a program, a checkout that was built (its build/halcyon), or a commit of the checkout
/// that this program is of, which is built beside the objects that are kept, once: minutes. Error
/// (exit 2) for what is none of these, (exit 5) for a commit that cannot be built.
OtherBuild other_build(const std::string& which, const Folders&, Progress&);

}  // namespace halcyon
