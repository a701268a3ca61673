#include "suites/onnx/npy.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <set>
#include <string_view>

#include "kernels/strict_json.h"
#include "results/files/atomic_file.h"

namespace halcyon {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied as they lie");

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMostBytes = std::size_t{4} << 30;

/// What NumPy calls our dtypes.
struct NpyName {
  DType dtype;
  std::string_view descr, name;
};
constexpr NpyName kNames[] = {{DType::f32, "<f4", "float32"}};

const NpyName& name_of(DType dtype) {
  for (const NpyName& n : kNames)
    if (n.dtype == dtype) return n;
  no_values_of(dtype);
}

std::string allowed_names() {
  std::string text;
  for (const NpyName& n : kNames)
    text += (text.empty() ? "'" : ", '") + std::string(n.descr) + "' (" + std::string(n.name) +
            ", little-endian)";
  return text;
}

std::string dims_text(const std::vector<std::int64_t>& dims) {
  std::string text;
  for (const std::int64_t d : dims) text += (text.empty() ? "" : ", ") + std::to_string(d);
  return "(" + text + (dims.size() == 1 ? ",)" : ")");
}

/// Reads the header's text, a Python dict of three known keys: {'descr': '<f4', 'fortran_order':
/// False, 'shape': (1, 3, 224, 224), }, then blanks and a line end.
class NpyHeader {
 public:
  explicit NpyHeader(std::string_view text) : rest_(text) {}

  struct Read {
    DType dtype;
    std::vector<std::int64_t> dims;
  };
  Read read() {
    expect('{');
    std::set<std::string, std::less<>> seen;
    while (!take('}')) {
      const std::string key(quoted());
      expect(':');
      if (!seen.insert(key).second) throw data_error("header: key '" + key + "' twice");
      read_value(key);
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    blanks();
    if (!rest_.empty()) throw data_error("header: text behind the dict");
    if (seen.size() != 3)
      throw data_error("header: a key is missing; allowed: descr, fortran_order and shape");
    return {dtype_, dims_};
  }

 private:
  void read_value(const std::string& key) {
    if (key == "descr") {
      const std::string_view descr = quoted();
      const auto* const found = std::find_if(std::begin(kNames), std::end(kNames),
                                             [&](const NpyName& n) { return n.descr == descr; });
      if (found == std::end(kNames))
        throw data_error("dtype '" + std::string(descr.substr(0, 16)) +
                         "'; allowed: " + allowed_names());
      dtype_ = found->dtype;
    } else if (key == "fortran_order") {
      if (take_word("True")) throw data_error("Fortran order; allowed: C order");
      if (!take_word("False")) throw data_error("header: fortran_order is neither True nor False");
    } else if (key == "shape") {
      read_dims();
    } else {
      throw data_error("header: an unknown key; allowed: descr, fortran_order, shape");
    }
  }

  void read_dims() {
    expect('(');
    while (!take(')')) {
      dims_.push_back(extent());
      if (!take(',')) {
        // (3) is a number in brackets, not a tuple
        if (dims_.size() == 1) throw data_error("header: shape is no tuple");
        expect(')');
        break;
      }
    }
    if (dims_.size() > 8) throw data_error(std::to_string(dims_.size()) + " dims; allowed: 8");
  }

  std::int64_t extent() {
    blanks();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc() || value < 1 || value > std::numeric_limits<int>::max())
      throw data_error("header: an extent of shape; allowed: 1 to 2147483647");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string_view quoted() {
    blanks();
    const char quote = rest_.empty() ? '\0' : rest_.front();
    const std::size_t end = rest_.find(quote, 1);
    if ((quote != '\'' && quote != '"') || end == std::string_view::npos)
      throw data_error("header: found no quoted word where one is due");
    const std::string_view word = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return word;
  }

  void blanks() {
    const std::size_t n = rest_.find_first_not_of(" \n");
    rest_.remove_prefix(n == std::string_view::npos ? rest_.size() : n);
  }
  bool take_word(std::string_view word) {
    blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  bool take(char c) { return take_word({&c, 1}); }
  void expect(char c) {
    if (!take(c)) throw data_error(std::string("header: no '") + c + "' where one is due");
  }

  std::string_view rest_;
  DType dtype_ = DType::f32;
  std::vector<std::int64_t> dims_;
};

/// Splits a file into the text of its header and its data.
std::pair<std::string_view, std::string_view> split(std::string_view file) {
  const std::size_t fixed = kMagic.size() + 2;
  if (file.size() < fixed || !file.starts_with(kMagic))
    throw data_error("found no .npy file; allowed: one that starts with \\x93NUMPY");
  const int version = static_cast<unsigned char>(file[kMagic.size()]);
  if ((version != 1 && version != 2) || file[kMagic.size() + 1] != 0)
    throw data_error("format version " + std::to_string(version) + "; allowed: 1.0 and 2.0");
  const std::size_t width = version == 1 ? 2 : 4;
  if (file.size() < fixed + width) throw data_error("ends within its header");
  std::uint32_t length = 0;
  std::memcpy(&length, file.data() + fixed, width);
  if (length > file.size() - fixed - width)
    throw data_error("header of " + std::to_string(length) + " bytes; allowed: up to " +
                     std::to_string(file.size() - fixed - width) + ", what the file has");
  return {file.substr(fixed + width, length), file.substr(fixed + width + length)};
}

}  // namespace

NpyArray read_npy(const std::string& path) {
  const std::string file = read_text_file(path, Exit::data, kMostBytes);
  return in_context(path, [&] {
    const auto [header, data] = split(file);
    const auto [dtype, dims] = NpyHeader(header).read();
    const auto size = static_cast<std::size_t>(bytes_of(dtype));
    std::size_t elements = 1;  // at most 2^30 so far, times less than 2^31
    for (const std::int64_t extent : dims)
      if ((elements *= static_cast<std::size_t>(extent)) > kMostBytes / size) break;
    if (data.size() % size != 0 || data.size() / size != elements)
      throw data_error("found " + std::to_string(data.size()) +
                       " bytes of data; allowed: those of " + dims_text(dims) + " " +
                       std::string(name_of(dtype).name));
    return NpyArray{dims, Tensor({dtype, std::as_bytes(std::span(data))})};
  });
}

Tensor read_npy(const std::string& path, const std::vector<std::int64_t>& dims, DType dtype) {
  NpyArray array = read_npy(path);
  if (array.values.dtype() != dtype)
    throw data_error(path + ": found " + std::string(name_of(array.values.dtype()).name) +
                     "; allowed: " + std::string(name_of(dtype).name));
  if (array.dims != dims)
    throw data_error(path + ": found shape " + dims_text(array.dims) +
                     "; allowed: " + dims_text(dims));
  return std::move(array.values);
}

void write_npy(const std::string& path, const NpyArray& array) {
  std::string header = "{'descr': '" + std::string(name_of(array.values.dtype()).descr) +
                       "', 'fortran_order': False, 'shape': " + dims_text(array.dims) + ", }";
  // Data start at a multiple of 64 bytes, as the format asks.
  const std::size_t before = kMagic.size() + 2 + sizeof(std::uint16_t);
  header.append(63 - (before + header.size()) % 64, ' ');
  header += '\n';
  const auto length = static_cast<std::uint16_t>(header.size());
  std::string file(kMagic);
  file += {'\x01', '\x00'};
  file.append(reinterpret_cast<const char*>(&length), sizeof length);
  file += header;
  const std::span<const std::byte> data = array.values.bytes();
  file.append(reinterpret_cast<const char*>(data.data()), data.size());
  write_file_atomically(path, file);
}

}  // namespace halcyon
