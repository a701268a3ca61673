#!/usr/bin/env python3
"""Ends commands by a signal at random moments and looks at what is left.

  interrupts.py HALCYON [--moments 30] [--seed N] [--longest SECONDS] [--only COMMAND]

Every pair of signal and command comes up about as often. The exit code must be 128 + the signal; documents must read
and `publish` must take them; no process, lock or temporary file may be left; and nothing that our own kill ended may
stand as the outcome of a case. `bench NETWORK --peers` is left out, with a word, where `make peers` has not run.
"""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NETWORK = ["mobilenet_v3_small", "--resolution", "32"]
PATIENCE = 30  # seconds from the signal to the end, on a machine that does other things, too
OUR_DOING = {"infra", "quarantined", "no_result", "run_crash", "run_timeout", "run_oom", "compile_crash",
             "compile_timeout", "compile_oom", "compile_error", "wrong"}


def words(command, folder, model_input):
    out = ["-o", folder + "/out", "--cache", folder + "/cache"]
    return {
        "check": ["check", "smoke"] + out,
        "bench kernels": ["bench", "kernels", "--quick", "--filter", "^(pw|dw)"] + out,
        "bench --peers": ["bench"] + NETWORK + ["--quick", "--peers"] + out,
        "tune": ["tune", "1x14x14x96 | dw 3x3", "1x7x7x64 | pw 96 relu", "--budget", "12", "--quick"] + out,
        "tune --in-network": ["tune"] + NETWORK + ["--filter", "dw 5x5", "--budget", "3", "--in-network", "--quick"] + out,
        "run": ["run"] + NETWORK + ["--input", model_input, "--output", folder + "/y.npy", "--calls", folder + "/calls",
                                    "--cache", folder + "/cache"],
        "emit": ["emit", "1x7x7x160 | pw 960 hardswish"] + out,
    }[command]


COMMANDS = ["check", "bench kernels", "bench --peers", "tune", "tune --in-network", "run", "emit"]


