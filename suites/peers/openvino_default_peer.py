"""OpenVINO in the precision that it has as installed: what a user gets who sets none. README.md
says what else is set and why."""

from line_peer import serve
from openvino_peer import OpenVino


class OpenVinoDefault(OpenVino):
    name = "openvino_default"
    lacks = {
        dtype: "it chooses its precision itself, and stands beside f32" for dtype in ("bf16", "i8")
    }

    def precision_hint(self):
        return {}


serve(OpenVinoDefault)
