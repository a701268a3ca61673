"""Small ONNX models in the forms that files come in; check_corpus.py says what becomes of them.

CASES has (name, words, how, make): `make` takes a Model and gives the outputs that it made of its tensor "x"; `words` are
of the message where the model must be refused; `how` may have the input's dims, the opset, and whether it is valid ONNX.
"""
import numpy
from onnx import TensorProto, helper, numpy_helper

CASES = []


class Model:
    """Nodes one after the other; a method returns the tensor that it makes."""

    def __init__(self, dims=(1, 4, 6, 7), opset=17):
        self.dims, self.opset = dims, opset
        self.nodes, self.constants, self.random = [], [], numpy.random.default_rng(5)

    def node(self, op, *inputs, outputs=1, domain="", **attributes):
        made = [f"t{len(self.nodes)}" + (f".{i}" if i else "") for i in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), made, domain=domain, **attributes))
        return made[0]

    def constant(self, values, dtype=numpy.float32):
        name = f"k{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(numpy.asarray(values, dtype), name))
        return name

    def integers(self, *values):
        return self.constant(list(values), numpy.int64)

    def weight(self, *dims):
        return self.constant(self.random.uniform(-1, 1, dims))

    def conv(self, x, kernel=(3, 3), channels=(5, 4), **attributes):
        return self.node("Conv", x, self.weight(*channels, *kernel), self.weight(channels[0]), **attributes)

    def finished(self, outputs):
        graph = helper.make_graph(
            self.nodes, "sample",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.dims)],
            [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outputs], self.constants)
        opsets = [helper.make_opsetid("", self.opset)]
        opsets += [helper.make_opsetid(d, 1) for d in sorted({n.domain for n in self.nodes} - {""})]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def case(name, refused=None, **how):
    """Registers what a function makes of the tensor "x": its outputs, one or a tuple."""

    def register(make):
        CASES.append((name, refused, how, make))
        return make

    return register


def cases(prefix, op, forms, refused=None, **how):
    """One case for each set of attributes of an op of one input, or of a Conv."""
    for i, form in enumerate(forms):
        if op == "Conv":
            case(f"{prefix}-{i}", refused, **how)(lambda m, form=form: m.conv("x", **form))
        else:
            case(f"{prefix}-{i}", refused, **how)(lambda m, form=form: m.node(op, "x", **form))


def one(k):
    return {"kernel": (k, k)}


# Paddings: none, lopsided, beyond the kernel's reach, by name.
cases("conv-pad", "Conv", [
    one(1) | {"pads": [1, 1, 1, 1]}, one(1) | {"pads": [0, 3, 2, 0], "strides": [2, 2]}, {"pads": [0, 1, 2, 3]},
    {"pads": [5, 4, 3, 7]}, {"pads": [9, 9, 9, 9], "strides": [4, 3]},
    {"pads": [6, 0, 0, 6], "dilations": [2, 2]}, {"kernel": (1, 5), "pads": [2, 0, 2, 9]},
    {"pads": [3, 3, 3, 3], "channels": (4, 1), "group": 4},
    one(1) | {"pads": [1, 0, 0, 1], "channels": (4, 1), "group": 4},
    {"pads": [2, 4, 1, 5], "channels": (6, 2), "group": 2}])
cases("conv-auto", "Conv", [
    {"auto_pad": mode, "strides": strides, "kernel": kernel}
    for mode in ("SAME_UPPER", "SAME_LOWER", "VALID") for strides in ([1, 1], [2, 3]) for kernel in ((1, 1), (2, 4), (3, 3))])
cases("conv-too-large", "Conv", [{"pads": [5000, 0, 0, 0]}], "allowed 4 numbers of 0 to 4096")
cases("conv-kernel", "Conv", [one(17) | {"pads": [8, 8, 8, 8]}], "kernel size 17x17; allowed: 1 to 15")
cases("conv-stride", "Conv", [{"strides": [2000, 1]}], "stride 2000x1; allowed: 1 to 1024")
cases("conv-dilation", "Conv", [{"dilations": [1, 2]}], "dilation 1x2; allowed: one for both axes")
cases("conv-line", "Conv", [{"kernel": (1, 3), "dilations": [1, 2]}, {"kernel": (3, 1), "dilations": [2, 1]},
                            one(1) | {"dilations": [3, 2]}])


@case("conv-empty", "allowed: at most the padded input", valid=False)
def _(m):
    return m.conv("x", kernel=(9, 9))


