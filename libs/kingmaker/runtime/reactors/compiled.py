"""Programs that JAX compiled for a training, kept under the home for the next; may be deleted.

JAX compiles for seconds what it then runs for one, and keeps what it compiled if it is told where.
It trusts what it finds, so each file is kept under the digest of its bytes, and a training gets
copies of those that still have it, in a folder of its own. A file that was damaged is deleted and
compiled anew. A program is for one processor and one release of the compiler: so is its folder.
"""

import hashlib
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

COMPILER = "jaxlib"
BYTES_MAX = 64 << 20  # of all programs; a table of another size takes some 400 KB
FREE_MIN = 256 << 20  # bytes of its disk: the log lies there, too, and a full one cuts files off
LEFT_S = 3600.0  # a training's own folder that is older was left behind by one that was killed
OWN = ".own-"  # begins the name of such a folder
PARTIAL = ".new-"
CPU_INFO = Path("/proc/cpuinfo")
TOLD = frozenset({"model name", "flags", "CPU part", "Features"})  # of a processor, as Linux does


@contextmanager
def kept(root: Path) -> Iterator[None]:
    """Let JAX, imported within, find what was compiled before; keep what it compiles."""
    folder = _folder(root)
    own = None if folder is None else _own(folder)
    if folder is None or own is None:  # not Linux, no JAX, or a disk that is full: compile
        yield
        return
    try:
        with _environment(_settings(own)):
            yield
        with suppress(OSError):
            _keep(own, folder)
            _bound(root)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _folder(root: Path) -> Path | None:
    """Return where programs for this machine lie."""
    try:
        told = [platform.machine(), version(COMPILER), *_processor()]
    except (OSError, PackageNotFoundError):
        return None
    return root / hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _processor() -> list[str]:
    """Return what Linux says of the first processor, as far as code depends on it."""
    first, _, _ = CPU_INFO.read_text().partition("\n\n")
    lines = [line.partition(":") for line in first.splitlines()]
    return [value.strip() for name, _, value in lines if name.strip() in TOLD]


def _own(folder: Path) -> Path | None:
    """Return a folder of one's own with a copy of every sound program."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(folder)
        if _is_full(folder):
            return None
        own = Path(tempfile.mkdtemp(prefix=OWN, dir=folder))
    except OSError:
        return None
    try:
        for path in folder.glob("*-cache.*"):
            with suppress(FileNotFoundError):  # another training deleted it a moment ago
                _copy(path, own)
    except OSError:
        shutil.rmtree(own, ignore_errors=True)
        return None
    return own


def _copy(path: Path, own: Path) -> None:
    """Copy a program that still has its digest; delete any other."""
    name, _, digest = path.name.rpartition(".")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() == digest:
        (own / name).write_bytes(content)
        os.utime(path)
    else:
        path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Delete what was left behind by a training that was killed."""
    for left in [*folder.glob(f"{OWN}*"), *folder.glob(f"{PARTIAL}*")]:
        with suppress(OSError):
            if time.time() - left.stat().st_mtime < LEFT_S:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def _is_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < FREE_MIN


def _settings(own: Path) -> Mapping[str, str]:
    """Return JAX's own settings: keep every program, and never fail for the sake of one."""
    return {
        "JAX_COMPILATION_CACHE_DIR": str(own),
        "JAX_ENABLE_COMPILATION_CACHE": "true",
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        "JAX_PERSISTENT_CACHE_ENABLE_XLA_CACHES": "none",
        "JAX_RAISE_PERSISTENT_CACHE_ERRORS": "false",
    }


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _keep(own: Path, folder: Path) -> None:
    """Move new programs to where the next training finds them; whole, or not at all."""
    if _is_full(folder):
        return
    known = {path.name.rpartition(".")[0] for path in folder.glob("*-cache.*")}
    for path in sorted(own.glob("*-cache")):
        if path.name in known:
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        partial = folder / f"{PARTIAL}{os.getpid()}"
        path.replace(partial)
        partial.replace(folder / f"{path.name}.{digest}")


def _bound(root: Path) -> None:
    """Delete the programs that were not asked for the longest time, of all machines."""
    kept_here = [(path.stat(), path) for path in root.glob("*/*-cache.*")]
    total = sum(about.st_size for about, _ in kept_here)
    for about, path in sorted(kept_here, key=lambda one: (one[0].st_mtime, one[1].name)):
        if total <= BYTES_MAX:
            return
        path.unlink(missing_ok=True)
        total -= about.st_size
