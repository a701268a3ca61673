#!/usr/bin/env python3
"""What adapters share, tested with what the tests of the project have installed: check_peers.py tests the peers."""
import hashlib
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
from folded_onnx import FoldedOnnx
from ncnn_model import layers_in, ordered_as_in_onnx
from small_graphs import CASES, small_model


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
    unittest.main()
