#include "suites/runner/served_case.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "kernels/oracle/nchw.h"
#include "kernels/oracle/tensor_file.h"
#include "suites/runner/check/check.h"

namespace halcyon {
namespace {

bool is_read(const BundledArgument& a) {
  return a.spec.role == Role::input || a.spec.role == Role::extra;
}

/// Of an argument that is no parameter: c, x, y, n as far as it has them.
Shape shape_of(const BundledArgument& a) {
  Shape shape;
  int* const places[] = {&shape.c, &shape.w, &shape.h, &shape.n};
  for (std::size_t i = 0; i < a.spec.extents.size(); i++) *places[i] = a.spec.extents[i];
  return shape;
}

}  // namespace

ServedCase::ServedCase(const BundledCase& c) : case_(c), memory_(c), call_(memory_.call()) {
  if (c.bare) throw std::runtime_error("case '" + c.id + "' has no data of its own");
}

std::string ServedCase::dtypes() const {
  const auto output = std::find_if(case_.arguments.begin(), case_.arguments.end(),
                                   [](const BundledArgument& a) { return a.output(); });
  const DType input = case_.arguments.front().spec.dtype;
  return dtypes_text(input, input, output->spec.dtype);
}

std::size_t ServedCase::bind(const std::string& path) {
  std::size_t elements = 0, at = 0;
  for (const BundledArgument& a : case_.arguments)
    if (is_read(a)) elements += a.elements;
  const DType dtype = case_.arguments.front().spec.dtype;
  const Tensor given = read_whole_tensor(path, dtype, elements);
  for (std::size_t i = 0; i < case_.arguments.size(); i++) {
    const BundledArgument& a = case_.arguments[i];
    if (!is_read(a)) continue;
    const Tensor own = nchw_to_nhwc({dtype, given.bytes().subspan(at, a.bytes())}, shape_of(a));
    std::memcpy(call_.data(i), own.bytes().data(), a.bytes());
    at += a.bytes();
  }
  poison_outputs(case_, call_, 0x7fc00000);  // a NaN: what is not computed from this input shows
  return elements;
}

void ServedCase::infer() {
  if (const int code = call_(); code != 0)
    throw std::runtime_error("'" + case_.id + "' returned " + std::to_string(code));
}

std::size_t ServedCase::write_outputs(const std::string& path) const {
  std::size_t elements = 0;
  for (std::size_t i = 0; i < case_.arguments.size(); i++) {
    const BundledArgument& a = case_.arguments[i];
    if (!a.output()) continue;
    write_tensor(path, nhwc_to_nchw(a.at(call_.data(i)), shape_of(a)),
                 elements == 0 ? WriteMode::replace : WriteMode::append);
    elements += a.elements;
  }
  return elements;
}

}  // namespace halcyon