def processes_with(mark):
    """Living ones whose environment has the mark; zombies have none."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark.encode() in file.read():
                    with open(f"/proc/{pid}/cmdline", "rb") as line:
                        found.append(pid + " " + line.read().replace(b"\0", b" ").decode()[:100])
        except OSError:
            pass
    return found


def with_default_signals():
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


class Run:
    """One command in a folder of its own."""

    def __init__(self, halcyon, arguments, folder):
        self.halcyon, self.folder = halcyon, folder
        self.mark = "HALCYON_INTERRUPTS=" + uuid.uuid4().hex
        self.temporary = folder + "/tmp"
        os.makedirs(self.temporary, exist_ok=True)
        name, value = self.mark.split("=")
        self.environment = dict(os.environ, TMPDIR=self.temporary, **{name: value})
        self.said = open(folder + "/stderr", "w+b")
        self.begun = time.monotonic()
        self.child = subprocess.Popen([halcyon] + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                      stderr=self.said, env=self.environment, cwd=ROOT, preexec_fn=with_default_signals)

    def interrupted(self, number, moment):
        """What is wrong; None when it ended before the moment came."""
        try:
            self.child.wait(timeout=moment)
            return None
        except subprocess.TimeoutExpired:
            self.child.send_signal(number)
        try:
            code = self.child.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            return [f"still there {PATIENCE} s after the signal"]
        return self.exit_code(number, code) + self.left_behind() + self.documents(code >= 0)

    def exit_code(self, number, code):
        if code == 128 + number:
            return []
        if code == -number:  # before it could catch it: then it has done nothing
            made = [name for name in os.listdir(self.folder) if name not in ("tmp", "stderr", "cache", "x.npy")]
            return [f"killed by it after it had made {made}"] if made else []
        if code in (0, 6) and self.result_is_whole():
            return []  # it came when all was done
        return [f"exit code {code}, not {128 + number}"]

    def result_is_whole(self):
        try:
            with open(self.folder + "/out/results.json") as file:
                return json.load(file)["complete"]
        except OSError:
            return os.path.exists(self.folder + "/out/Makefile") or os.path.exists(self.folder + "/y.npy")

    def left_behind(self):
        wrong = ["process left: " + p for p in processes_with(self.mark)]
        wrong += ["temporary file left: " + name for name in os.listdir(self.temporary)]
        for folder, _, files in os.walk(self.folder):
            wrong += ["left: " + os.path.join(folder, name) for name in files
                      if name.endswith((".lock", ".tmp")) or name.startswith(".halcyon-")]
            if ".part-" in os.path.basename(folder) or os.path.basename(folder).startswith("tmp-"):
                wrong.append("left: " + folder)
        return wrong

    def documents(self, caught):
        out, wrong = self.folder + "/out", []
        if os.path.isdir(out) and os.path.exists(out + "/Makefile"):  # of emit: whole or not there
            return [] if os.path.exists(out + "/arguments.json") else ["half a kernel to take home"]
        if os.path.isdir(self.folder + "/calls") and not os.path.exists(self.folder + "/calls/calls.json"):
            wrong.append("half the calls of a run")
        if not os.path.isdir(out) or not os.listdir(out):
            return wrong
        files = set(os.listdir(out))
        if caught and not {"results.json", "report.html", "journal.jsonl"} <= files:
            return wrong + [f"out has {sorted(files)}"]
        with open(out + "/results.json") as file:
            document = json.load(file)
        for record in document["records"] + document.get("networks", []):
            if record["outcome"] in OUR_DOING:
                wrong.append(f"{record['outcome']}: {record.get('detail')}")
        page = self.folder + "/page"
        published = subprocess.run([self.halcyon, "publish", out, "-o", page], capture_output=True, text=True,
                                   env=self.environment)
        if published.returncode != 0:
            wrong.append("publish: " + published.stderr.strip())
        shutil.copytree(out, self.folder + "/alone")
        os.remove(self.folder + "/alone/results.json")
        published = subprocess.run([self.halcyon, "publish", self.folder + "/alone", "-o", page + "-alone"],
                                   capture_output=True, text=True, env=self.environment)
        if document["records"] and published.returncode != 0:
            wrong.append("publish of the journal alone: " + published.stderr.strip())
        return wrong

    def last_words(self):
        self.said.seek(0)
        return self.said.read().decode(errors="replace").strip().split("\n")[-1][-200:]


def one_moment(args, pick, command, number, spans, model_input, warm_cache):
    """The moment that it came at and what is wrong."""
    for _ in range(20):
        with tempfile.TemporaryDirectory(prefix="interrupts-") as folder:
            if pick.random() < 0.5 and os.path.isdir(warm_cache):  # else all is compiled first
                os.symlink(warm_cache, folder + "/cache")
            moment = pick.uniform(0, spans[command])
            run = Run(args.halcyon, words(command, folder, model_input), folder)
            wrong = run.interrupted(number, moment)
            if wrong is not None:
                return moment, wrong, run.last_words()
            took = time.monotonic() - run.begun
            if run.child.returncode not in (0, 6):
                return moment, [f"ended by itself with {run.child.returncode}"], run.last_words()
            spans[command] = min(spans[command], 0.95 * took)
    return 0, ["never there long enough"], ""


def closed_pipes(args):
    """Who reads us is gone: stdout is 141 with the results written, stderr is nothing at all."""
    failures = 0
    for what, code in (("stdout", 141), ("stderr", 0)):
        with tempfile.TemporaryDirectory(prefix="interrupts-") as folder:
            reading, writing = os.pipe()
            os.close(reading)
            streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, what: writing}
            ended = subprocess.run([args.halcyon, "check", "1x7x7x16 | pw 9", "-o", folder + "/out"],
                                   stdin=subprocess.DEVNULL, env=dict(os.environ, TMPDIR=folder), **streams)
            os.close(writing)
            right = ended.returncode == code and set(os.listdir(folder)) == {"out"} and \
                set(os.listdir(folder + "/out")) == {"results.json", "report.html", "journal.jsonl"}
            failures += not right
            print(f"{'ok' if right else 'WRONG'}: {what} closed, exit code {ended.returncode}")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("halcyon")
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--longest", type=float, default=4, help="seconds to the signal, at most")
    parser.add_argument("--only", choices=COMMANDS)
    args = parser.parse_args()
    args.halcyon = os.path.abspath(args.halcyon)
    commands = [args.only] if args.only else list(COMMANDS)
    if "bench --peers" in commands and not os.path.exists(ROOT + "/.deps/peers/bin/python"):
        commands.remove("bench --peers")
        print("bench --peers is left out: `make peers` has not run")
    print(f"seed {args.seed}")
    pick = random.Random(args.seed)
    pairs = []
    while len(pairs) < args.moments:
        again = [(command, number) for command in commands for number in SIGNALS]
        pick.shuffle(again)
        pairs += again
    spans = {command: args.longest for command in commands}
    failures = closed_pipes(args)
    with tempfile.TemporaryDirectory(prefix="interrupts-") as folder:
        warm_cache, model_input = folder + "/cache", folder + "/x.npy"
        with open(model_input, "wb") as file:
            shape = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 32, 32), }"
            file.write(b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + shape.ljust(117) + b"\n" + bytes(4 * 3072))
        subprocess.run([args.halcyon, "run"] + NETWORK + ["--input", model_input, "--output", folder + "/y.npy",
                                                          "--cache", warm_cache, "-q"], check=True)
        subprocess.run([args.halcyon, "check", "smoke", "--cache", warm_cache, "-q"], check=True,
                       stdout=subprocess.DEVNULL)
        for command, number in pairs[:args.moments]:
            moment, wrong, last = one_moment(args, pick, command, number, spans, model_input, warm_cache)
            name = signal.Signals(number).name
            print(f"{'WRONG' if wrong else 'ok'}: {name} at {moment:.2f} s of {command}", flush=True)
            for line in wrong:
                print(f"    {line}")
            if wrong:
                print(f"    it said: {last}", flush=True)
            failures += bool(wrong)
    print(f"{failures} of {args.moments + 2} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
