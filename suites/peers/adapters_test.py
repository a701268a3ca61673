#!/usr/bin/env python3
"""What adapters share, tested with what the tests of the project have installed: check_peers.py tests the peers."""
import contextlib
import hashlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest
from unittest import mock

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # which would leave a file in the temporary folder

import kept
import line_peer
import numpy
import onnx
import onnxruntime
from calibration import IMAGES, calibration_inputs
from folded_onnx import FoldedOnnx
from ncnn_model import layers_in, ordered_as_in_onnx
from qdq_model import onnx_model
from small_graphs import CASES, NETWORK, small_model, sqnr_db


class Temporary(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)


class FoldedGraphs(Temporary):
    def run_model(self, path, array):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(path, options).run(None, {"x": array})

    def folded(self, case, seed=1):
        model, array = small_model(case, seed)
        onnx.save(model, self.folder / "given.onnx")
        FoldedOnnx(self.folder / "given.onnx").write(self.folder / "folded.onnx")
        return array

    def test_compute_the_same(self):
        for seed, case in enumerate(CASES):
            with self.subTest(case.name):
                array = self.folded(case, seed)
                given = self.run_model(self.folder / "given.onnx", array)
                folded = self.run_model(self.folder / "folded.onnx", array)
                self.assertEqual(len(given), len(folded))
                for one, other in zip(given, folded):
                    numpy.testing.assert_allclose(other, one, rtol=0, atol=1e-5 * numpy.ptp(one))

    def test_have_only_what_no_convolution_can_take(self):
        left = {
            "batch norm, factor per channel and factor after a convolution with bias": ["Conv"],
            "batch norm beside another reader": ["Conv", "BatchNormalization", "Add"],
            "depthwise stride 2, batch norm, relu6": ["Conv", "Clip"],
            "factor per channel by itself": ["Conv", "HardSwish", "Mul"],
            "head": ["GlobalAveragePool", "Flatten", "Gemm", "Relu"],
            "silu": ["Conv", "Sigmoid", "Mul"],
        }
        for case in CASES:
            if case.name not in left:
                continue
            with self.subTest(case.name):
                self.folded(case)
                graph = onnx.load(self.folder / "folded.onnx").graph
                self.assertEqual([node.op_type for node in graph.node], left.pop(case.name))
        self.assertEqual(left, {})


class KeptFolders(Temporary):
    def setUp(self):
        super().setUp()
        self.enterContext(mock.patch.dict(os.environ, XDG_CACHE_HOME=str(self.folder / "cache")))
        self.model = self.folder / "model.onnx"
        self.model.write_bytes(b"a model")
        self.made = 0

    def make(self, folder):
        self.made += 1
        (folder / "it").write_text("made")

    def keep(self, made_by="version 1", make=None):
        """The folder, which need not be there any more, and what was in it."""
        with kept.kept(self.model, made_by, make or self.make) as place:
            return place, (place / "it").read_text()

    def entries(self):
        return list((self.folder / "cache/halcyon/peers").iterdir())

    def test_are_made_once(self):
        first = self.keep()
        self.assertEqual(first[1], "made")
        self.assertEqual(first, self.keep())
        self.assertEqual(self.made, 1)

    def test_are_made_again_for_another_model_and_by_another_version(self):
        first, second = self.keep(), self.keep("version 2")
        self.model.write_bytes(b"another model")
        self.assertEqual(len({first, second, self.keep()}), 3)
        self.assertEqual(self.made, 3)

    def test_are_made_each_time_where_nothing_can_be_kept(self):
        os.environ["XDG_CACHE_HOME"] = str(self.model) + "/no folder"
        places = {self.keep(), self.keep()}
        self.assertEqual((len(places), self.made), (2, 2))
        for place, it in places:
            self.assertEqual(it, "made")
            self.assertFalse(place.exists())

    def test_that_cannot_be_made_leave_nothing(self):
        def fail(folder):
            self.make(folder)
            raise ValueError("no form")

        with self.assertRaisesRegex(ValueError, "no form"):
            self.keep(make=fail)
        self.assertEqual(self.entries(), [])

    def test_may_be_made_by_two_at_once(self):
        def late(folder):
            self.keep()
            self.make(folder)

        place, it = self.keep(make=late)
        self.assertEqual(it, "made")
        self.assertEqual(self.entries(), [place])

    def test_that_were_used_last_stay(self):
        first, _ = self.keep("version 0")
        os.utime(first, (1, 1))
        second, _ = self.keep("version 1")
        os.utime(second, (2, 2))
        self.keep("version 0")
        for version in range(2, kept.MOST + 1):
            self.keep(f"version {version}")
        self.assertTrue(first.exists())
        self.assertFalse(second.exists())
        self.assertEqual(len(self.entries()), kept.MOST)


class NcnnParam(unittest.TestCase):
    PARAM = "7767517\n3 3\nInput in0 0 1 in0\nReorg s2d_0 1 1 in0 1 0=2 1=0\nReLU r 1 1 1 out0\n"

    def test_space_to_depth_has_the_order_of_onnx(self):
        self.assertEqual(ordered_as_in_onnx(self.PARAM), self.PARAM.replace("0=2 1=0", "0=2 1=1"))

    def test_layers_are_known_by_kind(self):
        self.assertEqual(layers_in(self.PARAM), ["Input", "ReLU", "Reorg"])


