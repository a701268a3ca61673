#!/usr/bin/env python3
"""Do two builds say the same where no clock is involved?

same_documents.py BEFORE AFTER     two halcyon programs

Runs the same words with both: list, show, check, emit, export, run, publish of one kept run and tune --replay of
one space, and compares the bytes of what they print and write, but for times, ids and names of folders. Prints each
that differs; exit 1 when one does. Counts of j6m are compared where both can run them.
"""
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROBLEMS = ["1x14x14x192 | pw 384 gelu", "1x56x56x64 | dw 3x3", "1x28x28x40 | pw 120 relu | dw 5x5 s2 relu | pw 40",
            "2x5x7x13 | pw 31 hardswish", "1x7x7x960 | se 240 relu hardsigmoid", "1x112x112x32 | dw 3x3 silu sums"]
NETWORKS = ["mobilenet_v3_small", "henet_tinym", "efficientnet_b0"]
SAYS = (
    [["list", topic, *json] for topic in ("targets", "suites", "networks", "ops", "steps", "activations")
     for json in ([], ["--json"])]
    + [["show", p, "--target", target] for p in PROBLEMS for target in ("x86-avx2", "j6m")]
    + [["show", p, "--json", "--target", "x86-zen5"] for p in PROBLEMS]
    + [["show", n, "--part", part] for n in NETWORKS for part in ("counts", "layers", "shapes", "thop")]
    + [["show", n, "--part", "plan", "--target", "x86-zen5", "--json"] for n in NETWORKS]
    + [["show", t] for t in ("x86-avx2", "x86-zen5", "j6m")]
    + [["help", "bench"], ["help"], ["bench"], ["check", "1x1"], ["show", "nothing"]]
    + [["check", "tiny", "--json"], ["check", PROBLEMS[0], "--json"], ["check", "mobilenet_v3_small", "--json"]]
)
# Each writes into OUT.
WRITES = [
    ["emit", PROBLEMS[0], "-o", "OUT/kernel", "--target", "x86-avx2", "--quiet"],
    ["export", "mobilenet_v3_small", "-o", "OUT/small.onnx", "--quiet"],
    ["publish", "RUN", "-o", "OUT/page"],
    ["tune", "--replay", "SPACE", "-o", "OUT/replay", "--quiet"],
]
# What a clock, a machine's state or a folder decides.
VOLATILE = re.compile(
    r'"(?:run|id|hash|cpu|fma_spread|spread|not_fit|load|command|started_utc|ended_utc|seconds|compile_seconds|ghz_before|ghz_after|load_1min|temperature\w*'
    r'|object_key|object_sha256|symbol|commit|toolchain|record|pinned_cpu|memory_free\w*|meter|throttled\w*|peak_gflops|version|repro|where)": [^\n]*')


# Of the code that made it, by its version.
SYMBOL = re.compile(r"halcyon_[0-9a-f]{16}")
# Lines of text that a clock or a machine's load decides.
FITNESS = re.compile(r"^.*(?:measuring on CPU|FMA probe|not fit:|load \d).*$", re.M)


def plain(text, places):
    for place in places:
        text = text.replace(place, "PLACE")
    return SYMBOL.sub("SYMBOL", FITNESS.sub("-", VOLATILE.sub("-", text)))


def files_of(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(pathlib.Path(folder).rglob("*"))
            if p.is_file() and p.suffix != ".o"}  # its assembly stands beside it


class Build:
    def __init__(self, program, run, space):
        self.program, self.places = os.path.abspath(program), [str(pathlib.Path(run).parent), str(pathlib.Path(space).parent)]
        self.names = {"RUN": run, "SPACE": space}

    def says(self, words):
        done = subprocess.run([self.program, *words], capture_output=True, text=True, check=False)
        errors = [line for line in done.stderr.splitlines() if line.startswith("halcyon:")]
        return plain(f"exit {done.returncode}\n{done.stdout}\n" + "\n".join(errors), self.places)

    def writes(self, words):
        with tempfile.TemporaryDirectory() as out:
            words = [self.names.get(w, w.replace("OUT", out)) for w in words]
            said = self.says(words).replace(out, "OUT")
            found = {}
            for name, data in files_of(out).items():
                try:
                    found[name] = plain(data.decode(), [*self.places, out])
                except UnicodeDecodeError:
                    found[name] = data.hex() if len(data) < 1 << 24 else str(hash(data))
            return said, found


def difference(name, before, after):
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), "before", "after", lineterm="", n=0))
    print(f"{name}: differs")
    for line in lines[:12]:
        print("    " + line[:200])


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as kept:
        run, space = f"{kept}/run/results.json", f"{kept}/space/results.json"
        for words, path in ([["bench", "smoke", "--quick"], run], [["bench", "1x14x14x16 | pw 16", "--sweep", "--quick"], space]):
            subprocess.run([arguments[0], *words, "-o", os.path.dirname(path), "--quiet"], capture_output=True, check=False)
        builds = [Build(program, run, space) for program in arguments]
        wrong = 0
        for words in SAYS:
            before, after = (b.says(words) for b in builds)
            if before != after:
                difference(" ".join(words), before, after)
                wrong += 1
        for words in WRITES:
            (before, old), (after, new) = (b.writes(words) for b in builds)
            pairs = [("", before, after)] + [(n, old.get(n, "(none)"), new.get(n, "(none)")) for n in sorted({*old, *new})]
            for name, a, b in pairs:
                if a != b:
                    difference(" ".join(words) + " " + name, a, b)
                    wrong += 1
        print(f"{len(SAYS)} answers and what {len(WRITES)} commands write: {wrong} differ")
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
