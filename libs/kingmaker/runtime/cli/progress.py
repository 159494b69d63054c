"""Says on standard error that something goes on, if it takes more than two seconds."""

import sys
import time
from typing import Self, TextIO

SILENT_S = 2.0
EVERY_S = 0.25


class Progress:
    """One line that is written over; nothing where nobody looks."""

    def __init__(self, what: str, total: int = 0, stream: TextIO | None = None) -> None:
        """Begin silently; `total` is 0 where nobody knows."""
        self._what, self._total = what, total
        self._stream = stream or sys.stderr
        self._began = time.monotonic()
        self._shown_at = 0.0

    def __enter__(self) -> Self:
        """Use it in a `with` block: it wipes its line."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wipe the line."""
        if self._shown_at:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def show(self, count: int) -> None:
        """Tell how far it is, at most four times a second."""
        now = time.monotonic()
        if now - self._began < SILENT_S or now - self._shown_at < EVERY_S:
            return
        if not self._stream.isatty():
            return
        of = f" of {self._total:,}" if self._total else ""
        self._shown_at = now
        self._stream.write(f"\r\x1b[K{self._what}: {count:,}{of}, {now - self._began:.0f} s")
        self._stream.flush()
