#!/usr/bin/env python3
"""Does a network compute its model as exactly as ONNX Runtime does?

check_onnx.py MODEL.onnx IN.npy OUT.npy...   one OUT for each output of the model, in its order

The model must be valid by the ONNX checker (full check). Prints, of each output, the largest
absolute error against float64 (exact.py) over the range (largest less smallest), ours and ONNX
Runtime's; exit 1 when ours is over 4 times ONNX Runtime's and over a few roundings of f32, is no
number or has another shape. One thread, so that sums are taken in one order.
"""
import sys

import numpy
import onnx
import onnxruntime

import exact

TIMES = 4
ROUNDINGS = 5e-7


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
    given = numpy.load(given)
    names, theirs = run(model, given)
    right = len(names) == len(found)
    if not right:
        print(f"{model}: {len(found)} outputs given, {len(names)} in the model")
    for name, want, peer, path in zip(names, exact.run(model, given), theirs, found):
        have = numpy.load(path)
        if have.shape != want.shape:
            print(f"{name}: shape {have.shape}, the model's {want.shape}")
            right = False
            continue
        error, reach = error_of(have, want)
        of_peer, _ = error_of(peer, want)
        print(f"{name}: error {error:.2e} of the range {reach:.4g}, ONNX Runtime's {of_peer:.2e}, "
              f"{error / of_peer if of_peer else 0:.2f} times")
        right = right and error <= max(TIMES * of_peer, ROUNDINGS)  # not for a NaN
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
