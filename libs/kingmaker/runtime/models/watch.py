"""Stops a run of a graph in this process when it takes too long, without costing the others."""

import threading
import time
from typing import Any

LOOKS_PER_WAIT = 8


class Watch:
    """A thread that looks now and then whether a run is overdue, and asks onnxruntime to stop it.

    onnxruntime lets Python's lock go while it runs, and looks at `terminate` between two nodes.
    """

    def __init__(self, options: Any, seconds: float) -> None:  # noqa: ANN401 - onnxruntime ships no types
        """Watch runs that are made with `options`; start nothing before the first."""
        self._options, self._seconds = options, seconds
        self._lock = threading.Lock()
        self._began: float | None = None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.fired = False  # whether the last run was stopped

    def begin(self) -> None:
        """Say that a run begins."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name="model-watch", daemon=True)
            self._thread.start()
        with self._lock:
            if self.fired:
                self.fired = self._options.terminate = False
            self._began = time.monotonic()

    def end(self) -> None:
        """Say that the run is over."""
        with self._lock:
            self._began = None

    def close(self) -> None:
        """End the thread."""
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(self._seconds / LOOKS_PER_WAIT):
            with self._lock:
                if self._began is not None and time.monotonic() - self._began > self._seconds:
                    self.fired = self._options.terminate = True
