"""What takes a while to make of a model is kept by content, beside the objects of kernels
(~/.cache/halcyon): the next process, and the next run, find it there."""

import contextlib
import hashlib
import os
import pathlib
import shutil
import tempfile

MOST = 48  # models, a network being up to four of them; those that were used last


@contextlib.contextmanager
def kept(model, made_by, make):
    """A folder with what `make(folder)` makes of a model's file, for as long as it is read.
    `made_by`: the versions of what makes it; the code of this folder counts by itself."""
    place = folder_of_all() / key(model, made_by)
    if place.is_dir() or made(place, make):
        os.utime(place)
        for old in sorted(place.parent.iterdir(), key=lambda f: f.stat().st_mtime)[:-MOST]:
            shutil.rmtree(old, ignore_errors=True)
        yield place
        return
    with tempfile.TemporaryDirectory() as temporary:
        make(pathlib.Path(temporary))
        yield pathlib.Path(temporary)


def made(place, make):
    """Whether it is there now: not where nothing can be kept."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part = tempfile.mkdtemp(prefix="part-", dir=place.parent)
    except OSError:
        return False
    try:
        make(pathlib.Path(part))
        os.rename(part, place)
    except BaseException:
        shutil.rmtree(part)
        if not place.is_dir():  # else another process was faster
            raise
    return True


def folder_of_all():
    """In the cache that `halcyon` uses by default."""
    xdg, home = (os.environ.get(name, "") for name in ("XDG_CACHE_HOME", "HOME"))
    cache = xdg if xdg.startswith("/") else (home or "/nowhere") + "/.cache"
    return pathlib.Path(cache) / "halcyon" / "peers"


def key(model, made_by):
    digest = hashlib.sha256(made_by.encode())
    for file in sorted(pathlib.Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    with open(model, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
