#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "Halide.h"

namespace halcyon {

/// For tests: what Halide writes of a module as text (assembly, stmt), by way of a file of this
/// process.
inline std::string compiled_text(const Halide::Module& module, Halide::OutputFileType type) {
  const std::string file = testing::TempDir() + "compiled_text." + std::to_string(getpid());
  module.compile({{type, file}});
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  std::remove(file.c_str());
  return text.str();
}

}  // namespace halcyon
