"""An ONNX network as ncnn has it: by ncnn's own converter, pnnx."""

import importlib.util
import os
import re
import subprocess

from folded_onnx import FoldedOnnx, attributes

PARAM, WEIGHTS, SHAPE = "network.param", "network.bin", "input_shape"


def write_ncnn_model(path, folder):
    """PARAM, WEIGHTS and SHAPE, the input's in ONNX's order, into a folder."""
    graph = FoldedOnnx(path)
    shape = graph.shapes[graph.inputs[0]]
    if shape[0] != 1:
        raise ValueError(f"batch {shape[0]}: ncnn takes one image at a time")
    for node in graph.nodes:
        if node.op_type == "MaxPool":
            check_pool(node.name, attributes(node))
    graph.write(folder / "in.onnx")
    run_pnnx(folder)
    param = (folder / "in.ncnn.param").read_text()
    (folder / PARAM).write_text(ordered_as_in_onnx(param))
    (folder / SHAPE).write_text(" ".join(map(str, shape)))
    os.rename(folder / "in.ncnn.bin", folder / WEIGHTS)
    for file in [*folder.glob("in.*"), *folder.glob("in_*")]:
        file.unlink()


def check_pool(name, at):
    """What pnnx would lose without a word."""
    if at["pads"][:2] != at["pads"][2:] or at["dilations"] != [1, 1]:
        raise ValueError(f"MaxPool {name}: ncnn has no dilation, nor padding that differs by side")


def run_pnnx(folder):
    """The program of its package, whose Python part would want PyTorch."""
    program = importlib.util.find_spec("pnnx").submodule_search_locations[0] + "/pnnx"
    ended = subprocess.run([program, "in.onnx", "fp16=0"], cwd=folder).returncode
    if ended != 0 or not (folder / "in.ncnn.param").exists():
        raise ValueError(f"pnnx, which converts the network, ends with {ended}")


def layers_in(param):
    """Their kinds, each once."""
    return sorted({line.split()[0] for line in param.strip().split("\n")[2:]})


def ordered_as_in_onnx(param):
    """SpaceToDepth's channels: pnnx takes it for PyTorch's pixel_unshuffle, which is mode 0."""
    return re.sub(r"^(Reorg .*) 1=0$", r"\1 1=1", param, flags=re.MULTILINE)
