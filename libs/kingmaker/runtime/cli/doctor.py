"""`kingmaker doctor`: checks this machine, each fault with its remedy."""

import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable  # noqa: TC003 - as everywhere else
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import one

PYTHON_MIN = (3, 12)
SQLITE_MIN = (3, 37, 0)  # STRICT tables
ROOM_MIN_BYTES = 2 * 2**30
MEMORY_MIN_BYTES = 2**30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    found: str
    ok: bool
    remedy: str = ""


def doctor(*, options: Options | None = None) -> int:
    """Check Python, SQLite, the home, its disk, memory and optional parts. Exit 3 if one fails."""
    options = options or Options()
    checks: tuple[Callable[[Path], Finding], ...] = (
        _python,
        _sqlite,
        _settings,
        _writable,
        _room,
        _memory,
        _models,
        _parquet,
    )
    folder = _folder(options)
    findings = [check(folder) for check in checks]
    lines: list[str] = []
    for finding in findings:
        lines.append(f"  {'✓' if finding.ok else '✗'} {finding.name:<9} {finding.found}")
        if finding.remedy:
            lines.append(f"    → {finding.remedy}")
    healthy = all(finding.ok for finding in findings)
    one({"ok": healthy, "findings": [asdict(f) for f in findings]}, lines, options.output)
    return Exit.DONE if healthy else Exit.NO


def _folder(options: Options) -> Path:
    from kingmaker.runtime.cli.opening import DEFAULT_HOME, home_folder  # noqa: PLC0415 - see below
    from kingmaker.runtime.settings_sources import SettingsError  # noqa: PLC0415 - costs 60 ms

    try:
        return home_folder(options.home)
    except (SettingsError, CommandError):
        return DEFAULT_HOME.expanduser()  # the finding about settings tells why


def _python(_folder: Path) -> Finding:
    ok = sys.version_info[:2] >= PYTHON_MIN
    remedy = "" if ok else "Install Python 3.12 or newer; `uv python install 3.12` does."
    return Finding("python", platform.python_version(), ok, remedy)


def _sqlite(_folder: Path) -> Finding:
    ok = sqlite3.sqlite_version_info >= SQLITE_MIN
    remedy = "" if ok else "Use a Python with SQLite 3.37 or newer; those of uv have one."
    return Finding("sqlite", sqlite3.sqlite_version, ok, remedy)


def _settings(_folder: Path) -> Finding:
    from kingmaker.runtime.settings_load import load  # noqa: PLC0415 - costs 60 ms
    from kingmaker.runtime.settings_sources import SettingsError  # noqa: PLC0415 - as above

    try:
        loaded = load()
    except SettingsError as error:
        return Finding("settings", str(error).splitlines()[0], ok=False, remedy="Correct it.")
    return Finding("settings", f"ok, {len(loaded.warnings)} warnings", ok=True)


def _writable(folder: Path) -> Finding:
    there = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=there):
            return Finding("home", f"{folder} is writable", ok=True)
    except OSError as error:
        remedy = f"Make {there} writable, or name another folder with --home."
        return Finding("home", f"{folder}: {error.strerror}", ok=False, remedy=remedy)


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(_existing(folder)).free
    ok = free >= ROOM_MIN_BYTES
    remedy = "" if ok else "Free 2 GiB: the log of the demo needs most of one."
    return Finding("disk", f"{free / 2**30:.1f} GiB free", ok, remedy)


def _memory(_folder: Path) -> Finding:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    ok = total >= MEMORY_MIN_BYTES
    remedy = "" if ok else "Kingmaker and its model processes want 1 GiB."
    return Finding("memory", f"{total / 2**30:.1f} GiB", ok, remedy)


def _models(_folder: Path) -> Finding:
    ok = all(find_spec(name) for name in ("numpy", "onnx", "onnxruntime"))
    remedy = "" if ok else "Install the package anew: pip install --force-reinstall kingmaker"
    return Finding("models", "onnxruntime is there" if ok else "onnxruntime is missing", ok, remedy)


def _parquet(_folder: Path) -> Finding:
    there = find_spec("pyarrow") is not None
    remedy = "" if there else "Only for Parquet files: pip install 'kingmaker[history]'"
    return Finding("parquet", "can be read" if there else "not installed", ok=True, remedy=remedy)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())
