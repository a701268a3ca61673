"""ncnn; README.md says what is set and why."""

import os

from line_peer import Adapter, serve

OFF = ("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic", "use_vulkan_compute")
BF16 = ("use_bf16_packed", "use_bf16_storage")


class Ncnn(Adapter):
    name = "ncnn"
    lacks = {"i8": "its int8 wants a table of its own tools, which its package has not"}

    def __init__(self, threads):
        if threads > 1:
            os.environ["OMP_PROC_BIND"] = "true"  # read when the library is loaded
        import ncnn
        import numpy

        self.numpy, self.ncnn = numpy, ncnn
        self.version = ncnn.__version__
        self.threads = threads

    @property
    def options(self):
        bf16 = int(self.dtype == "bf16")
        options = f"num_threads={self.threads} fp16=0 bf16={bf16} winograd=1 sgemm=1 packing=1"
        return options + (" OMP_PROC_BIND=true" if self.threads > 1 else "")

    def load(self, path):
        from importlib.metadata import version

        from kept import kept
        from ncnn_model import write_ncnn_model

        def make(folder):
            write_ncnn_model(path, folder)

        self.net = self.ncnn.Net()
        self.net.opt.num_threads = self.threads
        for option in OFF:
            setattr(self.net.opt, option, False)
        for option in BF16:
            setattr(self.net.opt, option, self.dtype == "bf16")
        with kept(path, f"pnnx {version('pnnx')} onnx {version('onnx')}", make) as folder:
            self.read(folder)

    def read(self, folder):
        from ncnn_model import PARAM, SHAPE, WEIGHTS, layers_in

        if self.net.load_param(str(folder / PARAM)):
            kinds = layers_in((folder / PARAM).read_text())
            unknown = [kind for kind in kinds if self.ncnn.layer_to_index(kind) < 0]
            raise ValueError(f"ncnn cannot read pnnx's layers {' '.join(unknown)}")
        if self.net.load_model(str(folder / WEIGHTS)):
            raise ValueError("ncnn cannot prepare this network's layers")
        self.shape = [int(d) for d in (folder / SHAPE).read_text().split()]

    def bind(self, path):
        array = self.numpy.fromfile(path, "<f4").reshape(self.shape[1:])
        self.input = self.ncnn.Mat(array).clone()
        self.names = [f"out{i}" for i in range(len(self.net.output_names()))]  # in ONNX's order
        return array.size

    def infer(self):
        extractor = self.net.create_extractor()
        extractor.input("in0", self.input)
        self.results = [extractor.extract(name) for name in self.names]

    def outputs(self):
        for name, (failed, result) in zip(self.names, self.results):
            if failed:
                raise ValueError(f"extract {name} gives {failed}")
            yield self.numpy.array(result)


serve(Ncnn)
