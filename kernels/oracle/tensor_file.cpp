#include "kernels/oracle/tensor_file.h"

#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "kernels/error.h"

namespace halcyon {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they lie");

std::ifstream opened(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(Exit::environment, path + ": cannot be read: " + std::strerror(errno));
  return file;
}

Tensor read(std::ifstream& file, DType dtype, std::size_t most) {
  Tensor tensor(dtype, most);
  file.read(reinterpret_cast<char*>(tensor.bytes().data()),
            static_cast<std::streamsize>(tensor.bytes().size()));
  const auto found = static_cast<std::size_t>(file.gcount());
  if (found == tensor.bytes().size()) return tensor;
  const auto size = static_cast<std::size_t>(bytes_of(dtype));
  return Tensor({dtype, tensor.bytes().first(found / size * size)});
}

}  // namespace

std::string tensor_path(const std::string& folder, const std::string& name, DType dtype) {
  return folder + "/" + name + "." + std::string(to_text(dtype));
}

void write_tensor(const std::string& path, TensorView tensor, WriteMode mode) {
  std::ofstream file(
      path, mode == WriteMode::append ? std::ios::binary | std::ios::app : std::ios::binary);
  file.write(reinterpret_cast<const char*>(tensor.bytes.data()),
             static_cast<std::streamsize>(tensor.bytes.size()));
  file.close();
  if (!file) throw Error(Exit::environment, path + ": cannot be written: " + std::strerror(errno));
}

Tensor read_tensor(const std::string& path, DType dtype, std::size_t most) {
  std::ifstream file = opened(path);
  return read(file, dtype, most);
}

Tensor read_whole_tensor(const std::string& path, DType dtype, std::size_t elements) {
  std::ifstream file = opened(path);
  Tensor tensor = read(file, dtype, elements);
  if (tensor.size() != elements || file.peek() != std::ifstream::traits_type::eof())
    throw Error(Exit::environment, path + ": is no file of " + std::to_string(elements) + " " +
                                       std::string(to_text(dtype)) + " values");
  return tensor;
}

}  // namespace halcyon
