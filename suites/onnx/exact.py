"""A model in float64: what float32 is judged by.

ONNX's own reference evaluator runs it, on weights and constants widened to double, but for
convolutions, which take minutes there: here each tap of the window is a product of matrices. Shares
nothing with Halcyon nor with ONNX Runtime.
"""
import numpy
import onnx
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun


class Conv(OpRun):
    op_domain = ""

    def _run(self, x, w, b=None, auto_pad=None, dilations=None, group=None, kernel_shape=None,
             pads=None, strides=None):
        kernel = w.shape[2:]
        pads = pads or [0, 0, 0, 0]
        (dy, dx), (sy, sx) = dilations or (1, 1), strides or (1, 1)
        if auto_pad not in (None, "NOTSET"):
            raise NotImplementedError(f"auto_pad {auto_pad}")
        x = numpy.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
        height = (x.shape[2] - dy * (kernel[0] - 1) - 1) // sy + 1
        width = (x.shape[3] - dx * (kernel[1] - 1) - 1) // sx + 1
        groups = group or 1
        n, per_group = x.shape[0], w.shape[0] // groups
        out = numpy.zeros((n, groups, per_group, height * width), x.dtype)
        w = w.reshape(groups, per_group, *w.shape[1:])
        for ky in range(kernel[0]):
            for kx in range(kernel[1]):
                seen = x[:, :, ky * dy:ky * dy + (height - 1) * sy + 1:sy,
                         kx * dx:kx * dx + (width - 1) * sx + 1:sx]
                out += w[..., ky, kx] @ seen.reshape(n, groups, -1, height * width)
        out = out.reshape(n, groups * per_group, height, width)
        return (out if b is None else out + b.reshape(1, -1, 1, 1),)


def widened(tensor):
    values = numpy_helper.to_array(tensor)
    if values.dtype != numpy.float32:
        return tensor
    return numpy_helper.from_array(values.astype(numpy.float64), tensor.name)


def run(model, given):
    """The outputs of a model, in its order, for one input, all in float64."""
    model = onnx.load(model)
    for i, tensor in enumerate(model.graph.initializer):
        model.graph.initializer[i].CopyFrom(widened(tensor))
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                attribute.t.CopyFrom(widened(attribute.t))
    for value in [*model.graph.input, *model.graph.output, *model.graph.value_info]:
        kind = value.type.tensor_type
        if kind.elem_type == onnx.TensorProto.FLOAT:
            kind.elem_type = onnx.TensorProto.DOUBLE
    evaluator = ReferenceEvaluator(model, new_ops=[Conv])
    outputs = evaluator.run(None, {evaluator.input_names[0]: given.astype(numpy.float64)})
    for name, values in zip(evaluator.output_names, outputs):
        if values.dtype != numpy.float64:
            raise TypeError(f"{name} came out as {values.dtype}")
    return outputs
