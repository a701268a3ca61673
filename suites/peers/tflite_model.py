"""An ONNX network as TFLite's own converter would write it: NHWC, batch norm folded, activations
fused into the operator before where TFLite has a field for them."""

import math

import numpy
from ai_edge_litert import schema_py_generated as schema
from folded_onnx import FoldedOnnx, attributes, is_dense
from tflite_file import TfliteFile

FUSED = schema.ActivationFunctionType
SAME, VALID = schema.Padding.SAME, schema.Padding.VALID


def tflite_model(path):
    """The bytes of a TFLite file, from the path of an ONNX file."""
    return _Conversion(FoldedOnnx(path)).bytes


class _Conversion:
    def __init__(self, graph):
        self.graph = graph
        self.file = TfliteFile(graph.model.graph.name)
        self.tensors = {}  # by ONNX name
        self.done = set()  # outputs of nodes that went into an operator before them
        self.not_negative = set()  # tensors
        inputs = [self.tensor(name) for name in graph.inputs]
        for node in graph.nodes:
            if node.output[0] in self.done:
                continue
            write = getattr(self, "write_" + node.op_type.lower(), None)
            if not write:
                raise ValueError(f"TFLite operators for {node.op_type} ({node.name}) are not known")
            write(node, attributes(node))
        self.bytes = self.file.packed(inputs, [self.tensors[name] for name in graph.outputs])

    # Tensors

    def shape(self, name):
        """In TFLite's order."""
        shape = self.graph.shapes[name]
        return [shape[i] for i in (0, 2, 3, 1)] if len(shape) == 4 else shape

    def tensor(self, name):
        if name not in self.tensors:
            if name in self.graph.constants:
                values = self.graph.constants[name]
                if values.ndim == 3:  # per channel: Cx1x1
                    values = values.transpose(1, 2, 0)
                self.tensors[name] = self.file.constant(name, values)
            else:
                self.tensors[name] = self.file.tensor(name, self.shape(name))
        return self.tensors[name]

    def integers(self, name, values):
        return self.file.constant(name, numpy.array(values, "i4"))

    def floats(self, name, values):
        return self.file.constant(name, numpy.array(values, "f4"))

    def activation(self, node):
        """The activation that goes into a node's operator, and the name of what it then gives."""
        after = self.graph.only_reader(node)
        fused = self.clamp(after) if after else None
        if fused is None:
            return FUSED.NONE, node.output[0]
        self.done.add(after.output[0])
        self.not_negative.add(after.output[0])
        return fused, after.output[0]

    def clamp(self, node):
        if node.op_type == "Relu":
            return FUSED.RELU
        if node.op_type == "Clip":
            bounds = [self.graph.constants.get(name) for name in node.input[1:]]
            if bounds == [0, 6]:
                return FUSED.RELU6
        return None

    # Windows

    def window(self, node, at):
        """(input, padding) of a node with a window: TFLite's SAME puts the odd one at the end; any
        other padding is an operator of its own."""
        kernel, strides, dilations = at["kernel_shape"], at["strides"], at["dilations"]
        before, behind = at["pads"][:2], at["pads"][2:]
        if not any(at["pads"]):
            return self.tensor(node.input[0]), VALID
        extents = self.graph.shapes[node.input[0]][2:]
        same = []
        for n, k, s, d in zip(extents, kernel, strides, dilations):
            total = max((math.ceil(n / s) - 1) * s + (k - 1) * d + 1 - n, 0)
            same.append((total // 2, total - total // 2))
        if same == list(zip(before, behind)):
            return self.tensor(node.input[0]), SAME
        return self.padded(node, before, behind), VALID

    def padded(self, node, before, behind):
        name = node.input[0]
        n, h, w, c = self.shape(name)
        pads = [[0, 0], [before[0], behind[0]], [before[1], behind[1]], [0, 0]]
        shape = [n, h + sum(pads[1]), w + sum(pads[2]), c]
        output = self.file.tensor(node.output[0] + ".padded", shape)
        inputs = [self.tensor(name), self.integers(node.output[0] + ".pads", pads)]
        if node.op_type == "MaxPool" and name not in self.not_negative:
            lowest = numpy.finfo("f4").min
            inputs.append(self.floats(node.output[0] + ".lowest", lowest))
            self.file.operator("PADV2", inputs, output, schema.PadV2OptionsT())
        else:
            self.file.operator("PAD", inputs, output, schema.PadOptionsT())
        return output

    # Operators, by the ONNX node that they are of

    def dense_inputs(self, node, x, weight):
        """TFLite's operators want a bias, zero where there is none."""
        constants = self.graph.constants
        name, outputs = node.output[0], constants[node.input[1]].shape[0]
        bias = constants[node.input[2]] if len(node.input) > 2 else numpy.zeros(outputs)
        return [x, self.file.constant(name + ".weight", weight), self.floats(name + ".bias", bias)]

    def write_conv(self, node, at):
        weight = self.graph.constants[node.input[1]]
        channels, groups = self.graph.shapes[node.input[0]][1], at.get("group", 1)
        depthwise = groups > 1 and groups == channels
        x, padding = self.window(node, at)
        fused, output = self.activation(node)
        options = schema.DepthwiseConv2DOptionsT() if depthwise else schema.Conv2DOptionsT()
        options.padding = padding
        options.strideH, options.strideW = at["strides"]
        options.dilationHFactor, options.dilationWFactor = at["dilations"]
        options.fusedActivationFunction = fused
        version = 1 if at["dilations"] == [1, 1] else 2
        if depthwise:
            kind, order = "DEPTHWISE_CONV_2D", (1, 2, 3, 0)
            options.depthMultiplier = len(weight) // channels
        else:
            kind, order = "CONV_2D", (0, 2, 3, 1)
            version = 6 if groups > 1 else version
        inputs = self.dense_inputs(node, x, weight.transpose(order))
        self.file.operator(kind, inputs, self.tensor(output), options, version)

    def write_gemm(self, node, at):
        if not is_dense(node):
            raise ValueError(f"Gemm {node.name}: allowed is transB=1 alone")
        fused, output = self.activation(node)
        weight = self.graph.constants[node.input[1]]
        inputs = self.dense_inputs(node, self.tensor(node.input[0]), weight)
        options = schema.FullyConnectedOptionsT(fusedActivationFunction=fused)
        self.file.operator("FULLY_CONNECTED", inputs, self.tensor(output), options)

    def write_add(self, node, at):
        fused, output = self.activation(node)
        options = schema.AddOptionsT(fusedActivationFunction=fused)
        inputs = [self.tensor(name) for name in node.input]
        self.file.operator("ADD", inputs, self.tensor(output), options)

    def write_mul(self, node, at):
        fused, output = self.activation(node)
        options = schema.MulOptionsT(fusedActivationFunction=fused)
        inputs = [self.tensor(name) for name in node.input]
        self.file.operator("MUL", inputs, self.tensor(output), options)

    def write_batchnormalization(self, node, at):
        """One that follows no convolution."""
        factor, shift = self.graph.batch_norm(node)
        name = node.output[0]
        scaled = self.file.tensor(name + ".scaled", self.shape(name))
        factors = self.floats(name + ".factor", factor)
        inputs = [self.tensor(node.input[0]), factors]
        self.file.operator("MUL", inputs, scaled, schema.MulOptionsT())
        fused, output = self.activation(node)
        inputs = [scaled, self.floats(name + ".shift", shift)]
        options = schema.AddOptionsT(fusedActivationFunction=fused)
        self.file.operator("ADD", inputs, self.tensor(output), options)

    def elementwise(self, kind, node, options=None):
        x, y = self.tensor(node.input[0]), self.tensor(node.output[0])
        self.file.operator(kind, [x], y, options)

    def write_relu(self, node, at):
        self.not_negative.add(node.output[0])
        self.elementwise("RELU", node)

    def write_clip(self, node, at):
        if self.clamp(node) is None:
            raise ValueError(f"Clip {node.name}: allowed is 0 to 6")
        self.not_negative.add(node.output[0])
        self.elementwise("RELU6", node)

    def write_sigmoid(self, node, at):
        self.elementwise("LOGISTIC", node)

    def write_hardswish(self, node, at):
        self.elementwise("HARD_SWISH", node, schema.HardSwishOptionsT())

    def write_hardsigmoid(self, node, at):
        """relu6(x + 3) / 6."""
        if not numpy.allclose([at["alpha"], at["beta"]], [1 / 6, 0.5], rtol=1e-6):
            raise ValueError(f"HardSigmoid {node.name}: allowed are alpha 1/6 and beta 0.5")
        name = node.output[0]
        clamped = self.file.tensor(name + ".relu6", self.shape(name))
        inputs = [self.tensor(node.input[0]), self.floats(name + ".three", 3)]
        options = schema.AddOptionsT(fusedActivationFunction=FUSED.RELU6)
        self.file.operator("ADD", inputs, clamped, options)
        inputs = [clamped, self.floats(name + ".sixth", 1 / 6)]
        self.file.operator("MUL", inputs, self.tensor(name), schema.MulOptionsT())

    def write_div(self, node, at):
        """x / sqrt(2), the first node of an exact GELU: Erf, Add 1, Mul x, Mul 0.5 follow."""
        chain = [node]
        for op, constant in (("Erf", None), ("Add", 1), ("Mul", None), ("Mul", 0.5)):
            after = self.graph.only_reader(chain[-1])
            if not after or after.op_type != op or not self.has_scalar(after, constant):
                break
            chain.append(after)
        x = node.input[0]
        if len(chain) < 5 or not self.has_scalar(node, math.sqrt(2)) or x not in chain[3].input:
            raise ValueError(f"Div {node.name}: allowed is that of a GELU")
        self.done.update(n.output[0] for n in chain)
        y = self.tensor(chain[-1].output[0])
        self.file.operator("GELU", [self.tensor(x)], y, schema.GeluOptionsT(approximate=False))

    def has_scalar(self, node, wanted):
        values = [self.graph.constants.get(name) for name in node.input]
        scalars = [float(v) for v in values if v is not None and v.size == 1]
        return wanted is None or len(scalars) == 1 and abs(scalars[0] - wanted) < 1e-6

    def write_globalaveragepool(self, node, at):
        self.reduced("MEAN", node)

    def write_reducesum(self, node, at):
        axes = self.graph.constants[node.input[1]].tolist()
        if axes != [2, 3] or at.get("keepdims", 1) != 1:
            raise ValueError(f"ReduceSum {node.name}: allowed are axes 2 and 3, kept")
        self.reduced("SUM", node)

    def reduced(self, kind, node):
        inputs = [self.tensor(node.input[0]), self.integers(node.output[0] + ".axes", [1, 2])]
        options = schema.ReducerOptionsT(keepDims=True)
        self.file.operator(kind, inputs, self.tensor(node.output[0]), options)

    def write_maxpool(self, node, at):
        if at["dilations"] != [1, 1]:
            raise ValueError(f"MaxPool {node.name}: TFLite has no dilation")
        x, padding = self.window(node, at)
        fused, output = self.activation(node)
        options = schema.Pool2DOptionsT(padding=padding, fusedActivationFunction=fused)
        options.strideH, options.strideW = at["strides"]
        options.filterHeight, options.filterWidth = at["kernel_shape"]
        self.file.operator("MAX_POOL_2D", [x], self.tensor(output), options)

    def write_spacetodepth(self, node, at):
        self.elementwise("SPACE_TO_DEPTH", node, schema.SpaceToDepthOptionsT(at["blocksize"]))

    def write_resize(self, node, at):
        mode = (at["mode"], at["coordinate_transformation_mode"])
        if mode != (b"linear", b"half_pixel"):
            raise ValueError(f"Resize {node.name}: allowed is linear, half_pixel")
        size = self.shape(node.output[0])[1:3]
        inputs = [self.tensor(node.input[0]), self.integers(node.output[0] + ".size", size)]
        options = schema.ResizeBilinearOptionsT(halfPixelCenters=True)
        self.file.operator("RESIZE_BILINEAR", inputs, self.tensor(node.output[0]), options, 3)

    def write_flatten(self, node, at):
        self.reshaped(node)

    def write_unsqueeze(self, node, at):
        self.reshaped(node)

    def reshaped(self, node):
        """Between NxCx1x1 and NxC."""
        for name in (node.input[0], node.output[0]):
            if self.graph.shapes[name][2:] not in ([], [1, 1]):
                raise ValueError(f"{node.op_type} {node.name}: allowed are maps of 1x1")
        shape = self.shape(node.output[0])
        inputs = [self.tensor(node.input[0]), self.integers(node.output[0] + ".shape", shape)]
        y = self.tensor(node.output[0])
        self.file.operator("RESHAPE", inputs, y, schema.ReshapeOptionsT(newShape=shape))

    def write_identity(self, node, at):
        self.tensors[node.output[0]] = self.tensor(node.input[0])
