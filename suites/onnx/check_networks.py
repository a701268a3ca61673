#!/usr/bin/env python3
"""Do networks compute their exported models as exactly as ONNX Runtime does (check_onnx.py)?

check_networks.py [--layers] HALCYON NETWORK...

Exports each network with the weights and calibrated statistics of three seeds, and runs it here and
there on an N(0, 1) input. --layers: also what every call of the network gives, where the exported
model has a tensor of its name, against ONNX Runtime's.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import onnx

import check_onnx

SEEDS = (1, 2, 3)
LAYER_ALLOWED = 1e-4  # of its range: an error of either side that went on growing


def check_layers(model, given, calls):
    """Whether each result is ONNX Runtime's, which is asked for all of them at once."""
    whole = onnx.load(model)
    known = {name for node in whole.graph.node for name in node.output}
    outputs = {output.name for output in whole.graph.output}
    found = [c for c in json.loads((calls / "calls.json").read_text()) if c["tensor"] in known]
    for name in dict.fromkeys(c["tensor"] for c in found):
        if name not in outputs:
            whole.graph.output.append(onnx.ValueInfoProto(name=name))
    names, wanted = check_onnx.run(whole.SerializeToString(), numpy.load(given))
    wanted = dict(zip(names, wanted))
    worst, right = 0.0, bool(found)
    for call in found:
        want = wanted[call["tensor"]]
        have = numpy.load(calls / call["file"]).reshape(want.shape)
        error, reach = check_onnx.error_of(have, want)
        worst = max(worst, error)
        if not error <= LAYER_ALLOWED:
            print(f"{call['call']} ({call['problem']}): error {error:.2e} of the range {reach:.4g}")
            right = False
    print(f"{len(found)} layers: largest error {worst:.2e} of a range")
    return right


def check(halcyon, network, folder, layers):
    model = str(folder / "model.onnx")
    right = True
    for seed in SEEDS:
        weights = ["--seed", str(seed)]
        subprocess.run([halcyon, "export", network, "-o", model, *weights], check=True,
                       capture_output=True)
        graph = onnx.load(model).graph
        shape = [dim.dim_value for dim in graph.input[0].type.tensor_type.shape.dim]
        given = folder / "input.npy"
        found = [str(folder / f"output{i}.npy") for i in range(len(graph.output))]
        values = numpy.random.default_rng(seed).standard_normal(shape)
        numpy.save(given, values.astype(numpy.float32))
        command = [halcyon, "run", network, "--quiet", "--input", str(given), *weights]
        if layers:
            command += ["--calls", str(folder / "calls")]
        subprocess.run(command + [word for path in found for word in ("--output", path)], check=True)
        print(f"{network}, seed {seed}: ", end="", flush=True)
        right = check_onnx.main([model, str(given), *found]) == 0 and right
        right = (not layers or check_layers(model, given, folder / "calls")) and right
    return right


def main(arguments):
    layers = arguments[:1] == ["--layers"]
    arguments = arguments[layers:]
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    halcyon, *networks = arguments
    wrong = []
    for network in networks:
        with tempfile.TemporaryDirectory() as folder:
            if not check(halcyon, network, pathlib.Path(folder), layers):
                wrong.append(network)
    if wrong:
        print("differ: " + ", ".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
