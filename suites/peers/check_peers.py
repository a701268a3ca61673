#!/usr/bin/env python3
"""Does every adapter compute what an ONNX model says?

check_peers.py [HALCYON NETWORK...]

Small graphs, one for each form that an operator takes, and networks as `halcyon export` has them, against ONNX Runtime
without its optimizer. LiteRT's must have just the operators that its converter would write, and compute whole networks
in XNNPACK. A small network in every dtype that an adapter has; those that it lacks it must refuse.
To be run with .deps/peers/bin/python: `make check-peers`.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # which would leave a file in the temporary folder

import numpy
import onnx
import onnxruntime
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter
from folded_onnx import FoldedOnnx
from small_graphs import CASES, NETWORK, REFUSED, small_model, sqnr_db
from tflite_model import tflite_model

FOLDER = pathlib.Path(__file__).parent
PEERS = sorted(f.name.removesuffix("_peer.py") for f in FOLDER.glob("*_peer.py") if f.name != "line_peer.py")
CHOOSER = "openvino_default"  # has what it is asked for only in its own choice of precision
ALLOWED = 1e-5  # of an output's range
LACKED = {
    "i8": {"ncnn", CHOOSER},
    "bf16": {"litert", "onnxruntime", CHOOSER},
    "f32": set(),
}
LEAST_DB = {"i8": 15, "bf16": 30, "f32": 100}  # SQNR by what was computed in


class Adapter:
    def __init__(self, name, threads):
        command = [sys.executable, "-B", "-E", "-s", str(FOLDER / f"{name}_peer.py")]
        self.said = tempfile.TemporaryFile("w+")
        pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said)
        self.child = subprocess.Popen(command, text=True, **pipes)
        self.name, self.threads, self.precision = name, threads, ""
        self.ask(f"threads {threads}")
        self.ask("hello")

    def ask(self, request):
        self.child.stdin.write(request + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline().rstrip()
        if answer != "ok" and not answer.startswith("ok "):
            self.said.seek(0)
            raise ValueError(f"{request.split()[0]}: {answer or self.said.read()[-300:]}")
        return answer[3:]

    def compute(self, model, array, folder):
        """All outputs, one after the other; computed twice, as in a contest."""
        array.astype("<f4").tofile(folder / "input.f32")
        said = self.ask(f"load {model}").split()
        self.precision = dict(word.split("=", 1) for word in said if "=" in word)["precision"]
        self.ask(f"input {folder / 'input.f32'}")
        self.ask("run 2")
        self.ask(f"output {folder / 'output.f32'}")
        return numpy.fromfile(folder / "output.f32", "<f4")

    def quit(self):
        self.child.stdin.close()
        return self.child.wait(30)


def error_of_range(got, wanted):
    flat = numpy.concatenate([w.ravel() for w in wanted])
    if got.shape != flat.shape or not numpy.isfinite(got).all():
        return numpy.inf
    reach = max(min(w.max() - w.min() for w in wanted), 1e-30)
    return float(abs(got.astype("f8") - flat).max() / reach)


def operators(content):
    """Of a TFLite file, each with the activation that is fused into it."""
    names = {v: k for k, v in vars(schema.BuiltinOperator).items() if isinstance(v, int)}
    fused = {v: k for k, v in vars(schema.ActivationFunctionType).items() if isinstance(v, int)}
    model = schema.ModelT.InitFromPackedBuf(content, 0)
    found = []
    for operator in model.subgraphs[0].operators:
        activation = fused[getattr(operator.builtinOptions, "fusedActivationFunction", 0)]
        name = names[model.operatorCodes[operator.opcodeIndex].builtinCode]
        found.append(name if activation == "NONE" else f"{name}+{activation}")
    return " ".join(found)


def is_whole_in_xnnpack(content):
    """Whether one delegate reads the input and gives the outputs of a TFLite file: nothing is left to other kernels."""
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    ends = [{t["index"] for t in given()} for given in (interpreter.get_input_details, interpreter.get_output_details)]
    delegates = [o for o in interpreter._get_ops_details() if o["op_name"] == "DELEGATE"]
    return len(delegates) == 1 and all(e <= set(delegates[0][k]) for e, k in zip(ends, ("inputs", "outputs")))


def computed(model, array):
    """By ONNX Runtime as it is without its optimizer."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model, options)
    return session.run(None, {session.get_inputs()[0].name: array})


