"""The process of one training: python -m kingmaker.runtime.reactors.training_process [NUMBER].

It imports what it needs, then waits for one request on stdin (a line of JSON) and answers on
stdout: lines {"progress": words, or {"step", "of", "loss"}}, and at the end the fields of
TrainingSucceeded or of TrainingBroke. It ends at once when stdin is closed: whoever asked is gone.
"""

import io
import json
import os
import resource
import sqlite3
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.topics import event_topic
from kingmaker.kernel.lane import Record
from kingmaker.runtime.models.bundle import Bundle
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.reactors import compiled

NICENESS = 19
ORPHANED = 3  # exit status
MEMORY_BYTES_MAX = 4 << 30  # of address space; the largest library asks for a third of it
ALL = -1  # rows, no limit
BUSY_TIMEOUT_S = 10.0
ROWS = """
SELECT r.term, r.writer, r.seq, r.prev, r.n, r.of, r.kind, r.value, r.consumed, r.time_ms, r.hash
FROM records AS r JOIN lanes AS l ON l.id = r.lane
WHERE l.topic = ? AND l.lane = ? AND r.kind = ? ORDER BY r.seq LIMIT ?
"""

type Tell = Callable[[str | Mapping[str, Any]], None]  # words, or a point of the loss curve
type Kept = tuple[Path, str] | None  # a folder, and the training's name
type Train = Callable[[str, "Sources", int, Mapping[str, float], Tell, Kept], "Product"]


class Files(Protocol):
    """The three files of a bundle."""

    @property
    def model(self) -> bytes:
        """Its graph."""

    @property
    def golden(self) -> Mapping[str, Any]:
        """Arrays by name."""

    @property
    def manifest(self) -> Mapping[str, object]:
        """What it says of itself."""


class Product(Files, Protocol):
    """What a learner's training returns."""

    metrics: Mapping[str, float]
    dataset_digest: str
    data_from_ms: int
    found: Mapping[str, float]  # parameters, by a search
    teacher: Files | None  # the bundle that taught it


class UnusableLogError(Exception):
    """The log does not hold what the training was told to learn from."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to learn from, and how."""

    log: str
    artifacts: str
    lane: int  # of the desk
    component: str
    trades: int
    until_ms: int
    seed: int
    parameters: dict[str, float]
    compiled: str = ""  # the folder of compiled programs; "": nothing is kept
    training: str = ""
    folder: str = ""  # keeps what a search has found so far; nothing does without one


def main() -> None:
    """Wait for one request and answer it."""
    stand_back(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    confine()
    train = _find_training()
    line = sys.stdin.readline()
    if not line:
        return
    threading.Thread(target=leave_with_parent, daemon=True).start()
    request = Request(**json.loads(line))
    with programs(request.compiled):
        say(answer(request, train, lambda said: say({"progress": said})))


def answer(request: Request, train: Train, tell: Tell) -> dict[str, object]:
    """Train, keep the bundle, and return the fields of the fact."""
    sources = Sources(request, tell)
    try:
        kept = (Path(request.folder), request.training) if request.folder else None
        product = train(request.component, sources, request.seed, request.parameters, tell, kept)
    except ValueError as error:  # of the data: the same data would fail again
        return {"reason": str(error), "permanent": True}
    except MemoryError:
        limit = f"{MEMORY_BYTES_MAX / (1 << 30):g} GiB"
        return {"reason": f"out of memory: a training may use {limit}", "permanent": False}
    folder = Path(request.artifacts)
    teacher = keep(product.teacher, folder) if product.teacher else ""
    return {
        "digest": keep(product, folder),
        "teacher": teacher,
        "size_bytes": len(product.model),
        "dataset_digest": product.dataset_digest,
        "data_from_ms": product.data_from_ms,
        "metrics": dict(product.metrics),
        "found": dict(product.found),
    }


@dataclass(frozen=True, slots=True)
class Sources:
    """What may be learned from, read when it is asked for."""

    request: Request
    tell: Tell

    def trades(self) -> list[Any]:
        """Return the desk's closed trades."""
        trades = read_trades(self.request)
        self.tell(f"{self.request.component}: read {len(trades)} closed trades")
        return trades

    def bars(self) -> list[Any]:
        """Return the desk's closed bars."""
        bars = read_bars(self.request)
        self.tell(f"{self.request.component}: read {len(bars)} bars")
        return bars


def read_trades(request: Request) -> list[Any]:
    """Return the first `trades` resolved opportunities of the lane, each proved by its hash.

    By number, not by time: what is learned from never depends on when this process reads. Raises
    UnusableLogError where one is missing, damaged, or later than it may be.
    """
    trades = _read(request, "trader", "OpportunityResolved", request.trades)
    if len(trades) < request.trades:
        raise UnusableLogError(
            f"{event_topic('trader')}/{request.lane} holds {len(trades)} of {request.trades} closed"
            " trades"
        )
    return _not_later(trades, request.until_ms)


def read_bars(request: Request) -> list[Any]:
    """Return the desk's bars that had closed when the last of the trades was resolved.

    The trader had consumed them all before, so they do not depend on when this process reads.
    """
    bars = _read(request, "feed", "BarClosed", ALL)
    return [bar for bar in bars if bar.open_ms + bar.interval_ms <= request.until_ms]


def keep(product: Files, folder: Path) -> str:
    """Write the bundle into the artifacts and return its digest."""
    golden = io.BytesIO()
    np.savez_compressed(golden, allow_pickle=False, **product.golden)
    manifest = json.dumps(product.manifest, indent=2, sort_keys=True) + "\n"
    return ArtifactStore(folder).put(Bundle(product.model, golden.getvalue(), manifest.encode()))


def stand_back(number: int) -> None:
    """Take the lowest priority and one processor, so that serving is not disturbed.

    Linux lets a nice process end its time slice, milliseconds, before it hands the processor to one
    that wakes up; an idle one (`sched(7)`) it puts off at once.
    """
    os.nice(NICENESS)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0), reverse=True)
        os.sched_setaffinity(0, {processors[number % len(processors)]})


