"""A TFLite network in 8 bits, by LiteRT's own quantiser: static, weights per channel."""

from importlib.metadata import version

from calibration import ABOUT, calibration_inputs
from tflite_file import SIGNATURE

PACKAGE = "ai-edge-quantizer"


def made_by():
    """For the key of what is kept."""
    return f"{PACKAGE} {version(PACKAGE)} {ABOUT}"


def tflite_i8(model):
    """The bytes of a file, from those of one in f32."""
    from ai_edge_litert.interpreter import Interpreter
    from ai_edge_quantizer import quantizer, recipe

    (value,) = Interpreter(model_content=model).get_input_details()
    n, h, w, c = value["shape"]
    images = [{value["name"]: i.transpose(0, 2, 3, 1)} for i in calibration_inputs((n, c, h, w))]
    eight = quantizer.Quantizer(bytearray(model), recipe.static_wi8_ai8())
    ranges = eight.calibrate({SIGNATURE: images}, num_threads=1)
    return bytes(eight.quantize(ranges).quantized_model)
