"""The protocol of README.md, for systems that have a Python package."""

import gc
import os
import sys
import time

DTYPES = ("f32", "bf16", "i8")


class Lacks(Exception):
    """What a system has not, in words that a person reads as they are."""


class Adapter:
    """A system, made for a number of threads. It has `name`, `version`, `options`, `load(path)`,
    which may return a layout, `bind(file of raw f32) -> elements`, `infer()` and `outputs()`."""

    dtype = "f32"  # that it is to compute in; set before `load`
    lacks = {}  # dtype: why it has none

    @property
    def precision(self):
        """What it computes in, behind `load`."""
        return self.dtype


def serve(make_adapter):
    """Answers requests until there are no more, by an Adapter."""
    answers = _open_answers()
    gc.disable()  # no collection inside a turn
    session = _Session(make_adapter)
    for line in sys.stdin:
        request, _, argument = line.rstrip("\n").partition(" ")
        if request == "quit":
            return
        try:
            answer = f"ok {session.answer(request, argument)}".rstrip()
        except Lacks as e:
            answer = "error " + " ".join(str(e).split())
        except Exception as e:  # whatever a framework throws is its answer
            answer = "error " + " ".join(f"{type(e).__name__}: {e}".split())
        answers.write(answer + "\n")
        answers.flush()


def waits_of_threads():
    """How long each thread of this process was ready to run and had no core, ns since it began."""
    waits = {}
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/schedstat") as file:
                waits[task] = int(file.read().split()[1])
        except (OSError, IndexError):  # the thread has gone, or the kernel keeps no such count
            pass
    return waits


def wait_for_workers(most=0.2):
    """Until no other thread of this process runs, or `most` seconds: one that spins on for a while
    would disturb whoever comes next."""
    this = os.path.basename(os.readlink("/proc/thread-self"))  # in a PID namespace it has another number
    end = time.monotonic() + most
    while any(runs(task) for task in os.listdir("/proc/self/task") if task != this):
        if time.monotonic() > end:
            return
        time.sleep(0.0005)


def runs(task):
    try:
        with open(f"/proc/self/task/{task}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "R"
    except OSError:  # it has gone
        return False


def tensors_in(path, shapes):
    """The raw f32 of a file as arrays of these shapes, one after the other."""
    import numpy

    values, begin = numpy.fromfile(path, "<f4"), 0
    for shape in shapes:
        size = int(numpy.prod(shape))
        yield values[begin : begin + size].reshape(shape)
        begin += size


class _Session:
    def __init__(self, make_adapter):
        self.make_adapter = make_adapter
        self.made = None
        self.threads = 1

    @property
    def adapter(self):
        """Made when it is first needed: a package that is missing is an answer, not a crash."""
        if self.made is None:
            self.made = self.make_adapter(self.threads)
        return self.made

    def answer(self, request, argument):
        if request == "threads":
            self.threads = int(argument)
            return ""
        if request == "hello":
            return f"{self.adapter.name} {self.adapter.version} {self.adapter.options}"
        if request == "dtype":
            return self.take_dtype(argument)
        if request == "load":
            layout = self.adapter.load(argument) or ""
            gc.collect()  # what a quantiser left, or what was loaded before
            files = "in=f32 out=f32"  # whatever it computes in
            return f"precision={self.adapter.precision} {files} {layout}"
        if request == "input":
            return self.adapter.bind(argument)
        if request == "run":
            return "{} {}".format(*self.run(int(argument)))
        if request == "output":
            return self.write(argument)
        raise ValueError(f"no such request: {request!r}")

    def take_dtype(self, dtype):
        if dtype not in DTYPES:
            raise Lacks(f"found dtype {dtype}, allowed {', '.join(DTYPES)}")
        if dtype in self.adapter.lacks:
            raise Lacks(self.adapter.lacks[dtype])
        self.adapter.dtype = dtype
        return self.adapter.options

    def run(self, times):
        infer = self.adapter.infer
        before = waits_of_threads()
        began = time.perf_counter_ns()  # CLOCK_MONOTONIC, as in our own runner
        for _ in range(times):
            infer()
        ns = time.perf_counter_ns() - began
        after = waits_of_threads()  # one that has ended meanwhile must not count as a negative wait
        wait_for_workers()
        return ns, sum(wait - before.get(task, 0) for task, wait in after.items())

    def write(self, path):
        elements = 0
        with open(path, "wb") as file:
            for output in self.adapter.outputs():
                file.write(output.astype("<f4").tobytes())
                elements += output.size
        return elements


def _open_answers():
    """The descriptor that was asked for. Standard output then is standard error, for code in C,
    too: what a framework prints is no answer."""
    flag = "--result-fd="
    last = sys.argv[-1]
    descriptor = int(last[len(flag) :]) if last.startswith(flag) else os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(descriptor, "w")