# Pooling: ceil_mode leaves out windows that would start behind the input.
cases("maxpool", "MaxPool", [
    {"kernel_shape": [k, k], "strides": [s, s], "pads": [p, p, p, p], "ceil_mode": 1}
    for k in (1, 2, 3) for s in (1, 2, 3, 4) for p in range(k)])
cases("maxpool-lopsided", "MaxPool", [
    {"kernel_shape": [4, 3], "strides": [4, 2], "pads": [2, 0, 1, 2], "ceil_mode": 1},
    {"kernel_shape": [3, 2], "strides": [2, 3], "pads": [0, 1, 2, 0], "dilations": [2, 2], "ceil_mode": 1}])
cases("maxpool-auto", "MaxPool", [{"kernel_shape": [3, 2], "strides": [2, 2], "auto_pad": mode}
                                  for mode in ("SAME_UPPER", "SAME_LOWER", "VALID")])
cases("maxpool-auto-dilated", "MaxPool", [{"kernel_shape": [3, 2], "dilations": [2, 2], "auto_pad": "SAME_UPPER"}],
      "found auto_pad with dilations")
cases("average", "AveragePool", [{"kernel_shape": [1, 1]}, {"kernel_shape": [1, 1], "ceil_mode": 1},
                                 {"kernel_shape": [6, 7]}, {"kernel_shape": [6, 7], "strides": [3, 3]}])
cases("average-window", "AveragePool", [{"kernel_shape": [1, 1], "strides": [2, 2]}, {"kernel_shape": [2, 2]}],
      "allowed the whole map")


# Outputs that are one tensor, the input, flat and not.
@case("two-outputs-one-tensor")
def _(m):
    y = m.conv("x")
    return m.node("Identity", y), y


@case("three-outputs-one-tensor")
def _(m):
    y = m.node("Relu", "x")
    return y, m.node("Identity", y), m.node("Dropout", y)


@case("output-and-its-flat-form", dims=(2, 4, 3, 3))
def _(m):
    y = m.node("GlobalAveragePool", m.conv("x"))
    return y, m.node("Flatten", y)


@case("output-is-the-input")
def _(m):
    return m.node("Identity", "x"), m.node("Relu", "x")


@case("nothing-but-the-input", dims=(2, 3, 5, 4))
def _(m):
    return m.node("Transpose", m.node("Transpose", "x", perm=[0, 2, 3, 1]), perm=[0, 3, 1, 2])


@case("flat-input-is-an-output", dims=(1, 6))
def _(m):
    return m.node("Identity", "x"), m.node("Sigmoid", "x")


@case("output-is-read-on")
def _(m):
    y = m.conv("x")
    return y, m.node("Relu", y), m.node("Identity", y), m.node("Add", y, y)


@case("output-is-a-constant", "found a constant, allowed what the network computes")
def _(m):
    return m.node("Relu", "x"), m.node("Identity", m.weight(3))


@case("output-is-a-pad", "a Pad that no window takes over")
def _(m):
    return m.node("Pad", "x", m.integers(0, 0, 1, 1, 0, 0, 1, 1))


@case("pad-before-relu", "a Pad that no window takes over")
def _(m):
    return m.conv(m.node("Relu", m.node("Pad", "x", m.integers(0, 0, 1, 1, 0, 0, 1, 1))))


@case("pad-of-nothing")
def _(m):
    return m.node("Pad", m.node("Relu", "x"), m.integers(*[0] * 8))


# Products, sums.
@case("sum-of-gated-map", dims=(2, 4, 3, 5))
def _(m):
    gate = m.node("Sigmoid", m.node("GlobalAveragePool", "x"))
    return m.node("ReduceSum", m.node("Mul", "x", gate), m.integers(2, 3), keepdims=1)


@case("sum-of-silu")
def _(m):
    return m.node("ReduceSum", m.node("Mul", "x", m.node("Sigmoid", "x")), m.integers(2, 3), keepdims=0)


@case("sum-of-weighted-pixels", dims=(2, 4, 3, 5))
def _(m):
    column = m.conv("x", (1, 1), (1, 4))
    return m.node("ReduceSum", m.node("Mul", column, "x"), m.integers(-1, -2), keepdims=1)


@case("sum-of-weighted-tokens")
def _(m):
    column = m.conv("x", (1, 1), (1, 4))
    tokens = [m.node("Transpose", m.node("Reshape", t, m.integers(0, c, -1)), perm=[0, 2, 1])
              for t, c in (("x", 4), (column, 1))]
    return m.node("ReduceSum", m.node("Mul", *tokens), m.integers(1), keepdims=0)


