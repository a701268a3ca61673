"""OpenVINO; README.md says what is set and why."""

from line_peer import serve


class OpenVino:
    name = "openvino"

    def __init__(self, threads):
        import numpy
        import openvino

        self.numpy, self.openvino = numpy, openvino
        self.version = openvino.__version__.split("-")[0]  # the rest names the build
        self.settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": "1",
            "INFERENCE_NUM_THREADS": str(threads),
            "INFERENCE_PRECISION_HINT": "f32",
            "ENABLE_CPU_PINNING": "NO",
            "CPU_DENORMALS_OPTIMIZATION": "YES",
        }
        self.options = " ".join(f"{key}={value}" for key, value in self.settings.items())

    def load(self, path):
        self.compiled = self.openvino.Core().compile_model(path, "CPU", self.settings)
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


serve(OpenVino)
