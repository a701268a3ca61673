#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "schedules/compile/compile.h"
#include "suites/cases/suite.h"

namespace halcyon {

/// One candidate inside a bundle.
struct BundleCase {
  std::string id;
  Candidate candidate;
  Compiled timed;          // outcome ok
  Compiled checked;        // the same schedule with Halide's checks; outcome infra when not wanted
  std::uint64_t seed = 1;  // of the inputs
  bool bare = false;       // no data of its own: a kernel that only a network calls
};

/// A folder with one self-contained static program `bench`, `data.bin` (packed arguments and
/// references) and `manifest.json`; runs on its target with nothing else installed, and from
/// wherever it is moved to. Its program has as many threads as the target.
struct Bundle {
  std::string folder, program, manifest;
};
/// Computes inputs and references, packs weights, writes data, links with the runner that the build
/// left for the target. `runtime_object`: of Halide's runtime; empty where no kernel needs it, such
/// as in a bundle without cases, which can still measure the machine. Error (exit 5) when the
/// toolchain fails, (exit 4) when the disk does.
Bundle make_bundle(const std::string& folder, const Target&, const std::vector<BundleCase>&,
                   const std::string& runtime_object);
inline Bundle make_bundle(const std::string& folder, const Target& target,
                          const std::vector<BundleCase>& cases, Compiler& compiler) {
  return make_bundle(folder, target, cases, compiler.runtime_object(target));
}

}  // namespace halcyon
