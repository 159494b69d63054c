"""The Faust worker of windowed statistics: public topics in, `km.statistics.v1` out.

Faust moves the messages and nothing else. Its group is new at every start, so it always reads from
the beginning and no commit of it is ever used; it has no table and no changelog. Where it would
lose or repeat a message, the next start reads that message again, under the same id.
"""

import asyncio
import secrets
import signal
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import faust
from faust.auth import SASLCredentials, SSLCredentials
from faust.types import StreamT, TopicT

from kingmaker.analytics.domain import MEASURED
from kingmaker.contracts.desks import Desk
from kingmaker.contracts.envelope import EnvelopeError, statement_headers
from kingmaker.contracts.public import public_topics_of
from kingmaker.contracts.topics import STATISTICS_TOPIC
from kingmaker.kernel.service import UndecodableError
from kingmaker.runtime.kafka.cluster import MECHANISM, Cluster
from kingmaker.runtime.kafka.statistics import KIND, ends_of, standing
from kingmaker.runtime.live.health import Health
from kingmaker.runtime.live.windows import DeskWindows
from kingmaker.runtime.telemetry.measures import Measures

SERVICE = "analytics"
GROUP = "windows-"  # the rights are by this prefix
TELL_S = 1.0
LOOK_S = 0.2
READS = tuple(topic.name for topic in public_topics_of("trader"))


class WorkerFailedError(Exception):
    """The worker cannot go on: start it again, it reads everything anew."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker works on."""

    cluster: Cluster
    desks: Sequence[Desk]
    windows_ms: Sequence[int]


def run(task: Task, health: Health, measures: Measures) -> None:
    """Work until SIGTERM or SIGINT. Raise WorkerFailedError: begin anew."""
    _look(measures, health)
    with ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory()
        )  # Faust wants one; it stays empty
        loop = asyncio.new_event_loop()
        stack.callback(loop.close)
        worker = _Worker(task, health, measures, loop, folder)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.ending.set)
        loop.run_until_complete(worker.work())


def _look(measures: Measures, health: Health) -> None:
    measures.look((), {"ready": {(SERVICE,): float(health.ready)}})


class _Worker:
    """One Faust application and the fold that it feeds."""

    def __init__(
        self,
        task: Task,
        health: Health,
        measures: Measures,
        loop: asyncio.AbstractEventLoop,
        folder: str,
    ) -> None:
        cluster, desks = task.cluster, len(task.desks)
        told = standing(cluster, desks)
        ends = ends_of(cluster, READS, desks)
        self.ending = asyncio.Event()
        self._windows = DeskWindows(task.desks, task.windows_ms, ends, told)
        self._health, self._measures = health, measures
        self._refused = 0
        self._fault: BaseException | None = None
        self._app = _application(cluster, loop, folder)
        self._target = _bytes_of(self._app, STATISTICS_TOPIC)
        for name in READS:
            self._app.agent(_bytes_of(self._app, name), name=name, concurrency=1)(self._follow)
        self._app.timer(TELL_S)(self._tell)

    async def work(self) -> None:
        await self._app.start()
        self._health.started = True
        while not (self.ending.is_set() or self._app.should_stop):
            self._health.beat()
            _look(self._measures, self._health)
            await asyncio.sleep(LOOK_S)
        failed = self._fault or self._app.crash_reason
        await self._app.stop()
        if failed:
            raise WorkerFailedError(
                f"the worker of statistics failed: {failed!r}. Start it again: it reads the public"
                f" topics from their beginning."
            ) from failed

    async def _follow(self, stream: StreamT[Any]) -> None:
        """Feed the fold. Faust would go on behind a fault; then a message would be missing."""
        async for event in stream.events():
            message = event.message
            place = (message.topic, message.partition)
            try:
                headers = _pairs(message.headers)
                self._windows.take(place, message.offset, headers, message.value or b"")
            except (EnvelopeError, UndecodableError) as error:
                self._refused += 1
                where = f"{message.topic}/{message.partition} offset {message.offset}"
                self._health.notes["refused"] = (
                    f"{self._refused} refused, the last {where}: {error}"
                )
            except BaseException as fault:
                self._fault = fault
                self.ending.set()
                raise
            self._health.lanes[f"{place[0]}/{place[1]}"] = message.offset

    async def _tell(self) -> None:
        """Say what changed, and wait until it is there."""
        for partition, key, value in self._windows.news():
            until_ms = row.until_ms if value and (row := MEASURED.decode(KIND, value)) else 0
            ident = f"{key.decode()}/{until_ms}"
            headers = statement_headers(ident, f"/{STATISTICS_TOPIC}", KIND, until_ms)
            sent = await self._target.send(
                key=key, value=value, partition=partition, headers=headers, force=True
            )
            await sent
        self._health.ready = self._windows.is_caught_up
        self._health.reason = "caught up" if self._health.ready else "catching up"


def _application(cluster: Cluster, loop: asyncio.AbstractEventLoop, folder: str) -> faust.App:
    """Return Faust as reference and experience ask for; options that matter are said."""
    return faust.App(
        GROUP + secrets.token_hex(8),
        broker=";".join(f"kafka://{server}" for server in cluster.servers.split(",")),
        broker_credentials=_credentials(cluster),
        broker_session_timeout=10,
        broker_heartbeat_interval=2,
        consumer_auto_offset_reset="earliest",
        processing_guarantee="at_least_once",
        producer_acks=-1,
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        store="memory://",
        autodiscover=False,
        datadir=folder,
        loop=loop,
    )


def _bytes_of(app: faust.App, name: str) -> TopicT:
    return app.topic(
        name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )


def _credentials(cluster: Cluster) -> SASLCredentials | SSLCredentials | None:
    said = cluster.options()
    context = said.get("ssl_context")
    if cluster.user:
        return SASLCredentials(
            username=cluster.user,
            password=said["sasl_plain_password"],
            mechanism=MECHANISM,
            ssl_context=context,
        )
    return SSLCredentials(context) if context else None


def _pairs(headers: Any) -> list[tuple[str, bytes]]:  # noqa: ANN401 - a mapping or pairs, as Faust likes
    return list(headers.items()) if isinstance(headers, dict) else list(headers or ())
