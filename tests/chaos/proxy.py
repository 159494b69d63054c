"""A TCP proxy between clients and a broker that delays, swallows or cuts what passes.

What it does to the answers of a broker, an acknowledgement among them, it does to all of them.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BLOCK = 1 << 16
POLL_S = 0.01


class Proxy:
    """Listens on `port` of the loopback and passes on to `target`; on a thread of its own.

    `holds_answers`: the broker's bytes wait, and arrive once that ends. `swallows`: the clients'
    bytes vanish, no connection ends. `cuts_answers`: a connection ends instead of an answer.
    """

    def __init__(self, target: int) -> None:
        """Listen; pass on everything."""
        self.target = target
        self.holds_answers = self.swallows = self.cuts_answers = False
        self.asked = 0  # bytes that reached the broker
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Cut everything."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:  # it cancels what is open
            runner.run(self._listen())

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._serve, sock=self._socket)
        await self._ended.wait()
        server.close()

    async def _serve(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        try:
            broker, forth = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            back.close()
            return
        ways = {
            asyncio.ensure_future(self._ask(client, forth)),
            asyncio.ensure_future(self._answer(broker, back)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            for writer in (forth, back):
                writer.close()

    async def _ask(self, client: asyncio.StreamReader, forth: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while block := await client.read(BLOCK):
                if not self.swallows:
                    forth.write(block)
                    await forth.drain()
                    self.asked += len(block)

    async def _answer(self, broker: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while block := await broker.read(BLOCK):
                if self.cuts_answers:
                    return
                while self.holds_answers:  # noqa: ASYNC110 - it is set by another thread
                    await asyncio.sleep(POLL_S)
                back.write(block)
                await back.drain()


@contextmanager
def proxy_to(target: int) -> Iterator[Proxy]:
    """Yield a proxy to a port of the loopback."""
    opened = Proxy(target)
    try:
        yield opened
    finally:
        opened.close()
