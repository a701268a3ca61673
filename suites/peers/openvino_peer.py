"""OpenVINO; README.md says what is set and why."""

from line_peer import Adapter, serve


class OpenVino(Adapter):
    name = "openvino"

    def __init__(self, threads):
        import numpy
        import openvino

        self.numpy, self.openvino = numpy, openvino
        self.version = openvino.__version__.split("-")[0]  # the rest names the build
        self.threads = threads

    @property
    def settings(self):
        return {
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": "1",
            "INFERENCE_NUM_THREADS": str(self.threads),
            **self.precision_hint(),
            "ENABLE_CPU_PINNING": "NO",
            "CPU_DENORMALS_OPTIMIZATION": "YES",
        }

    def precision_hint(self):
        """Beside 8 bits it is of what the quantiser left in f32."""
        return {"INFERENCE_PRECISION_HINT": "bf16" if self.dtype == "bf16" else "f32"}

    @property
    def options(self):
        quantised = ["model=qdq"] if self.dtype == "i8" else []
        return " ".join(quantised + [f"{key}={value}" for key, value in self.settings.items()])

    @property
    def precision(self):
        if self.dtype == "i8":
            return "i8"
        return self.compiled.get_property("INFERENCE_PRECISION_HINT").to_string()

    def load(self, path):
        from qdq_model import onnx_model

        with onnx_model(path, self.dtype) as model:
            self.compiled = self.openvino.Core().compile_model(model, "CPU", self.settings)
        self.request = self.compiled.create_infer_request()

    def bind(self, path):
        (value,) = self.compiled.inputs
        self.array = self.numpy.fromfile(path, "<f4").reshape(value.shape)
        self.request.set_input_tensor(self.openvino.Tensor(self.array, shared_memory=True))
        return self.array.size

    def infer(self):
        self.request.infer(share_inputs=True, share_outputs=True)

    def outputs(self):
        return [self.request.get_tensor(value).data for value in self.compiled.outputs]


if __name__ == "__main__":
    serve(OpenVino)
