#include "suites/bundle/data_file.h"

#include <cerrno>
#include <cstring>
#include <string_view>

#include "kernels/error.h"
#include "schedules/compile/sha256.h"

namespace halcyon {

OutputFile::OutputFile(std::string path) : path_(std::move(path)), file_(path_, std::ios::binary) {
  check();
}

void OutputFile::write(const void* data, std::size_t bytes) {
  file_.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  check();
}

void OutputFile::close() {
  file_.close();
  check();
}

void OutputFile::check() const {
  if (!file_)
    throw Error(Exit::environment, path_ + ": cannot be written: " + std::strerror(errno));
}

std::size_t DataFile::add(TensorView values) {
  const std::string_view raw(reinterpret_cast<const char*>(values.bytes.data()),
                             values.bytes.size());
  const auto [found, is_new] = offsets_.try_emplace(sha256_hex(raw), end_);
  if (is_new) append(values);
  return found->second;
}

std::size_t DataFile::append(TensorView values) {
  static const char zeros[kAlignment] = {};
  const std::size_t begin = end_, bytes = values.bytes.size();
  const std::size_t padding = (kAlignment - bytes % kAlignment) % kAlignment;
  file_.write(values.bytes.data(), bytes);
  file_.write(zeros, padding);
  end_ += bytes + padding;
  return begin;
}

}  // namespace halcyon
