#pragma once
#include <string>

#include "Halide.h"
#include "kernels/for_tests.h"

namespace halcyon {

/// For tests: what Halide writes of a module as text (assembly, stmt).
inline std::string compiled_text(const Halide::Module& module, Halide::OutputFileType type) {
  const TestFolder folder;
  const std::string file = folder.path("text");
  module.compile({{type, file}});
  return bytes_in(file);
}

}  // namespace halcyon
