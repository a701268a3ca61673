#pragma once
#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <vector>

/// The description of a problem, README.md says what is in it, for the adapter of oneDNN.
namespace onednn_peer {

using Dims = dnnl::memory::dims;
using Floats = std::vector<float>;

/// An op as problem_files.h writes it.
struct OpText {
  std::string word;
  Dims in, out;                                      // n, c, h, w
  Dims kernel, stride, dilation, pad_low, pad_high;  // h, w
  dnnl::memory::dim groups = 1, block = 0;
  std::vector<std::string> acts, epilogue;
  std::map<std::string, Floats> parameters;  // by name without suffix: "w", "b"
};
struct ProblemText {
  std::vector<Dims> inputs;  // further ones behind the first: n, c, h, w
  std::vector<OpText> ops;
};
/// Reads the description and the raw file of parameters beside it.
ProblemText read_problem(const std::string& path);

}  // namespace onednn_peer
