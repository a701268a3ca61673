#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// A problem as systems get it that are timed on it, each in the form that it reads.
struct ProblemFiles {
  std::string model;             // an ONNX file: every step a node
  std::string description;       // a JSON file, its parameters in a raw file beside it: README.md
  Tensor input;                  // all that it reads, one after the other, each NCHW
  std::vector<Tensor> expected;  // of plain loops in double: `out`, then the means of `sums`
  std::vector<Tensor> own_expected;  // as our kernels have it, sums being sums; empty: the same
};
/// On seeded values, those of a bundle's first set. Files go into an existing folder. Error (exit
/// 4) when they cannot be written.
ProblemFiles write_problem(const Problem&, std::uint64_t seed, const std::string& folder);

}  // namespace halcyon