@case("weighted-pixels-alone", "that no sum takes over")
def _(m):
    return m.node("Mul", "x", m.conv("x", (1, 1), (1, 4)))


@case("product-of-two-maps", "allowed a map times one value for each channel")
def _(m):
    return m.node("ReduceSum", m.node("Mul", "x", m.node("Relu", "x")), m.integers(2, 3))


@case("product-of-a-gate-with-itself")
def _(m):
    gate = m.node("GlobalAveragePool", "x")
    return m.node("Mul", gate, gate)


for terms in (1, 2, 3, 5):
    @case(f"sum-of-{terms}")
    def _(m, terms=terms):
        return m.node("Sum", *[m.conv("x") for _ in range(terms)])


@case("sum-with-a-constant")
def _(m):
    return m.node("Sum", "x", m.weight(1, 4, 1, 1))


@case("add-to-itself")
def _(m):
    return m.node("Add", "x", "x")


@case("many-activations-in-a-row")
def _(m):
    y = m.conv("x")
    for _ in range(20):
        y = m.node("Relu", m.node("Sigmoid", y))
    return y


@case("one-channel-pads", dims=(1, 1, 3, 4))
def _(m):
    return m.conv("x", (1, 1), (1, 1), pads=[2, 1, 0, 3])


# Pads before windows, where a graph is NHWC inside.
@case("pad-on-nhwc")
def _(m):
    y = m.node("Pad", m.node("Transpose", "x", perm=[0, 2, 3, 1]), m.integers(0, 1, 2, 0, 0, 3, 1, 0))
    return m.conv(m.node("Transpose", y, perm=[0, 3, 1, 2]), strides=[2, 2])


@case("pad-before-maxpool-in-ceil-mode")
def _(m):
    y = m.node("Pad", m.node("Relu", "x"), m.integers(0, 0, 1, 0, 0, 0, 1, 1))
    return m.node("MaxPool", y, kernel_shape=[3, 3], strides=[3, 3], pads=[0, 1, 1, 1], ceil_mode=1)


@case("windows-that-start-in-a-pad", "a window that sees only padding")
def _(m):
    y = m.node("Pad", m.node("Relu", "x"), m.integers(0, 0, 0, 0, 0, 0, 3, 0))
    return m.node("MaxPool", y, kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)


@case("pad-twice")
def _(m):
    y = m.node("Pad", m.node("Pad", "x", m.integers(0, 0, 1, 0, 0, 0, 0, 1)), m.integers(0, 0, 0, 2, 0, 0, 1, 0))
    return m.conv(m.node("Identity", y), pads=[1, 1, 0, 0])


@case("pad-with-auto-pad")
def _(m):
    y = m.node("Pad", "x", m.integers(0, 0, 1, 0, 0, 0, 0, 2))
    return m.conv(y, auto_pad="SAME_UPPER", strides=[2, 2])


@case("pad-the-channels", "allowed 0 to 4096 around height and width")
def _(m):
    return m.conv(m.node("Pad", "x", m.integers(0, 1, 0, 0, 0, 0, 0, 0)), channels=(5, 5))


@case("pad-channels-last", "allowed 0 to 4096 around height and width")
def _(m):
    y = m.node("Pad", m.node("Transpose", "x", perm=[0, 2, 3, 1]), m.integers(0, 0, 0, 1, 0, 0, 0, 0))
    return m.conv(m.node("Transpose", y, perm=[0, 3, 1, 2]), channels=(5, 5))


@case("nhwc-input", dims=(2, 6, 7, 4))
def _(m):
    y = m.node("Clip", m.node("Sub", "x", m.constant([1, 2, 3, 4])), m.constant(0))
    y = m.node("Pad", y, m.integers(0, 0, 0, 0, 0, 1, 1, 0))
    return m.conv(m.node("Transpose", y, perm=[0, 3, 1, 2]), strides=[2, 2])


@case("nhwc-output", dims=(2, 4, 6, 7))
def _(m):
    y = m.conv("x")
    return m.node("Transpose", y, perm=[0, 2, 3, 1]), y, m.node("Transpose", "x", perm=[0, 2, 3, 1])


