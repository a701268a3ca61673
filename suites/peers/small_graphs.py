"""Small ONNX graphs, one for each form that an operator of an exported network takes, and the TFLite operators that
each is. Sizes are odd where that matters; values are both above and below zero."""
import collections

import numpy
import onnx

Case = collections.namedtuple("Case", "name x constants nodes operators absent", defaults=[()])

CONV = "Conv<kernel_shape=[{0},{1}], strides=[{2},{2}], pads=[{3}], dilations=[{4},{4}], group={5}>"
BN = {"s": [6], "t": [6], "m": [6], "v": [6]}


def conv(kernel, pads, stride=1, dilation=1, groups=1):
    return CONV.format(*kernel, stride, pads, dilation, groups)


def pool(kernel, pads, stride):
    return f"MaxPool<kernel_shape=[{kernel},{kernel}], strides=[{stride},{stride}], pads=[{pads}], dilations=[1,1]>"


W = {"w": [6, 4, 3, 3]}
POINTWISE = {"w": [6, 4, 1, 1]}
POINT = conv((1, 1), "0,0,0,0")
GELU = "d = Div({0}, sqrt2) e = Erf(d) a = Add(e, one) p = Mul({0}, a) {1} = Mul(p, half)"
ODD, EVEN = [1, 4, 9, 7], [1, 4, 8, 10]

