"""A TFLite flatbuffer, tensor by tensor and operator by operator."""

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema

VERSION = 3  # of the format
SIGNATURE = "serving_default"  # as its own converter calls it
ALIGNMENT = 16  # of a tensor's bytes, which the schema asks for and its Python form forgets
TYPES = {"float32": schema.TensorType.FLOAT32, "int32": schema.TensorType.INT32}


class AlignedBuffer(schema.BufferT):
    def Pack(self, builder):
        if self.data is None:
            return super().Pack(builder)
        payload = self.data.tobytes()
        builder.StartVector(1, len(payload), ALIGNMENT)
        builder.head -= len(payload)
        builder.Bytes[builder.head : builder.head + len(payload)] = payload
        data = builder.EndVector()
        schema.BufferStart(builder)
        schema.BufferAddData(builder, data)
        return schema.BufferEnd(builder)


class TfliteFile:
    def __init__(self, name):
        self.name = name
        self.buffers = [AlignedBuffer()]  # the first is that of tensors without values
        self.tensors = []
        self.operators = []
        self.codes = {}  # (operator, version) -> index

    def tensor(self, name, shape, values=None):
        """Its index. A tensor with values is a constant."""
        buffer = 0
        kind = "float32"
        if values is not None:
            kind = values.dtype.name
            buffer = len(self.buffers)
            self.buffers.append(AlignedBuffer(data=values))
        self.tensors.append(
            schema.TensorT(shape=list(shape), type=TYPES[kind], buffer=buffer, name=name)
        )
        return len(self.tensors) - 1

    def constant(self, name, values):
        values = numpy.ascontiguousarray(values)
        return self.tensor(name, values.shape, values)

    def operator(self, kind, inputs, output, options=None, version=1):
        """`kind`: a name of schema.BuiltinOperator; `options`: of that, if it has any."""
        code = (getattr(schema.BuiltinOperator, kind), version)
        operator = schema.OperatorT(
            opcodeIndex=self.codes.setdefault(code, len(self.codes)),
            inputs=inputs,
            outputs=[output],
        )
        if options is not None:
            form = type(options).__name__.removesuffix("T")
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, form)
            operator.builtinOptions = options
        self.operators.append(operator)

    def packed(self, inputs, outputs):
        """The file's bytes; `inputs` and `outputs`: tensors."""
        graph = schema.SubGraphT(
            tensors=self.tensors,
            inputs=inputs,
            outputs=outputs,
            operators=self.operators,
            name=self.name,
        )
        signature = schema.SignatureDefT(
            inputs=[self._named(t) for t in inputs],
            outputs=[self._named(t) for t in outputs],
            signatureKey=SIGNATURE,
        )
        model = schema.ModelT(
            version=VERSION,
            operatorCodes=[
                # Readers of before 2020 look only into the old field, which is a byte.
                schema.OperatorCodeT(
                    builtinCode=code, deprecatedBuiltinCode=min(code, 127), version=version
                )
                for code, version in self.codes
            ],
            subgraphs=[graph],
            buffers=self.buffers,
            signatureDefs=[signature],
        )
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())

    def _named(self, tensor):
        return schema.TensorMapT(name=self.tensors[tensor].name, tensorIndex=tensor)
