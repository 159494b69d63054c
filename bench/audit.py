"""How long an audit takes: the chain of a whole log, and each coronation, level by level.

Timed by the processor, in this process and in the challengers': neighbours do not count.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing

from bench.figures import Figure, Goal
from bench.rounds import processor_seconds
from bench.stage import ROOT, Bench
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import Lane
from kingmaker.kernel.service import Answers, Question
from kingmaker.runtime.audit import LEVELS, Auditor, Report
from kingmaker.runtime.audited import CROWNED, OPENED, message_of
from kingmaker.runtime.cli.opening import remembered_desks
from kingmaker.runtime.history import accepted
from kingmaker.runtime.home import Home
from kingmaker.runtime.kingdom import build_services
from kingmaker.runtime.models.runner import ModelRunner
from kingmaker.runtime.models.store import ArtifactStore
from kingmaker.runtime.sqlite_log import SqliteLog

HISTORY = 100_000  # events that the goals speak of
DEMO = ROOT / ".demo"


def measure(bench: Bench) -> Iterator[Figure]:
    """Audit the trials of the hourly sample, and what was earned in the demo if it lies here."""
    yield from _measure("hourly sample", bench.hourly.home, bench.hourly.desks)
    if bench.size.backtest is None and Home(DEMO).exists():
        yield from _measure("demo", Home(DEMO), remembered_desks(Home(DEMO)))


def _measure(name: str, home: Home, desks: Sequence[Desk]) -> Iterator[Figure]:
    log = SqliteLog(home.log, home.incarnation(), read_only=True)
    store = ArtifactStore(home.artifacts)
    with closing(log), ModelRunner(store) as runner:

        def answer(questions: Sequence[Question]) -> Answers:
            for digest in {question.model for question in questions} - set(runner.loaded):
                runner.load(digest)
            return runner.answer(questions)

        auditor = Auditor(
            log=log,
            lanes=log.lanes(),
            desks=desks,
            build=build_services,
            answer=answer,
            check_models=store.fault_of,
            clock=lambda: processor_seconds(runner.child_pid),
        )
        for matter in _matters(log, desks):
            yield from _figures(name, auditor.audit(matter))


def _figures(name: str, report: Report) -> Iterator[Figure]:
    chain, *others = [report.level_seconds.get(level, 0.0) for level in LEVELS]
    if not report.identical:
        said = (report.first_difference, "another release decided it, or it was forged: play anew")
        yield Figure(f"{name}: {report.promotion} DIFFERS", sum(others), "s", notes=said)
        return
    if report.events and chain:
        per_history = chain * HISTORY / report.events
        yield Figure(
            f"{name}: chain of {HISTORY:,} events",
            per_history,
            "s",
            notes=(f"{report.events:,} events in {chain:.2f} s",),
        )
        yield Figure(
            f"{name}: that, and all levels of the first",
            per_history + sum(others),
            "s",
            goal=Goal(10.0),
        )
    yield Figure(
        f"{name}: {report.promotion} without the chain",
        sum(others),
        "s",
        goal=Goal(2.0),
        notes=(
            ", ".join(
                f"{level} {spent:.2f} s" for level, spent in zip(LEVELS[1:], others, strict=True)
            ),
            *report.notes[1:],
        ),
    )


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
