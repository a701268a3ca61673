#pragma once
#include "suites/onnx/reading/model.h"

namespace halcyon {

/// Error (exit 3) that names all at once what a model has and no graph can have, as far as it shows
/// without shapes: "unsupported: 3 Resize (mode nearest), 1 LSTM". Constants must be folded and
/// patterns found before.
void check_support(const OnnxModel&);

/// Is the input NHWC, turned to NCHW by a Transpose before anything looks at its axes?
bool is_channels_last(const OnnxModel&);

}  // namespace halcyon
