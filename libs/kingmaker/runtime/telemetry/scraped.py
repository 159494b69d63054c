"""The metrics of a whole kingdom in one process, where somebody asked for them."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Step
from kingmaker.runtime.endpoint import Answer, Endpoint, address_of
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.settings_sources import SettingsError
from kingmaker.runtime.telemetry.measures import Measures
from kingmaker.runtime.telemetry.page import PATH, open_answer

LOOK_EVERY_S = 1.0
FLAG = "--metrics"
OK = 200


class Scraped:
    """Counts what became durable, and answers `/metrics`; without an address it does nothing."""

    def __init__(self, address: str | None, desks: Sequence[str], stack: ExitStack) -> None:
        """Listen, if there is an address; `stack` closes it."""
        self._measures: Measures | None = None
        self._engines: Sequence[Engine] = ()
        self._looked_at = float("-inf")
        self.url = ""  # where to scrape
        if address is not None:
            self._measures = Measures(desks)
            host, port = address_of(address, FLAG)
            port = stack.enter_context(self._endpoint(host, port)).port
            self.url = f"http://{host}:{port}{PATH}"

    def begin(self, engines: Sequence[Engine]) -> None:
        """Know whose gauges there are."""
        self._engines = engines

    def take(self, lane: Lane, step: Step[Any]) -> None:
        """Take a step that was just made durable, as all are that were decided before it."""
        if self._measures is None:
            return
        self._measures.take(lane, step)
        if time.monotonic() - self._looked_at > LOOK_EVERY_S:
            self._looked_at = time.monotonic()
            self._measures.look(self._engines, {})

    def _endpoint(self, host: str, port: int) -> Endpoint:
        assert self._measures is not None
        metrics = open_answer(self._measures)
        status, _, body = metrics()
        if status != OK:
            raise SettingsError(f"{FLAG}: {body.decode().strip()}")

        def answer(path: str) -> Answer:
            return metrics() if path == PATH else (404, "text/plain", f"{PATH}\n".encode())

        return Endpoint(answer, host, port)
