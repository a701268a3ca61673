#!/usr/bin/env python3
"""What the models of sample_corpus.py are to ONNX Runtime, and to Halcyon.

check_corpus.py FOLDER                     writes NAME.onnx, NAME.in.npy, NAME.out0.npy ... and corpus.json, a list of
                                           {"name", "outputs"} or, of models to refuse, {"name", "refused"}: words of the message
check_corpus.py FOLDER HALCYON [NAME...]   also asks the program, of all or of these: `show` and `run` must take the same
                                           models, refuse the others with exit 3 and the same line, and `run` must give
                                           ONNX Runtime's values
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy
import onnx
import onnxruntime

sys.dont_write_bytecode = True  # the folder of the sources stays as it is
from sample_corpus import CASES, Model

ALLOWED = 1e-5  # of the range


def write(folder, name, refused, how, make):
    """The model, its input, and what ONNX Runtime computes."""
    model_of = Model(how.get("dims", (1, 4, 6, 7)), how.get("opset", 17))
    outputs = make(model_of)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    model = model_of.finished(outputs)
    path = os.path.join(folder, name)
    onnx.save(model, path + ".onnx")
    dims = [d if isinstance(d, int) else 1 for d in model_of.dims]
    given = numpy.random.default_rng(7).uniform(-1, 1, dims).astype(numpy.float32)
    numpy.save(path + ".in.npy", given)
    if not how.get("valid", True):
        return {"name": name, "refused": refused}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(path + ".onnx", options, providers=["CPUExecutionProvider"])
    if refused:
        return {"name": name, "refused": refused}
    for i, values in enumerate(session.run(list(outputs), {"x": given})):
        numpy.save(f"{path}.out{i}.npy", values)
    return {"name": name, "outputs": len(outputs)}


def complaint(folder, entry, halcyon):
    """What is wrong with what the program does with a model; "" when nothing is."""
    path = os.path.join(folder, entry["name"])

    def ask(*words):
        done = subprocess.run([halcyon, *words], capture_output=True, text=True)
        return done.returncode, done.stderr.strip()

    with tempfile.TemporaryDirectory() as out:
        found = [f"{out}/{i}.npy" for i in range(entry.get("outputs", 1))]
        show = ask("show", path + ".onnx")
        run = ask("run", path + ".onnx", "--input", path + ".in.npy", *[w for f in found for w in ("--output", f)])
        if "refused" in entry:
            line = run[1].splitlines()[-1:]
            right = show[0] == run[0] == 3 and show[1].splitlines()[-1:] == line and entry["refused"] in line[0]
            return "" if right else f"show {show}, run {run}"
        if show[0] or run[0]:
            return f"show {show}, run {run}"
        for i, file in enumerate(found):
            have, want = numpy.load(file), numpy.load(f"{path}.out{i}.npy")
            if have.shape != want.shape:
                return f"output {i}: shape {have.shape}, ONNX Runtime's {want.shape}"
            error = numpy.abs(have - want).max() / (numpy.ptp(want) or 1)
            if not error <= ALLOWED:
                return f"output {i}: error {error:.2e} of the range"
    return ""


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    folder = arguments[0]
    os.makedirs(folder, exist_ok=True)
    corpus = [write(folder, *entry) for entry in CASES]
    with open(os.path.join(folder, "corpus.json"), "w", encoding="utf-8") as file:
        json.dump(corpus, file, indent=1)
    names = arguments[2:] or [entry["name"] for entry in corpus]
    asked = [entry for entry in corpus if entry["name"] in names] if len(arguments) > 1 else []
    wrong = int(len(arguments) > 1 and len(asked) < len(names))
    for entry in asked:
        if why := complaint(folder, entry, arguments[1]):
            print(f"{entry['name']}: {why}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