class Calibration(unittest.TestCase):
    def test_is_the_same_for_everybody(self):
        one, other = (list(calibration_inputs((1, 3, 8, 8))) for _ in range(2))
        self.assertEqual(len(one), IMAGES)
        numpy.testing.assert_array_equal(one, other)
        self.assertEqual(one[0].dtype, "float32")
        self.assertAlmostEqual(float(numpy.std(one)), 1, delta=0.05)
        self.assertGreater(abs(one[0] - one[1]).max(), 0)

    def test_has_enough_images_in_whole_batches(self):
        batches = list(calibration_inputs((3, 1, 2, 2)))
        self.assertEqual([b.shape for b in batches], [(3, 1, 2, 2)] * 6)


class QdqModels(Temporary):
    def setUp(self):
        super().setUp()
        self.enterContext(mock.patch.dict(os.environ, XDG_CACHE_HOME=str(self.folder / "cache")))
        model, self.array = small_model(NETWORK, 1)
        self.path = self.folder / "model.onnx"
        onnx.save(model, self.path)

    def outputs(self, path):
        (output,) = onnxruntime.InferenceSession(path).run(None, {"x": self.array / 3})
        return output

    def test_have_activations_in_u8_and_weights_in_s8_per_channel(self):
        with contextlib.redirect_stdout(io.StringIO()), onnx_model(self.path, "i8") as path:
            model = onnx.load(path)
            db = sqnr_db(self.outputs(path), self.outputs(self.path))
        self.assertGreater(db, 15)
        values = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
        kinds = {node.op_type for node in model.graph.node}
        self.assertNotIn("BatchNormalization", kinds)
        zeros = [values[n.input[2]] for n in model.graph.node if n.op_type == "QuantizeLinear"]
        self.assertEqual({zero.dtype.name for zero in zeros}, {"uint8"})
        scales = {n.output[0]: n.input for n in model.graph.node if n.op_type == "DequantizeLinear"}
        convolutions = [n for n in model.graph.node if n.op_type == "Conv"]
        self.assertEqual(len(convolutions), 5)
        for node in convolutions:
            weight, scale = (values[name] for name in scales[node.input[1]][:2])
            self.assertEqual((weight.dtype.name, scale.size), ("int8", len(weight)))

    def test_are_the_network_itself_for_other_dtypes(self):
        for dtype in ("f32", "bf16"):
            with onnx_model(self.path, dtype) as path:
                self.assertEqual(path, self.path)


class Two(line_peer.Adapter):
    """Computes in f32 and in i8."""

    name, version = "two", "2.0"
    lacks = {"bf16": "it has\nno bf16"}

    def __init__(self, threads):
        self.threads = threads

    @property
    def options(self):
        return f"dtype={self.dtype} threads={self.threads}"

    def load(self, path):
        return "nhwc; as it is"


LOADED = "ok precision=f32 in=f32 out=f32 nhwc; as it is"


class Dtypes(unittest.TestCase):
    def answers(self, *requests):
        said = subprocess.run(
            [sys.executable, __file__, "two"], input="\n".join(requests), text=True, capture_output=True
        )
        return said.stdout.splitlines()

    def test_are_taken_and_told_once_loaded(self):
        self.assertEqual(
            self.answers("threads 2", "hello", "dtype i8", "load x"),
            ["ok", "ok two 2.0 dtype=f32 threads=2", "ok dtype=i8 threads=2", LOADED.replace("f32", "i8", 1)],
        )

    def test_are_f32_where_none_is_asked_for(self):
        self.assertEqual(self.answers("load x"), [LOADED])

    def test_that_are_lacked_are_refused_with_the_reason_alone(self):
        self.assertEqual(
            self.answers("dtype bf16", "dtype f8"),
            ["error it has no bf16", "error found dtype f8, allowed f32, bf16, i8"],
        )


class Turns(unittest.TestCase):
    def test_end_when_workers_sleep(self):
        worker = threading.Thread(target=hashlib.sha256, args=(bytes(1 << 27),))  # without the lock
        worker.start()
        while not line_peer.runs(worker.native_id):
            self.assertTrue(worker.is_alive())
        line_peer.wait_for_workers(most=60)
        self.assertFalse(line_peer.runs(worker.native_id))
        worker.join()

    def test_end_at_once_in_a_namespace_of_their_own(self):
        """As adapters are fenced in: there a thread has another number than /proc has."""
        end = "import line_peer, time; t = time.monotonic(); line_peer.wait_for_workers(60); print(time.monotonic() - t)"
        command = ["unshare", "--pid", "--fork", sys.executable, "-c", end]
        child = subprocess.run(command, cwd=pathlib.Path(__file__).parent, capture_output=True, text=True)
        if child.returncode:
            self.skipTest(child.stderr)
        self.assertLess(float(child.stdout), 60)


if __name__ == "__main__":
    if sys.argv[1:] == ["two"]:
        line_peer.serve(Two)
    else:
        unittest.main()
