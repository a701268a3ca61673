"""What takes a while to make of a model is kept by content, beside the objects of kernels
(~/.cache/halcyon): the next process, and the next run, find it there."""

import hashlib
import os
import pathlib
import shutil
import tempfile

MOST = 16  # models; those that were used last


def kept(model, made_by, make):
    """A folder with what `make(folder)` makes of a model's file. `made_by`: the versions of what it
    makes it with; the code of this folder counts by itself."""
    root = cache() / "peers"
    root.mkdir(parents=True, exist_ok=True)
    place = root / key(model, made_by)
    if not place.is_dir():
        part = tempfile.mkdtemp(prefix="part-", dir=root)
        try:
            make(pathlib.Path(part))
            os.rename(part, place)
        except BaseException:
            shutil.rmtree(part)
            if not place.is_dir():  # else another process was faster
                raise
    os.utime(place)
    for old in sorted(root.iterdir(), key=lambda f: f.stat().st_mtime)[:-MOST]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def cache():
    """The folder that `halcyon` uses by default, by the same rule."""
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    return pathlib.Path(xdg if xdg.startswith("/") else pathlib.Path.home() / ".cache") / "halcyon"


def key(model, made_by):
    digest = hashlib.sha256(made_by.encode())
    for file in sorted(pathlib.Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    with open(model, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
