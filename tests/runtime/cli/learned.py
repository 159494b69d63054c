"""A home whose log was written by hand: two weeks of outcomes, and weights that followed them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import COMPONENTS
from kingmaker.kernel.lane import Draft, Lane, Pen, frame
from kingmaker.learners import weights
from kingmaker.learners.weights import EVEN, Rule
from kingmaker.runtime.cli.opening import remember_desks
from kingmaker.runtime.home import Home
from kingmaker.runtime.sqlite_log import SqliteLog

DESK = "oak"
FIRST_MS = 1_767_225_600_000  # 2026-01-01, a Thursday
HOUR_MS = 3_600_000
OUTCOMES = 240
EVERY_MS = 3 * HOUR_MS
HEADS = (0.9, 0.4, 0.0, 0.6, 0.5, 0.3, 0.2, 0.7, 0.1)


def home(folder: Path, *, on: bool = True, until_end: bool = True) -> Home:
    """Return the home; `on`: its heads learn; not `until_end`: they were told to stop."""
    made = Home(folder / "home")
    made.begin()
    remember_desks(made, [{"name": DESK}])
    log = SqliteLog(made.log, made.incarnation())
    for service, drafts in (
        ("trader", _trader()),
        (
            "learners",
            [*_learners(on=on), *([] if until_end else [_told({"learning.nightly": "01:00"})])],
        ),
    ):
        lane, pen = Lane(f"km.{service}.v1"), Pen(1, service)
        begun = frame(lane.genesis(log.incarnation), pen, [Draft("km.Started", b"{}")])
        log.append(lane, begun)
        end = begun[-1].position
        for time_ms, draft in drafts:
            records = frame(end, replace(pen, time_ms=time_ms), [draft])
            log.append(lane, records)
            end = records[-1].position
    log.commit()
    log.close()
    return made


def outcomes() -> Iterator[tuple[int, int, float, tuple[float, ...]]]:
    """Yield number, moment, net return and votes: the fifth head knows, the others do not."""
    for number in range(OUTCOMES):
        net = 0.01 if number % 5 < 3 else -0.012
        votes = list(HEADS)
        votes[4] = 0.5 if net > 0.0 else -0.5
        votes[7] = 0.7 if number % 2 else -0.7
        yield number, FIRST_MS + number * EVERY_MS, net, tuple(votes)


def _trader() -> Iterator[tuple[int, Draft]]:
    for number, time_ms, net, votes in outcomes():
        name = f"ASH-{number}"
        said = [
            {"component": component, "agrees": vote > 0.0, "confidence": abs(vote)}
            for component, vote in zip(COMPONENTS, votes, strict=True)
        ]
        decided = {"branch": "champion", "taken": True, "strategy": "S2", "size": 2, "votes": said}
        about = {"opportunity": name, "symbol": "ASH", "time_ms": time_ms}
        yield time_ms, _draft("trader", "OpportunityDecided", decisions=[decided], **about)
        outcome = {"branch": "champion", "taken": True, "net": net, "reason": "TP_HIT"}
        about["time_ms"] = time_ms + HOUR_MS
        resolved = {"outcomes": [outcome], "signal_net": net, "desk": DESK}
        yield time_ms + HOUR_MS, _draft("trader", "OpportunityResolved", **about, **resolved)


def _learners(*, on: bool) -> Iterator[tuple[int, Draft]]:
    yield _told({"learning.head_weights": "1" if on else "0"})
    held = EVEN
    for number, time_ms, net, votes in outcomes() if on else ():
        by = weights.adjustment(votes, won=net > 0.0, rate=0.05)
        new = weights.moved(held, by, Rule())
        yield (
            time_ms + HOUR_MS,
            _draft(
                "learners",
                "WeightsLearned",
                desk=DESK,
                version=number + 1,
                weights=new,
                old=held,
                cause="outcome",
                outcome=f"ASH-{number}",
                time_ms=time_ms + HOUR_MS,
            ),
        )
        held = new
    if on:
        end_ms = FIRST_MS + OUTCOMES * EVERY_MS
        job = {"schedule": "daily_learning", "desk": DESK, "date": "2026-01-31"}
        skipped = {"reason": "too few outcomes in 24 hours", "outcomes": 8, "needed": 10}
        yield end_ms, _draft("learners", "LearningJobSkipped", **job, **skipped, time_ms=end_ms)


def _told(values: dict[str, str]) -> tuple[int, Draft]:
    message = message_class("kingmaker.policy.v1", "PolicyApplied")(hash="h", values=values)
    return FIRST_MS, Draft("kingmaker.policy.v1.PolicyApplied", message.SerializeToString())


def _draft(service: str, name: str, **fields: Any) -> Draft:  # noqa: ANN401 - fields of any message
    package = f"kingmaker.{service}.v1"
    message = message_class(package, name)(**fields)
    return Draft(f"{package}.{name}", message.SerializeToString(deterministic=True))