CASES = [
    Case("valid", ODD, {**W, "b": [6]}, f"y = {conv((3, 3), '0,0,0,0')}(x, w, b)", "CONV_2D"),
    Case("same, without bias", ODD, W, f"y = {conv((3, 3), '1,1,1,1')}(x, w)", "CONV_2D"),
    Case("stride 2, odd map: same", ODD, W, f"y = {conv((3, 3), '1,1,1,1', 2)}(x, w)", "CONV_2D"),
    Case("stride 2, even map: not same", EVEN, W, f"y = {conv((3, 3), '1,1,1,1', 2)}(x, w)", "PAD CONV_2D"),
    Case("stride 2, even map, padded behind: same", EVEN, W, f"y = {conv((3, 3), '0,0,1,1', 2)}(x, w)", "CONV_2D"),
    Case("each side padded otherwise", ODD, W, f"y = {conv((3, 3), '0,1,2,3')}(x, w)", "PAD CONV_2D"),
    Case("dilation", ODD, W, f"y = {conv((3, 3), '2,2,2,2', 1, 2)}(x, w)", "CONV_2D"),
    Case("2x2 stride 2", EVEN, {"w": [6, 4, 2, 2]}, f"y = {conv((2, 2), '0,0,0,0', 2)}(x, w)", "CONV_2D"),
    Case("1x1 stride 2", ODD, POINTWISE, f"y = {conv((1, 1), '0,0,0,0', 2)}(x, w)", "CONV_2D"),
    Case("grouped", ODD, {"w": [6, 2, 3, 3]}, f"y = {conv((3, 3), '1,1,1,1', groups=2)}(x, w)", "CONV_2D"),
    Case("grouped 1x1", ODD, {"w": [8, 2, 1, 1]}, f"y = {conv((1, 1), '0,0,0,0', groups=2)}(x, w)", "CONV_2D"),
    Case(
        "depthwise",
        [1, 6, 9, 7],
        {"w": [6, 1, 5, 5]},
        f"y = {conv((5, 5), '2,2,2,2', groups=6)}(x, w)",
        "DEPTHWISE_CONV_2D",
    ),
    Case(
        "depthwise stride 2, batch norm, relu6",
        [1, 6, 8, 10],
        {"w": [6, 1, 5, 5], **BN, "zero": 0, "six": 6},
        f"c = {conv((5, 5), '2,2,2,2', 2, groups=6)}(x, w) "
        "n = BatchNormalization(c, s, t, m, v) y = Clip(n, zero, six)",
        "PAD DEPTHWISE_CONV_2D+RELU6",
    ),
    Case(
        "depthwise 1x5, then 5x1",
        [1, 6, 9, 7],
        {"w": [6, 1, 1, 5], "u": [6, 1, 5, 1]},
        f"c = {conv((1, 5), '0,2,0,2', groups=6)}(x, w) y = {conv((5, 1), '2,0,2,0', groups=6)}(c, u)",
        "DEPTHWISE_CONV_2D DEPTHWISE_CONV_2D",
    ),
    Case(
        "depthwise, two outputs a channel",
        ODD,
        {"w": [8, 1, 3, 3]},
        f"y = {conv((3, 3), '1,1,1,1', groups=4)}(x, w)",
        "DEPTHWISE_CONV_2D",
    ),
    Case(
        "batch norm, factor per channel and factor after a convolution with bias",
        ODD,
        {**POINTWISE, "b": [6], **BN, "f": [6, 1, 1], "half": 0.5},
        f"c = {POINT}(x, w, b) n = BatchNormalization<epsilon=0.001>(c, s, t, m, v) o = Mul(n, f) y = Mul(half, o)",
        "CONV_2D",
    ),
    Case(
        "batch norm beside another reader",
        ODD,
        {**POINTWISE, **BN},
        f"c = {POINT}(x, w) n = BatchNormalization(c, s, t, m, v) y = Add(c, n)",
        "CONV_2D MUL ADD ADD",
    ),
    Case(
        "batch norm after what is an output, too",
        ODD,
        {**POINTWISE, **BN},
        f"z = {POINT}(x, w) y = BatchNormalization(z, s, t, m, v)",
        "CONV_2D MUL ADD",
    ),
    Case("batch norm by itself", [1, 6, 9, 7], BN, "y = BatchNormalization(x, s, t, m, v)", "MUL ADD"),
    Case(
        "factor per channel by itself",
        ODD,
        {**POINTWISE, "f": [6, 1, 1]},
        f"c = {POINT}(x, w) h = HardSwish(c) y = Mul(h, f)",
        "CONV_2D HARD_SWISH MUL",
    ),
    Case("relu after what is an output, too", ODD, POINTWISE, f"z = {POINT}(x, w) y = Relu(z)", "CONV_2D RELU"),
    Case("relu by itself", ODD, {}, "y = Relu(x)", "RELU"),
    Case("relu6 by itself", ODD, {"zero": 0, "six": 6}, "y = Clip(x, zero, six)", "RELU6"),
    Case("residual, relu", ODD, {}, "h = HardSwish(x) a = Add(x, h) y = Relu(a)", "HARD_SWISH ADD+RELU"),
    Case("hard-sigmoid", ODD, {}, "y = HardSigmoid<alpha=0.16666667, beta=0.5>(x)", "ADD+RELU6 MUL"),
    Case("sigmoid", ODD, {}, "y = Sigmoid(x)", "LOGISTIC"),
    Case("silu", ODD, POINTWISE, f"c = {POINT}(x, w) g = Sigmoid(c) y = Mul(c, g)", "CONV_2D LOGISTIC MUL"),
    Case(
        "gelu",
        ODD,
        {**POINTWISE, "sqrt2": 2**0.5, "one": 1, "half": 0.5},
        f"c = {POINT}(x, w) {GELU.format('c', 'y')}",
        "CONV_2D GELU",
    ),
    Case(
        "squeeze and excite",
        ODD,
        {"w": [2, 4, 1, 1], "b": [2], "u": [4, 2, 1, 1], "c": [4]},
        f"p = GlobalAveragePool(x) q = {POINT}(p, w, b) r = Relu(q) k = {POINT}(r, u, c) "
        "g = HardSigmoid<alpha=0.16666667, beta=0.5>(k) y = Mul(x, g)",
        "MEAN CONV_2D+RELU CONV_2D ADD+RELU6 MUL MUL",
    ),
    Case(
        "head",
        ODD,
        {"w": [6, 4], "b": [6], "f": [6]},
        "p = GlobalAveragePool(x) q = Flatten<axis=1>(p) g = Gemm<transB=1>(q, w, b) m = Mul(g, f) y = Relu(m)",
        "MEAN RESHAPE FULLY_CONNECTED+RELU",
    ),
    Case(
        "flat and back",
        [1, 4, 1, 1],
        {"w": [6, 4], "axes": numpy.array([2, 3]), "u": [6, 6, 1, 1]},
        f"f = Flatten<axis=1>(x) g = Gemm<transB=1>(f, w) m = Unsqueeze(g, axes) y = {POINT}(m, u)",
        "RESHAPE FULLY_CONNECTED RESHAPE CONV_2D",
    ),
    Case("maxpool", EVEN, {}, f"y = {pool(2, '0,0,0,0', 2)}(x)", "MAX_POOL_2D"),
    Case("maxpool, same", ODD, {}, f"y = {pool(3, '1,1,1,1', 2)}(x)", "MAX_POOL_2D"),
    Case(
        "maxpool, padded, of anything",
        EVEN,
        {},
        f"h = HardSwish(x) y = {pool(3, '1,1,1,1', 2)}(h)",
        "HARD_SWISH PADV2 MAX_POOL_2D",
    ),
    Case(
        "maxpool, padded, after relu",
        EVEN,
        {},
        f"r = Relu(x) y = {pool(3, '1,1,1,1', 2)}(r)",
        "RELU PAD MAX_POOL_2D",
    ),
    Case("maxpool, each side otherwise", ODD, {}, f"y = {pool(3, '0,1,2,1', 1)}(x)", "PADV2 MAX_POOL_2D", ("ncnn",)),
    Case("space to depth", EVEN, {}, "y = SpaceToDepth<blocksize=2>(x)", "SPACE_TO_DEPTH"),
    Case(
        "upsampling",
        ODD,
        {"scales": numpy.array([1, 1, 2, 2], "f4")},
        'y = Resize<mode="linear", coordinate_transformation_mode="half_pixel">(x, , scales)',
        "RESIZE_BILINEAR",
    ),
    Case(
        "sum of weighted pixels",
        ODD,
        {"w": [1, 4, 1, 1], "axes": numpy.array([2, 3])},
        f"t = {POINT}(x, w) m = Mul(x, t) y = ReduceSum<keepdims=1>(m, axes)",
        "CONV_2D MUL SUM",
    ),
    Case("the last output first", ODD, {}, "y = Relu(x) z = Sigmoid(y)", "RELU LOGISTIC"),
    Case("the same output twice", ODD, {}, "y = Relu(x) z = Identity(y)", "RELU", ("ncnn",)),
    Case("two images", [2, 4, 9, 7], W, f"y = {conv((3, 3), '1,1,1,1')}(x, w)", "CONV_2D", ("ncnn",)),
]

