"""Answers /startupz, /livez and /readyz: what a supervisor asks before it ends anything."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kingmaker.runtime.endpoint import Answer, Endpoint
from kingmaker.runtime.telemetry.page import PATH as METRICS

SILENT_S_MAX = (
    60.0  # a turn that takes longer hangs: the longest bounded wait is a model's, or Kafka's
)


@dataclass(slots=True)
class Health:
    """What the process last said of itself; written by its thread, read by the server's."""

    started: bool = False
    ready: bool = False
    reason: str = "starting"
    lanes: dict[str, int] = field(default_factory=dict)  # the last record of each
    notes: dict[str, str] = field(default_factory=dict)  # what is wrong and stops nobody
    beat_at: float = field(default_factory=time.monotonic)

    def beat(self) -> None:
        """Tell that the loop goes round."""
        self.beat_at = time.monotonic()

    def answer(self, path: str) -> tuple[int, dict[str, object]]:
        """Return status and body for a path."""
        silent_s = time.monotonic() - self.beat_at
        answers = {
            "/startupz": self.started,
            "/livez": silent_s < SILENT_S_MAX,
            "/readyz": self.ready and silent_s < SILENT_S_MAX,
        }
        if path not in answers:
            return 404, {"paths": sorted(answers)}
        body = {
            "ok": answers[path],
            "reason": self.reason,
            "silent_seconds": round(silent_s, 1),
            "lanes": dict(self.lanes),
            "notes": sorted(self.notes.values()),
        }
        return (200 if answers[path] else 503), body


class HealthServer(Endpoint):
    """Serves a `Health` on one address, and beside it the metrics of its process."""

    def __init__(
        self, health: Health, host: str, port: int, metrics: Callable[[], Answer] | None = None
    ) -> None:
        """Bind; port 0 takes a free one."""

        def answer(path: str) -> Answer:
            if path == METRICS and metrics is not None:
                return metrics()
            status, body = health.answer(path)
            return status, "application/json", json.dumps(body).encode()

        super().__init__(answer, host, port)
