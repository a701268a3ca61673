"""An ONNX graph as converters leave it: what follows a convolution channel by channel (batch norm,
layer scale) is in its weights, computed in double."""

import collections

import numpy
import onnx
from onnx import helper, numpy_helper


class FoldedOnnx:
    """`nodes` in order, `constants` by name, and `shape_of` every tensor."""

    def __init__(self, path):
        self.model = onnx.shape_inference.infer_shapes(onnx.load(path), strict_mode=True)
        graph = self.model.graph
        self.constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        self.inputs = [i.name for i in graph.input]
        self.outputs = [o.name for o in graph.output]
        self.nodes = list(graph.node)
        self.readers = collections.defaultdict(list)
        for node in self.nodes:
            for name in node.input:
                self.readers[name].append(node)
        self.shapes = {
            value.name: [d.dim_value for d in value.type.tensor_type.shape.dim]
            for values in (graph.input, graph.output, graph.value_info)
            for value in values
        }
        self._fold()

    def only_reader(self, node):
        """The node that alone reads what this one gives, if there is one."""
        (name,) = node.output
        readers = self.readers[name]
        return readers[0] if len(readers) == 1 and name not in self.outputs else None

    def write(self, path):
        """The graph as an ONNX file again."""
        graph = self.model.graph
        read = {name for node in self.nodes for name in node.input}
        nodes = [onnx.NodeProto.FromString(n.SerializeToString()) for n in self.nodes]
        del graph.node[:], graph.initializer[:]
        graph.node.extend(nodes)
        graph.initializer.extend(
            numpy_helper.from_array(value, name)
            for name, value in self.constants.items()
            if name in read
        )
        onnx.save(self.model, path)

    def batch_norm(self, node):
        """Factor and shift per channel."""
        scale, shift, mean, variance = (self.constants[n].astype("f8") for n in node.input[1:])
        factor = scale / numpy.sqrt(variance + attributes(node).get("epsilon", 1e-5))
        return factor, shift - mean * factor

    def _fold(self):
        for node in self.nodes:
            while is_dense(node) and (after := self.only_reader(node)):
                affine = self._affine(after, len(self.shapes[node.output[0]]))
                if not affine:
                    break
                self._scale(node, *affine)
                node.output[0] = after.output[0]
                after.output[0] = ""
        self.nodes = [node for node in self.nodes if node.output[0]]

    def _affine(self, node, rank):
        """Factor and shift per channel of a node that is just that."""
        if node.op_type == "BatchNormalization":
            return self.batch_norm(node)
        factors = [self.constants[name] for name in node.input if name in self.constants]
        if node.op_type != "Mul" or len(factors) != 1:
            return None
        (factor,) = factors
        per_channel = factor.ndim == rank - 1 and factor.size == factor.shape[0]
        if not per_channel and factor.size != 1:
            return None
        return factor.astype("f8").reshape(-1), 0.0

    def _scale(self, node, factor, shift):
        """The weights times a factor, output by output; the bias likewise, and a shift on top."""
        weight = self.constants[node.input[1]]
        bias = self.constants[node.input[2]] if len(node.input) > 2 else numpy.zeros(len(weight))
        per_output = factor.reshape((-1,) + (1,) * (weight.ndim - 1))
        del node.input[1:]
        node.input.extend([node.output[0] + ".folded_weight", node.output[0] + ".folded_bias"])
        self.constants[node.input[1]] = (weight * per_output).astype("f4")
        self.constants[node.input[2]] = (bias * factor + shift).astype("f4")


def is_dense(node):
    """A convolution or linear layer whose weights begin with the output channels."""
    return node.op_type == "Conv" or node.op_type == "Gemm" and attributes(node) == {"transB": 1}


def attributes(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}
