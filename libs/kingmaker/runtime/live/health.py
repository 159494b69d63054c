"""Answers /startupz, /livez and /readyz: what a supervisor asks before it ends anything."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

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


class HealthServer:
    """Serves a `Health` on one address until it is closed."""

    def __init__(self, health: Health, host: str, port: int) -> None:
        """Bind; port 0 takes a free one."""
        handler = type("Handler", (_Handler,), {"health": health})
        self._server = ThreadingHTTPServer((host, port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        """Serve."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    health: Health

    def do_GET(self) -> None:
        status, body = self.health.answer(self.path)
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: probes come every few seconds."""
