#include "suites/runner/served_network.h"

#include <stdexcept>

#include "kernels/oracle/nchw.h"
#include "kernels/oracle/tensor_file.h"

namespace halcyon {
namespace {

Shape shape_of(const BundledArgument& tensor) {
  const auto& extents = tensor.extents;  // c, x, y, n
  return {extents.at(3), extents.at(2), extents.at(1), extents.at(0)};
}

}  // namespace

std::string ServedNetwork::dtypes() const {
  const BundledNetwork& of = network_.bundled();
  return dtypes_text(of.computed(), of.input.spec.dtype, of.outputs.front().spec.dtype);
}

std::size_t ServedNetwork::bind(const std::string& path) {
  const BundledArgument& input = network_.bundled().input;
  const Tensor given = read_whole_tensor(path, input.spec.dtype, input.elements);
  network_.load(nchw_to_nhwc(given, shape_of(input)));
  network_.poison(0x7fc00000);  // a NaN: what is not computed from this input shows
  return input.elements;
}

void ServedNetwork::infer() {
  if (const int code = network_.run(); code != 0)
    throw std::runtime_error("call '" + network_.at() + "' returned " + std::to_string(code));
}

std::size_t ServedNetwork::write_outputs(const std::string& path) const {
  std::size_t elements = 0;
  for (std::size_t i = 0; i < network_.bundled().outputs.size(); i++) {
    const TensorView output = network_.output(i);
    write_tensor(path, nhwc_to_nchw(output, shape_of(network_.bundled().outputs[i])),
                 i == 0 ? WriteMode::replace : WriteMode::append);
    elements += output.size();
  }
  return elements;
}

}  // namespace halcyon
