"""LiteRT (TensorFlow Lite); README.md says what is set and why."""

import os

from line_peer import serve, tensors_in

MODEL = "network.tflite"
SMALL = 8 << 20  # bytes of what is converted in a moment: kept, it would push out what took long


class LiteRt:
    name = "litert"

    def __init__(self, threads):
        import ai_edge_litert
        import numpy
        from ai_edge_litert.interpreter import Interpreter

        self.numpy, self.Interpreter = numpy, Interpreter
        self.version = ai_edge_litert.__version__
        self.threads = threads
        self.options = f"delegate=xnnpack num_threads={threads}"

    def load(self, path):
        from kept import kept
        from tflite_model import tflite_model

        def make(folder):
            (folder / MODEL).write_bytes(tflite_model(path))

        if os.path.getsize(path) < SMALL:
            self.interpreter = self.Interpreter(model_content=tflite_model(path), num_threads=self.threads)
        else:
            with kept(path, f"litert {self.version}", make) as folder:
                self.interpreter = self.Interpreter(str(folder / MODEL), num_threads=self.threads)
        self.interpreter.allocate_tensors()
        return "nhwc"

    def bind(self, path):
        values = self.interpreter.get_input_details()
        shapes = [[shape[i] for i in (0, 3, 1, 2)] if len(shape) == 4 else shape for shape in (v["shape"] for v in values)]
        arrays = list(tensors_in(path, shapes))
        for value, array in zip(values, arrays):
            self.interpreter.set_tensor(value["index"], array.transpose(0, 2, 3, 1) if array.ndim == 4 else array)
        return sum(array.size for array in arrays)

    def infer(self):
        self.interpreter.invoke()

    def outputs(self):
        for value in self.interpreter.get_output_details():
            array = self.interpreter.get_tensor(value["index"])
            yield array.transpose(0, 3, 1, 2) if array.ndim == 4 else array


serve(LiteRt)
