#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "schedules/compile.h"
#include "suites/suite.h"

namespace halcyon {

/// One candidate inside a bundle.
struct BundleCase {
  std::string id;
  Candidate candidate;
  Compiled timed;    // outcome ok
  Compiled checked;  // the same schedule with Halide's checks; outcome infra when not wanted
  std::uint64_t seed = 1;
};

/// A folder with one self-contained static program `bench`, `data.bin` (packed arguments and
/// references) and `manifest.json`; runs on its target with nothing else installed.
struct Bundle {
  std::string folder, program, manifest;
};
/// Computes references, packs weights, writes data, links. `runner_library`: the archives that the
/// build left for the target. Error (exit 5) when the toolchain fails, (exit 4) when the disk does.
Bundle make_bundle(const std::string& folder, const Target&, const std::vector<BundleCase>&,
                   Compiler&);

}  // namespace halcyon
