"""Answers GET requests on one address, from a thread of its own: probes and scrapes."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from kingmaker.runtime.settings_sources import SettingsError

PORT_MAX = 65_535

type Answer = tuple[int, str, bytes]  # status, content type, body
type Answering = Callable[[str], Answer]  # by path


def address_of(text: str, flag: str) -> tuple[str, int]:
    """Return host and port of HOST:PORT; port 0 stands for a free one."""
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isdecimal() and int(port) <= PORT_MAX):
        raise SettingsError(
            f"{flag} is {text!r}: it must be HOST:PORT, for example 127.0.0.1:9464 (port 0: any"
            f" that is free)."
        )
    return host, int(port)


class Endpoint:
    """Serves until it is closed."""

    def __init__(self, answering: Answering, host: str, port: int) -> None:
        """Bind; port 0 takes a free one."""
        handler = type("Handler", (_Handler,), {"answering": staticmethod(answering)})
        try:
            self._server = ThreadingHTTPServer((host, port), handler)
        except OSError as error:
            raise SettingsError(
                f"{host}:{port}: nobody can be answered there: {error}. Name an address of this"
                f" machine and a port that nobody uses."
            ) from error
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
    answering: Answering

    def do_GET(self) -> None:
        status, content_type, content = self.answering(self.path)
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: probes come every few seconds."""