def confine() -> None:
    """Bound the memory: a training that wants it all must not take it from who trades."""
    if sys.platform == "linux":  # macOS refuses this limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def programs(folder: str) -> AbstractContextManager[None]:
    """Let JAX find in a folder what was compiled before, and keep there what it compiles."""
    return compiled.kept(Path(folder)) if folder else nullcontext()


def _find_training() -> Train:
    """Return the learners' training: neither side imports the other."""
    [entry] = entry_points(group="kingmaker.training", name="train")
    return cast("Train", entry.load())


def leave_with_parent() -> None:
    """Wait until nobody asks any longer, and end at once."""
    os.read(sys.stdin.fileno(), 1)  # not sys.stdin: its lock would be held when we end by ourselves
    os._exit(ORPHANED)


def say(message: Mapping[str, object]) -> None:
    """Say one line to whoever asked."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def latest(request: Request, service: str, package: str, name: str, until_ms: int) -> Any:  # noqa: ANN401 - a message, or None
    """Return the last event of a kind that was recorded at a time or before, proved; or None."""
    message = message_class(package, name)
    rows = _rows(request, service, str(message.DESCRIPTOR.full_name), ALL)
    known = [record for record in rows if record.time_ms <= until_ms]
    return message.FromString(known[-1].value) if known else None


def _read(request: Request, service: str, name: str, count: int) -> list[Any]:
    """Return the first so many events of a kind in the desk's lane of a service, each proved."""
    message = message_class(f"kingmaker.{service}.v1", name)
    rows = _rows(request, service, str(message.DESCRIPTOR.full_name), count)
    return [message.FromString(record.value) for record in rows]


def _rows(request: Request, service: str, kind: str, count: int) -> list[Record]:
    lane = (event_topic(service), request.lane)
    uri = f"{Path(request.log).resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as log:
        return [_proved(lane, row) for row in log.execute(ROWS, (*lane, kind, count))]


def _proved(lane: tuple[str, int], row: tuple[Any, ...]) -> Record:
    record = Record(*row[:-1])
    if record.hash != row[-1]:
        raise UnusableLogError(
            f"{lane[0]}/{lane[1]}: record {record.seq} is damaged: its bytes no longer"
            f" match its hash. Restore the log from a copy; never edit it."
        )
    return record


def _not_later(trades: list[Any], until_ms: int) -> list[Any]:
    for trade in trades:
        if trade.time_ms > until_ms:
            raise UnusableLogError(
                f"{trade.opportunity} was resolved at {trade.time_ms}, after {until_ms}: nothing"
                f" may be learned from it"
            )
    return trades


if __name__ == "__main__":
    main()
