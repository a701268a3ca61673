#pragma once
#include <map>
#include <string>

#include "suites/bundle/bundle.h"

namespace halcyon {

/// Error (exit 5) when a bundle for the target cannot be linked here.
void require_linkage(const Target&);

/// Links the program of a bundle: the runner that the build left for the target, `objects` (files
/// by the symbol of their kernel; symbols may share one) and Halide's runtime, empty for none.
/// Error (exit 5) when the toolchain fails, (exit 4) when it found no room.
void link_bundle(const Bundle&, const Target&, const std::map<std::string, std::string>& objects,
                 const std::string& runtime_object);

}  // namespace halcyon