@case("outputs-of-other-dims", dims=(2, 4, 3, 5))
def _(m):
    tokens = m.node("Transpose", m.node("Reshape", "x", m.integers(0, 4, -1)), perm=[0, 2, 1])
    mean = m.node("GlobalAveragePool", "x")
    return (m.node("Flatten", "x"), tokens, m.node("Reshape", "x", m.integers(-1)), mean, m.node("Squeeze", mean),
            m.node("Unsqueeze", mean, m.integers(0)), m.node("Flatten", "x", axis=3))


@case("output-is-a-scalar", "found a scalar, allowed one dim or more", dims=(1, 1, 3, 5))
def _(m):
    return m.node("Squeeze", m.node("GlobalAveragePool", "x"), m.integers(0, 1, 2, 3))


@case("nhwc-all-through", dims=("N", 6, 7, 4))
def _(m):
    y = m.node("Transpose", "x", perm=[0, 3, 1, 2])
    return m.node("Transpose", m.conv(y), perm=[0, 2, 3, 1]), m.node("Identity", "x")


@case("other-axes", "found axes (n, h, c, w), allowed n, c, h, w or n, h, w, c in this order")
def _(m):
    return m.node("Transpose", m.node("Relu", "x"), perm=[0, 2, 1, 3])


@case("conv-of-other-axes", "found axes (n, w, h, c), allowed (n, c, h, w)", dims=(1, 4, 6, 4))
def _(m):
    return m.conv(m.node("Transpose", "x", perm=[0, 3, 2, 1]))


# Constants that are computed while reading.
@case("ceil-and-floor-of-a-shape")
def _(m):
    def half(of, axis):
        n = m.node("Cast", m.node("Gather", m.node("Shape", "x"), m.integers(axis)), to=TensorProto.FLOAT)
        return m.node("Cast", m.node(of, m.node("Div", n, m.constant(2))), to=TensorProto.INT64)

    y = m.conv("x", strides=[2, 2], pads=[1, 1, 1, 1])
    dims = m.node("Concat", m.integers(1, -1), half("Floor", 2), half("Ceil", 3), axis=0)
    return m.node("Reshape", y, dims)


@case("weight-by-reshape-allowzero")
def _(m):
    weight = m.node("Reshape", m.weight(5, 36), m.integers(5, 4, 3, 3), allowzero=1)
    return m.node("Conv", "x", weight)


@case("map-by-reshape-allowzero")
def _(m):
    return m.node("Flatten", m.node("Reshape", m.node("GlobalAveragePool", "x"), m.integers(1, 4, 1, 1), allowzero=1))


# What is unsupported, all at once.
@case("unsupported", "unsupported: 3 Resize (mode nearest), 1 Softmax, 1 com.microsoft.Gelu", dims=(1, 4, 2, 2), valid=False)
def _(m):
    y = "x"
    for _ in range(3):
        y = m.node("Resize", y, "", m.constant([1, 1, 2, 2]), mode="nearest")
    return m.node("Gelu", m.node("Softmax", y), domain="com.microsoft")


@case("unsupported-activations", "1 HardSigmoid (alpha 0.2, beta 0.5), 1 Clip (min -1, max 1)")
def _(m):
    return m.node("Clip", m.node("HardSigmoid", "x"), m.constant(-1), m.constant(1))


@case("unsupported-on-constants", "1 Relu (of constants)")
def _(m):
    return m.node("Add", "x", m.node("Relu", m.weight(4, 1, 1)))


@case("reflected", "1 Pad (mode reflect)")
def _(m):
    return m.conv(m.node("Pad", "x", m.integers(0, 0, 1, 1, 0, 0, 1, 1), mode="reflect"))


for word in ("Act", "TokenSum", "map", "dw"):
    @case(f"internal-{word}", f"1 {word}; the first is", valid=False)
    def _(m, word=word):
        return m.node(word, "x", m.conv("x", (1, 1), (1, 4)), m.integers(2, 3))

    @case(f"internal-{word}-attributes", f"1 {word}; the first is", valid=False)
    def _(m, word=word):
        return m.node(word, m.conv("x"), kind="tanh", alpha=3)


@case("domain", "1 mine.Relu; the first is", valid=False)
def _(m):
    return m.node("Relu", "x", domain="mine")


# An open batch.
@case("open-batch", dims=("N", 4, 6, 7))
def _(m):
    return m.node("Flatten", m.node("GlobalAveragePool", m.conv("x")))


@case("open-height", "without a size", dims=(1, 4, "height", 7))
def _(m):
    return m.node("Relu", "x")
