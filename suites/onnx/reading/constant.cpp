#include "suites/onnx/reading/constant.h"

#include <onnx/onnx-ml.pb.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include "kernels/error.h"
#include "suites/onnx/reading/external_data.h"

namespace halcyon {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

using Proto = onnx::TensorProto;

std::string dtype_text(const Proto& t) {
  const std::string& name =
      onnx::TensorProto_DataType_Name(static_cast<onnx::TensorProto_DataType>(t.data_type()));
  return name.empty() ? std::to_string(t.data_type()) : name;
}

std::int64_t number(const std::string& text, const char* key) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    throw data_error(std::string("external data: ") + key + " is no number of bytes");
  return value;
}

std::string read_outside(const Proto& t, const std::string& folder, std::int64_t bytes) {
  ExternalData data{.location = {}, .offset = 0, .length = bytes};
  for (const auto& entry : t.external_data()) {
    if (entry.key() == "location") data.location = entry.value();
    if (entry.key() == "offset") data.offset = number(entry.value(), "offset");
    if (entry.key() == "length") data.length = number(entry.value(), "length");
  }
  if (data.length != bytes)
    throw data_error("external data of " + std::to_string(data.length) +
                     " bytes; allowed: " + std::to_string(bytes));
  return read_external_data(folder, data);
}

/// The little-endian bytes of a tensor's values; none where its field of their type has them, of
/// `typed` values. `read` keeps those that come from another file.
std::optional<std::string_view> raw_values(const Proto& t, const std::string& folder, int typed,
                                           std::size_t element_bytes, std::string& read) {
  const auto elements = static_cast<std::size_t>(elements_of(dims_of(t)));
  const bool outside = t.data_location() == Proto::EXTERNAL;
  if (int{outside} + int{t.has_raw_data()} + int{typed > 0} > 1)
    throw data_error("values in two places; allowed: one of raw data, typed data, external data");
  if (!outside && !t.has_raw_data()) {
    if (static_cast<std::size_t>(typed) != elements)
      throw data_error(std::to_string(typed) + " values; allowed: " + std::to_string(elements) +
                       ", the product of " + dims_text(dims_of(t)));
    return {};
  }
  const std::size_t bytes = elements * element_bytes;
  if (outside) read = read_outside(t, folder, static_cast<std::int64_t>(bytes));
  const std::string& raw = outside ? read : t.raw_data();
  if (raw.size() != bytes)
    throw data_error(std::to_string(raw.size()) + " bytes; allowed: " + std::to_string(bytes) +
                     ", those of " + dims_text(dims_of(t)));
  return raw;
}

Tensor stored_values(DType dtype, const Proto& t, const std::string& folder, const auto& field) {
  std::string read;
  const auto size = static_cast<std::size_t>(bytes_of(dtype));
  const auto raw = raw_values(t, folder, field.size(), size, read);
  if (!raw) return Tensor::rounded(dtype, std::vector<double>(field.begin(), field.end()));
  return Tensor(TensorView(dtype, std::as_bytes(std::span(*raw))));
}

/// Integers, stored as Stored.
template <class Stored>
std::vector<std::int64_t> stored_integers(const Proto& t, const std::string& folder,
                                          const auto& field) {
  std::string read;
  const auto raw = raw_values(t, folder, field.size(), sizeof(Stored), read);
  if (!raw) return {field.begin(), field.end()};
  std::vector<Stored> stored(raw->size() / sizeof(Stored));
  if (!raw->empty()) std::memcpy(stored.data(), raw->data(), raw->size());
  return {stored.begin(), stored.end()};
}

}  // namespace

Tensor repeated(TensorView one, std::size_t elements) {
  return rearranged(one, elements, [&](auto move) {
    for (std::size_t i = 0; i < elements; ++i) move(i, 0);
  });
}

std::int64_t elements_of(const std::vector<std::int64_t>& dims) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  std::int64_t product = 1;
  for (const std::int64_t d : dims) {
    if (d < 0 || d > kMost || (d > 0 && product > kMost / d))
      throw data_error("dims " + dims_text(dims) + "; allowed: 0 or more, at most 2^40 elements");
    product *= d;
  }
  return product;
}

std::string dims_text(const std::vector<std::int64_t>& dims) {
  std::string text;
  for (std::size_t i = 0; i < dims.size() && i < 12; ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(dims[i]);
  return "(" + text + (dims.size() > 12 ? ", ...)" : ")");
}

std::vector<std::int64_t> dims_of(const Proto& t) { return {t.dims().begin(), t.dims().end()}; }

OnnxConstant read_tensor(const Proto& t, const std::string& folder) {
  OnnxConstant c;
  c.dims = dims_of(t);
  if (t.has_segment()) throw data_error("a tensor in segments; allowed: one whole tensor");
  c.is_integer = t.data_type() != Proto::FLOAT;
  switch (t.data_type()) {
    case Proto::FLOAT:
      c.values = stored_values(DType::f32, t, folder, t.float_data());
      return c;
    case Proto::INT64:
      c.integers = stored_integers<std::int64_t>(t, folder, t.int64_data());
      return c;
    case Proto::INT32:
      c.integers = stored_integers<std::int32_t>(t, folder, t.int32_data());
      return c;
    case Proto::INT8:
      c.integers = stored_integers<std::int8_t>(t, folder, t.int32_data());
      c.byte = DType::i8;
      return c;
    case Proto::UINT8:
      c.integers = stored_integers<std::uint8_t>(t, folder, t.int32_data());
      c.byte = DType::u8;
      return c;
    case Proto::BOOL:
      c.integers = stored_integers<std::uint8_t>(t, folder, t.int32_data());
      return c;
    default:
      throw data_error("found values of " + dtype_text(t) +
                       "; allowed: FLOAT (and INT64, INT32, BOOL where shapes are computed, INT8, "
                       "UINT8, INT32 in "
                       "steps)");
  }
}

}  // namespace halcyon
