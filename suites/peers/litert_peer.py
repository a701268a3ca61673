"""LiteRT (TensorFlow Lite); README.md says what is set and why."""

from line_peer import serve

MODEL = "network.tflite"


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

        with kept(path, f"litert {self.version}", make) as folder:
            self.interpreter = self.Interpreter(str(folder / MODEL), num_threads=self.threads)
        self.interpreter.allocate_tensors()

    def bind(self, path):
        (value,) = self.interpreter.get_input_details()
        n, h, w, c = value["shape"]
        array = self.numpy.fromfile(path, "<f4").reshape(n, c, h, w)
        self.interpreter.set_tensor(value["index"], array.transpose(0, 2, 3, 1))
        return array.size

    def infer(self):
        self.interpreter.invoke()

    def outputs(self):
        for value in self.interpreter.get_output_details():
            array = self.interpreter.get_tensor(value["index"])
            yield array.transpose(0, 3, 1, 2) if array.ndim == 4 else array


serve(LiteRt)
