"""How long an audit takes: the chain of a whole log, and each coronation on top of it.

A person waits, so it is timed by the wall; the processor's seconds of all processes that took part
stand beside it. Neighbours do count: measure it where nothing else goes on.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from bench.figures import Figure, Goal
from bench.stage import ROOT, Bench
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.assembly import answering
from kingmaker.runtime.audit import LEVELS, SERVICES, Auditor, Report
from kingmaker.runtime.audited import CROWNED, OPENED
from kingmaker.runtime.cli.opening import remembered_desks
from kingmaker.runtime.history import accepted, message_of
from kingmaker.runtime.home import Home
from kingmaker.runtime.kept_log import KeptLog
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.parts.running import Parts, cores
from kingmaker.runtime.parts.words import Place
from kingmaker.runtime.services import build_services
from kingmaker.runtime.sqlite_log import SqliteLog
from kingmaker.runtime.verify import verify

HISTORY = 100_000  # events that the goals speak of
DEMO = ROOT / ".demo"


def measure(bench: Bench) -> Iterator[Figure]:
    """Audit the trials of the hourly sample, and what was earned in the demo if it lies here."""
    yield from _measure("hourly sample", bench.hourly.home, bench.hourly.desks, bench.size.rounds)
    if bench.size.backtest is None and Home(DEMO).exists():
        desks = remembered_desks(Home(DEMO))
        yield from _measure("demo", Home(DEMO), desks, bench.size.rounds)


def _measure(name: str, home: Home, desks: Sequence[Desk], rounds: int) -> Iterator[Figure]:
    with closing(SqliteLog(home.log, home.incarnation(), read_only=True)) as log:
        chain, events = min(_chain(log) for _ in range(rounds))
        yield Figure(
            f"{name}: chain of {HISTORY:,} events",
            chain * HISTORY / events,
            "s",
            notes=(f"{events:,} events in {chain:.2f} s, the fastest of {rounds}",),
        )
        for matter in _matters(log, desks):
            audits = [_audit(home, log, desks, matter) for _ in range(rounds)]
            yield from _figures(name, audits, chain, events)
            if home.path == DEMO:
                yield _typed(name, home, matter, rounds)


def _chain(log: SqliteLog) -> tuple[float, int]:
    began = time.monotonic()
    verified = verify(log, log.lanes())
    return time.monotonic() - began, verified.records


type Timed = tuple[float, float, float, Report]  # seconds: first, again, of the processor


def _audit(home: Home, log: SqliteLog, desks: Sequence[Desk], matter: str) -> Timed:
    """Audit twice: as a person does, and once more when the chain is known and all is started."""
    processor = _processor_seconds()
    began = time.monotonic()
    with _auditing(home, log, desks) as auditor:
        report = auditor.audit(matter)
        first = time.monotonic() - began
        again = auditor.audit(matter)
    spent = _processor_seconds() - processor
    return first, again.seconds, spent, report if again.identical else again


@contextmanager
def _auditing(home: Home, log: SqliteLog, desks: Sequence[Desk]) -> Iterator[Auditor]:
    with answering(home) as answer, Parts(Place.of(home, desks)) as parts:
        yield Auditor(
            log=KeptLog(log),
            lanes=log.lanes(),
            desks=desks,
            build=partial(build_services, names=SERVICES),
            answer=answer,
            check_models=ArtifactStore(home.artifacts).fault_of,
            parts=parts,
        )


def _figures(name: str, audits: Sequence[Timed], chain: float, events: int) -> Iterator[Figure]:
    for first, _, _, report in audits:
        if not report.identical:
            said = (report.first_difference, "another release decided it, or it was forged")
            yield Figure(f"{name}: {report.promotion} DIFFERS", first, "s", notes=said)
            return
    first, _, spent, report = min(audits, key=lambda timed: timed[0])
    slowest = max(timed[0] for timed in audits)
    levels = ", ".join(f"{level} {report.level_seconds[level]:.2f} s" for level in LEVELS)
    yield Figure(
        f"{name}: {report.promotion}, all four levels of {events:,} events",
        first,
        "s",
        goal=Goal(2.0),
        notes=(
            f"in that run {levels}; the fastest of {len(audits)}, the slowest {slowest:.2f} s",
            f"{cores()} cores; {spent:.2f} s of the processor for this audit and one more",
            "the process for the models is started within",
        ),
    )
    yield Figure(
        f"{name}: {report.promotion}, were it {HISTORY:,} events",
        first + chain * (HISTORY / events - 1.0),
        "s",
        goal=Goal(10.0),
        notes=(f"the chain alone {chain:.2f} s of {events:,}",),
    )
    yield Figure(
        f"{name}: {report.promotion}, the chain verified before",
        min(timed[1] for timed in audits),
        "s",
        goal=Goal(2.0),
        notes=report.notes[1:],
    )


def _typed(name: str, home: Home, matter: str, rounds: int) -> Figure:
    """Time the command as it is typed, from its start to its end."""
    program = Path(sys.executable).with_name("kingmaker")
    waited = list[float]()
    for _ in range(rounds):
        began = time.monotonic()
        subprocess.run(  # noqa: S603 - the command of this tree
            [str(program), "audit", matter, "--home", str(home.path)],
            check=True,
            capture_output=True,
        )
        waited.append(time.monotonic() - began)
    return Figure(
        f"{name}: `kingmaker audit {matter}` as it is typed",
        min(waited),
        "s",
        notes=(f"Python and its imports included; the slowest {max(waited):.2f} s",),
    )


def _processor_seconds() -> float:
    """Return the seconds of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _matters(log: SqliteLog, desks: Sequence[Desk]) -> list[str]:
    """Return the crowns that evidence earned; where there is none, the trials."""
    crowns, trials = list[str](), list[str]()
    for desk in desks:
        for record in accepted(log, Lane("km.promotion.v1", desk.index)):
            if record.kind == CROWNED and message_of(record).how == "promoted":
                crowns.append(message_of(record).promotion)
            if record.kind == OPENED:
                trials.append(message_of(record).trial)
    return crowns or trials
