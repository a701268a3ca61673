"""LiteRT (TensorFlow Lite); README.md says what is set and why."""

import os

from line_peer import Adapter, serve, tensors_in

MODEL = "network.tflite"
SMALL = 8 << 20  # bytes of what is converted in a moment: kept, it would push out what took long


class LiteRt(Adapter):
    name = "litert"
    lacks = {"bf16": "XNNPACK takes no bf16 from a TFLite file"}

    def __init__(self, threads):
        import ai_edge_litert
        import numpy
        from ai_edge_litert.interpreter import Interpreter

        self.numpy, self.Interpreter = numpy, Interpreter
        self.version = ai_edge_litert.__version__
        self.threads = threads

    @property
    def options(self):
        recipe = "recipe=static_wi8_ai8 " if self.dtype == "i8" else ""
        return f"{recipe}delegate=xnnpack num_threads={self.threads}"

    def load(self, path):
        from kept import kept
        from tflite_i8 import made_by, tflite_i8
        from tflite_model import tflite_model

        def make(folder):
            model = tflite_model(path)
            (folder / MODEL).write_bytes(tflite_i8(model) if self.dtype == "i8" else model)

        if self.dtype == "f32" and os.path.getsize(path) < SMALL:
            self.interpreter = self.Interpreter(model_content=tflite_model(path), num_threads=self.threads)
        else:
            quantiser = " " + made_by() if self.dtype == "i8" else ""
            with kept(path, f"litert {self.version}{quantiser}", make) as folder:
                self.interpreter = self.Interpreter(str(folder / MODEL), num_threads=self.threads)
        self.interpreter.allocate_tensors()
        return "nhwc"

    def bind(self, path):
        values = self.interpreter.get_input_details()
        shapes = [[shape[i] for i in (0, 3, 1, 2)] if len(shape) == 4 else shape for shape in (v["shape"] for v in values)]
        arrays = list(tensors_in(path, shapes))
        for value, array in zip(values, arrays):
            self.interpreter.set_tensor(value["index"], self.as_it_takes(value, array))
        return sum(array.size for array in arrays)

    def as_it_takes(self, value, array):
        array = array.transpose(0, 2, 3, 1) if array.ndim == 4 else array
        if value["dtype"] != self.numpy.int8:
            return array
        scale, zero = value["quantization"]
        steps = self.numpy.rint(array / scale) + zero
        return steps.clip(-128, 127).astype("i1")

    def infer(self):
        self.interpreter.invoke()

    def outputs(self):
        for value in self.interpreter.get_output_details():
            array = self.interpreter.get_tensor(value["index"])
            if array.dtype == self.numpy.int8:
                scale, zero = value["quantization"]
                array = (array.astype("f4") - zero) * scale
            yield array.transpose(0, 3, 1, 2) if array.ndim == 4 else array


serve(LiteRt)
