#include "suites/onnx/npy.h"

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

  std::vector<std::int64_t> dims() {
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
    return dims_;
  }

 private:
  void read_value(const std::string& key) {
    if (key == "descr") {
      if (const auto dtype = quoted(); dtype != "<f4")
        throw data_error("dtype '" + std::string(dtype.substr(0, 16)) +
                         "'; allowed: '<f4' (float32, little-endian)");
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

/// NHWC index of each element in NCHW order.
template <class Visit>
void each_nchw(const Shape& s, Visit&& visit) {
  std::size_t nchw = 0;
  for (std::size_t n = 0; n < std::size_t(s.n); ++n)
    for (std::size_t c = 0; c < std::size_t(s.c); ++c)
      for (std::size_t y = 0; y < std::size_t(s.h); ++y)
        for (std::size_t x = 0; x < std::size_t(s.w); ++x)
          visit(nchw++, ((n * s.h + y) * s.w + x) * s.c + c);
}

void check_elements(const std::vector<float>& values, const Shape& shape) {
  if (static_cast<std::int64_t>(values.size()) != shape.elements())
    throw data_error(std::to_string(values.size()) + " values; allowed: those of " +
                     to_text(shape));
}

}  // namespace

NpyArray read_npy(const std::string& path) {
  const std::string file = read_text_file(path, Exit::data, kMostBytes);
  return in_context(path, [&] {
    const auto [header, data] = split(file);
    NpyArray array;
    array.dims = NpyHeader(header).dims();
    std::size_t elements = 1;  // at most 2^30 so far, times less than 2^31
    for (const std::int64_t extent : array.dims)
      if ((elements *= static_cast<std::size_t>(extent)) > kMostBytes / sizeof(float)) break;
    if (data.size() % sizeof(float) != 0 || data.size() / sizeof(float) != elements)
      throw data_error("found " + std::to_string(data.size()) +
                       " bytes of data; allowed: those of " + dims_text(array.dims) + " float32");
    array.values.resize(elements);
    std::memcpy(array.values.data(), data.data(), data.size());
    return array;
  });
}

std::vector<float> read_npy(const std::string& path, const std::vector<std::int64_t>& dims) {
  NpyArray array = read_npy(path);
  if (array.dims != dims)
    throw data_error(path + ": found shape " + dims_text(array.dims) +
                     "; allowed: " + dims_text(dims));
  return std::move(array.values);
}

void write_npy(const std::string& path, const NpyArray& array) {
  std::string header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': " + dims_text(array.dims) + ", }";
  // Data start at a multiple of 64 bytes, as the format asks.
  const std::size_t before = kMagic.size() + 2 + sizeof(std::uint16_t);
  header.append(63 - (before + header.size()) % 64, ' ');
  header += '\n';
  const auto length = static_cast<std::uint16_t>(header.size());
  std::string file(kMagic);
  file += {'\x01', '\x00'};
  file.append(reinterpret_cast<const char*>(&length), sizeof length);
  file += header;
  file.append(reinterpret_cast<const char*>(array.values.data()),
              array.values.size() * sizeof(float));
  write_file_atomically(path, file);
}

std::vector<float> nchw_to_nhwc(const std::vector<float>& values, const Shape& shape) {
  check_elements(values, shape);
  std::vector<float> out(values.size());
  each_nchw(shape, [&](std::size_t nchw, std::size_t nhwc) { out[nhwc] = values[nchw]; });
  return out;
}

std::vector<float> nhwc_to_nchw(const std::vector<float>& values, const Shape& shape) {
  check_elements(values, shape);
  std::vector<float> out(values.size());
  each_nchw(shape, [&](std::size_t nchw, std::size_t nhwc) { out[nchw] = values[nhwc]; });
  return out;
}

}  // namespace halcyon
