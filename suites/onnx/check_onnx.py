#!/usr/bin/env python3
"""Is a network's output what ONNX Runtime computes from the same model?

check_onnx.py MODEL.onnx IN.npy OUT.npy...   one OUT for each output of the model, in its order

The model must be valid by the ONNX checker (full check). Prints the largest absolute error of each
output over the range (largest less smallest) of ONNX Runtime's; exit 1 when one is above 1e-4, is no
number or has another shape. One thread, so that sums are taken in one order.
"""
import sys

import numpy
import onnx
import onnxruntime

ALLOWED = 1e-4


def run(model, given):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return names, session.run(names, {session.get_inputs()[0].name: given})


def error_of(have, want):
    """The largest absolute error over the range of what is wanted, and that range."""
    reach = float(want.max()) - float(want.min())
    return float(numpy.abs(have.astype(numpy.float64) - want).max()) / (reach or 1.0), reach


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    model, given, *found = arguments
    onnx.checker.check_model(model, full_check=True)
    names, wanted = run(model, numpy.load(given))
    right = len(names) == len(found)
    if not right:
        print(f"{model}: {len(found)} outputs given, {len(names)} in the model")
    for name, want, path in zip(names, wanted, found):
        have = numpy.load(path)
        if have.shape != want.shape:
            print(f"{name}: shape {have.shape}, ONNX Runtime's {want.shape}")
            right = False
            continue
        error, reach = error_of(have, want)
        print(f"{name}: error {error:.2e} of the range {reach:.4g}")
        right = right and error <= ALLOWED  # not for a NaN
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
