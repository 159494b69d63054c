"""The process of one `kingmaker judge`: python -m bench.judge_process FILE. Prints what it used."""

import contextlib
import io
import json
import re
import resource
import sys
from pathlib import Path

from bench.rounds import processor_seconds
from kingmaker.runtime.cli.main import run

STATUS = Path("/proc/self/status")
BYTES = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def main() -> None:
    """Judge a file as the command line does; print seconds of the processor and peak bytes."""
    with contextlib.redirect_stdout(io.StringIO()):
        code = run(["judge", sys.argv[1], "-o", "json"])
    print(json.dumps({"code": code, "seconds": processor_seconds(), "peak": _peak_bytes()}))


def _peak_bytes() -> int:
    """Return the peak of this program alone: ru_maxrss on Linux also tells of who started it."""
    if STATUS.exists():
        [found] = re.findall(r"VmHWM:\s+(\d+) kB", STATUS.read_text(encoding="utf-8"))
        return 1024 * int(found)
    return BYTES * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
