"""An ONNX network in 8 bits, by ONNX Runtime's own static quantiser: QuantizeLinear and
DequantizeLinear around each operator (QDQ), which OpenVINO reads, too."""

import contextlib
from importlib.metadata import version

from calibration import ABOUT, calibration_inputs
from kept import kept

MODEL = "qdq.onnx"


@contextlib.contextmanager
def onnx_model(path, dtype):
    """The path of a file of the network for who computes in `dtype`, for as long as it is read."""
    if dtype != "i8":  # who computes in bf16 converts by itself
        yield path
        return
    made_by = f"qdq onnxruntime {version('onnxruntime')} onnx {version('onnx')} {ABOUT}"
    with kept(path, made_by, lambda folder: write_qdq_model(path, folder)) as folder:
        yield str(folder / MODEL)


def write_qdq_model(path, folder):
    import onnx
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = folder / "prepared.onnx"
    quant_pre_process(path, prepared, skip_symbolic_shape=True)  # batch norm goes into convolutions
    quantization.quantize_static(
        prepared,
        folder / MODEL,
        Images(onnx.load(prepared).graph.input[0]),
        activation_type=quantization.QuantType.QUInt8,
        weight_type=quantization.QuantType.QInt8,
        per_channel=True,
        calibrate_method=quantization.CalibrationMethod.MinMax,
        extra_options={"CalibMovingAverage": True},  # of the images' ranges, as LiteRT's does
    )
    prepared.unlink()


class Images:
    """As the quantiser asks for them."""

    def __init__(self, value):
        self.name = value.name
        self.left = calibration_inputs([d.dim_value for d in value.type.tensor_type.shape.dim])

    def get_next(self):
        batch = next(self.left, None)
        return None if batch is None else {self.name: batch}