# As a network is built, for who computes in less than f32: an operator by itself says little there.
NETWORK = Case(
    "a small network",
    [1, 3, 33, 31],
    {
        "w": [16, 3, 3, 3],
        **{name: [16] for name in "stmv"},
        "d": [16, 1, 5, 5],
        "q": [8, 16, 1, 1],
        "b": [8],
        "u": [16, 8, 1, 1],
        "p": [16, 16, 1, 1],
        "g": [10, 16],
        "zero": 0,
        "six": 6,
    },
    f"c = {conv((3, 3), '1,1,1,1', 2)}(x, w) n = BatchNormalization(c, s, t, m, v) r = Clip(n, zero, six) "
    f"e = {conv((5, 5), '2,2,2,2', groups=16)}(r, d) h = HardSwish(e) "
    f"a = GlobalAveragePool(h) f = {POINT}(a, q, b) i = Relu(f) j = {POINT}(i, u) k = Sigmoid(j) o = Mul(h, k) "
    f"l = {POINT}(o, p) sum = Add(l, r) last = Relu(sum) pool = GlobalAveragePool(last) flat = Flatten<axis=1>(pool) "
    "y = Gemm<transB=1>(flat, g)",
    "",
)

# `operators`: what the reason has to name.
REFUSED = [
    Case("no form", ODD, {}, "y = Softmax<axis=1>(x)", "Softmax"),
    Case("another clip", ODD, {"zero": 0, "one": 1}, "y = Clip(x, zero, one)", "Clip"),
    Case("half of a gelu", ODD, {"sqrt2": 2**0.5}, "d = Div(x, sqrt2) y = Erf(d)", "Div"),
    Case("flattened map", ODD, {}, "y = Flatten<axis=1>(x)", "Flatten"),
]


def sqnr_db(got, wanted):
    """The energy of what is wanted over that of what is off."""
    off = got.astype("f8") - wanted.astype("f8")
    return 10 * numpy.log10((wanted.astype("f8") ** 2).sum() / max((off**2).sum(), 1e-30))


def small_model(case, seed):
    """A case's model and an input, random."""
    random = numpy.random.default_rng(seed)
    constants = []
    for name, value in case.constants.items():
        if isinstance(value, list):
            value = random.uniform(0.5, 1.5, value) if name in "sv" else random.standard_normal(value)
        value = numpy.asarray(value)
        value = value if value.dtype == "int64" and value.ndim else value.astype("f4")
        constants.append(onnx.numpy_helper.from_array(value, name))
    outputs = ", ".join(f"float[] {name}" for name in ("z", "y") if f"{name} = " in case.nodes)
    shape = ",".join(map(str, case.x))
    model = onnx.parser.parse_model(
        f'<ir_version: 8, opset_import: ["": 17]> small (float[{shape}] x) => ({outputs}) {{ {case.nodes} }}'
    )
    model.graph.initializer.extend(constants)
    model = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    onnx.checker.check_model(model)
    return model, (3 * random.standard_normal(case.x)).astype("f4")
