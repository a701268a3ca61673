"""ONNX Runtime; README.md says what is set and why."""

import os

from line_peer import Adapter, serve, tensors_in


class OnnxRuntime(Adapter):
    name = "onnxruntime"
    lacks = {"bf16": "its CPU kernels have no bf16"}

    def __init__(self, threads):
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # which would leave a file in the temporary folder
        import numpy
        import onnxruntime

        self.numpy, self.ort = numpy, onnxruntime
        self.version = onnxruntime.__version__
        self.cpus = sorted(os.sched_getaffinity(0))
        self.settings = {"session.intra_op.allow_spinning": "0"}
        if threads > 1:
            self.settings = {
                "session.intra_op.allow_spinning": "1",
                "session.force_spinning_stop": "1",
                "session.intra_op_thread_affinities": ";".join(
                    str(cpu + 1) for cpu in self.cpus[1:threads]  # it counts from 1
                ),
            }
        self.threads = threads

    @property
    def options(self):
        return " ".join(
            (["model=qdq"] if self.dtype == "i8" else [])
            + [f"opt=all intra_op={self.threads} inter_op=1 sequential denormals=0 io_binding"]
            + [f"{key}={value}" for key, value in self.settings.items() if self.threads > 1]
        )

    def load(self, path):
        from qdq_model import onnx_model

        ort = self.ort
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        for key, value in self.settings.items():
            options.add_session_config_entry(key, value)
        with onnx_model(path, self.dtype) as model:
            self.session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        if self.threads > 1:  # the caller's thread computes, too; the workers have the other cores
            os.sched_setaffinity(0, self.cpus[:1])
        return "nchw, other layouts inside"

    def bind(self, path):
        values = self.session.get_inputs()
        self.arrays = list(tensors_in(path, [value.shape for value in values]))
        self.binding = self.session.io_binding()
        for value, array in zip(values, self.arrays):  # which may share their memory
            self.binding.bind_ortvalue_input(value.name, self.ort.OrtValue.ortvalue_from_numpy(array))
        self.results = []
        for output in self.session.get_outputs():
            result = self.ort.OrtValue.ortvalue_from_shape_and_type(output.shape, "float32")
            self.binding.bind_ortvalue_output(output.name, result)
            self.results.append(result)
        return sum(array.size for array in self.arrays)

    def infer(self):
        self.session.run_with_iobinding(self.binding)

    def outputs(self):
        return [result.numpy() for result in self.results]


serve(OnnxRuntime)