def check_small(adapters, folder):
    wrong = []
    model = folder / "model.onnx"
    for seed, case in enumerate(CASES):
        proto, array = small_model(case, seed)
        onnx.save(proto, model)
        wanted = computed(model, array)
        found = operators(tflite_model(model))
        if found != case.operators:
            wrong.append(f"{case.name}: TFLite operators {found}, not {case.operators}")
        for adapter in adapters:
            absent = adapter.name in case.absent
            try:
                error = error_of_range(adapter.compute(model, array, folder), wanted)
            except ValueError as e:
                if not absent:
                    wrong.append(f"{case.name}: {adapter.name}: {e}")
                continue
            if absent or not error <= ALLOWED:
                wrong.append(f"{case.name}: {adapter.name}: error {error:.2e} of the range{', was refused' * absent}")
    for case in REFUSED:
        proto, _ = small_model(case, 0)
        onnx.save(proto, model)
        try:
            tflite_model(model)
            wrong.append(f"{case.name}: taken")
        except ValueError as e:
            if case.operators not in str(e):
                wrong.append(f"{case.name}: '{e}' does not name {case.operators}")
    print(f"{len(CASES)} small graphs, {len(REFUSED)} refused")
    return wrong


def check_dtypes(folder):
    """Each in a process of its own, as in a contest."""
    wrong = []
    model = folder / "model.onnx"
    proto, array = small_model(NETWORK, 1)
    array /= 3  # N(0, 1), as calibration is
    onnx.save(proto, model)
    (wanted,) = computed(model, array)
    for dtype, lacked in LACKED.items():
        for name in PEERS:
            adapter = Adapter(name, 1)
            where = f"{NETWORK.name}: {name} in {dtype}"
            try:
                if dtype != "f32":
                    adapter.ask(f"dtype {dtype}")
                db = sqnr_db(adapter.compute(model, array, folder), wanted.ravel())
            except ValueError as e:
                if name not in lacked:
                    wrong.append(f"{where}: {e}")
                continue
            finally:
                adapter.quit()
            print(f"{where}: computed in {adapter.precision}, SQNR {db:.1f} dB", flush=True)
            if name in lacked:
                wrong.append(f"{where}: was to be refused")
            if name != CHOOSER and adapter.precision not in (dtype, "f32"):
                wrong.append(f"{where}: computed in {adapter.precision}")
            if not db >= LEAST_DB[adapter.precision]:
                wrong.append(f"{where}: SQNR {db:.1f} dB in {adapter.precision}")
    return wrong


def check_networks(adapters, halcyon, networks, folder):
    wrong = []
    model = folder / "model.onnx"
    for network in networks:
        subprocess.run([halcyon, "export", network, "-q", "-o", model], check=True, stdout=subprocess.DEVNULL)
        shape = FoldedOnnx(model).shapes["input"]
        array = numpy.random.default_rng(1).standard_normal(shape).astype("f4")
        wanted = computed(model, array)
        errors = []
        for adapter in adapters:
            error = error_of_range(adapter.compute(model, array, folder), wanted)
            errors.append(f"{adapter.name}/{adapter.threads} {error:.1e}")
            if not error <= ALLOWED:
                wrong.append(f"{network}: {adapter.name}: error {error:.2e} of the range")
        if not is_whole_in_xnnpack(tflite_model(model)):
            wrong.append(f"{network}: LiteRT computes a part of it without XNNPACK")
        print(f"{network}: {', '.join(errors)}", flush=True)
    return wrong


def main():
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["XDG_CACHE_HOME"] = temporary  # small graphs would push networks out of the one that is kept
        adapters = [Adapter(name, threads) for threads in (1, 2) for name in PEERS if name != CHOOSER]
        wrong = check_small(adapters, pathlib.Path(temporary))
        wrong += check_dtypes(pathlib.Path(temporary))
        if len(sys.argv) > 2:
            wrong += check_networks(adapters, sys.argv[1], sys.argv[2:], pathlib.Path(temporary))
    for adapter in adapters:
        if (code := adapter.quit()) != 0:
            wrong.append(f"{adapter.name} ends with {code}")
    print("\n".join(wrong) or "all right")
    return 1 if wrong else 0


sys.exit(main())
