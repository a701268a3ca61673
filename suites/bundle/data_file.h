#pragma once
#include <cstddef>
#include <fstream>
#include <map>
#include <string>

#include "kernels/oracle/tensor.h"

namespace halcyon {

/// A file of a bundle. What cannot be written is a matter of the disk: Error (exit 4).
class OutputFile {
 public:
  explicit OutputFile(std::string path);
  void write(const void* data, std::size_t bytes);
  void write(const std::string& text) { write(text.data(), text.size()); }
  void close();

 private:
  void check() const;
  std::string path_;
  std::ofstream file_;
};

/// The `data.bin` of a bundle: values at 64-byte aligned offsets. Throws as OutputFile does.
class DataFile {
 public:
  static constexpr std::size_t kAlignment = 64;
  explicit DataFile(const std::string& path) : file_(path) {}
  /// The offset of these values; equal ones are there once: candidates of one problem share inputs
  /// and references.
  std::size_t add(TensorView);
  /// The offset of these values, right behind what was written last: for what must lie together.
  std::size_t append(TensorView);
  void close() { file_.close(); }

 private:
  OutputFile file_;
  std::map<std::string, std::size_t> offsets_;  // of add(), by SHA-256 of their bytes
  std::size_t end_ = 0;
};

}  // namespace halcyon
