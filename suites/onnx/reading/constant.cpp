#include "suites/onnx/reading/constant.h"

#include <onnx/onnx-ml.pb.h>

#include <bit>
#include <charconv>
#include <cstring>

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

/// The values as T, which the file has as little-endian Stored or in a field of its own.
template <class Stored, class T, class Field>
std::vector<T> values_of(const Proto& t, const std::string& folder, const Field& field) {
  const auto elements = static_cast<std::size_t>(elements_of(dims_of(t)));
  const bool outside = t.data_location() == Proto::EXTERNAL;
  if (int{outside} + int{t.has_raw_data()} + int{!field.empty()} > 1)
    throw data_error("values in two places; allowed: one of raw data, typed data, external data");
  if (!outside && !t.has_raw_data()) {
    if (static_cast<std::size_t>(field.size()) != elements)
      throw data_error(std::to_string(field.size()) + " values; allowed: " +
                       std::to_string(elements) + ", the product of " + dims_text(dims_of(t)));
    return {field.begin(), field.end()};
  }
  const std::size_t bytes = elements * sizeof(Stored);
  const std::string read =
      outside ? read_outside(t, folder, static_cast<std::int64_t>(bytes)) : std::string();
  const std::string& raw = outside ? read : t.raw_data();
  if (raw.size() != bytes)
    throw data_error(std::to_string(raw.size()) + " bytes; allowed: " + std::to_string(bytes) +
                     ", those of " + dims_text(dims_of(t)));
  std::vector<Stored> stored(elements);
  if (bytes > 0) std::memcpy(stored.data(), raw.data(), bytes);
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
      c.values = values_of<float, float>(t, folder, t.float_data());
      return c;
    case Proto::INT64:
      c.integers = values_of<std::int64_t, std::int64_t>(t, folder, t.int64_data());
      return c;
    case Proto::INT32:
      c.integers = values_of<std::int32_t, std::int64_t>(t, folder, t.int32_data());
      return c;
    case Proto::BOOL:
      c.integers = values_of<std::uint8_t, std::int64_t>(t, folder, t.int32_data());
      return c;
    default:
      throw data_error("found values of " + dtype_text(t) +
                       "; allowed: FLOAT (and INT64, INT32, BOOL where shapes are computed)");
  }
}

}  // namespace halcyon
