#!/usr/bin/env python3
"""Do networks compute what ONNX Runtime computes from their exported models?

check_networks.py HALCYON NETWORK...    exports each, runs it here and there on two inputs
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx

import check_onnx

SEEDS = (1, 2)


def check(halcyon, network, folder):
    model = str(folder / "model.onnx")
    subprocess.run([halcyon, "export", network, "-o", model], check=True, capture_output=True)
    graph = onnx.load(model).graph
    shape = [dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim]
    right = True
    for seed in SEEDS:
        given = folder / "input.npy"
        found = [str(folder / f"output{i}.npy") for i in range(len(graph.output))]
        values = numpy.random.default_rng(seed).uniform(-1, 1, shape)
        numpy.save(given, values.astype(numpy.float32))
        command = [halcyon, "run", network, "--quiet", "--input", str(given)]
        subprocess.run(command + [word for path in found for word in ("--output", path)], check=True)
        print(f"{network}, input of seed {seed}: ", end="", flush=True)
        right = check_onnx.main([model, str(given), *found]) == 0 and right
    return right


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    halcyon, *networks = arguments
    wrong = []
    for network in networks:
        with tempfile.TemporaryDirectory() as folder:
            if not check(halcyon, network, pathlib.Path(folder)):
                wrong.append(network)
    if wrong:
        print("differ: " + ", ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
