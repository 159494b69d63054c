"""A desk's learners that hear one thing after another, and runs over its past bars."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kingmaker.contracts.desks import Desk
from kingmaker.kernel.service import Tick
from kingmaker.learners import decider, past_runs, service, walking
from kingmaker.learners.decider import Window
from kingmaker.learners.domain import Event, Message, PolicyApplied, State
from kingmaker.learners.history import (
    HistoricalRunCompleted,
    HistoricalRunStarted,
    HistoryLearned,
    HistoryLesson,
)
from kingmaker.learners.people import CancelTraining, RetryTraining

MINUTE = 60_000
HOUR = 60 * MINUTE
DESKS = (Desk("oak", 0), Desk("elm", 1))
COMPONENTS = ("cvar_ppo", "online_learning")
ON = {
    "historical.enabled": "1",
    "market.calendar@oak": "fx",
    "learning.min_trades": "100",
    "learning.components": "cvar_ppo,online_learning",
}
GOOD = {
    "holdout_gain": 0.1,
    "holdout_gain_se": 0.01,
    "holdout_acts": 60.0,
    "holdout_net_all": 0.0,
    "holdout_net_kept": 0.002,
    "holdout_net_with": 0.001,
    walking.LEAST: 0.05,
}
decide = decider.build(DESKS[:1], COMPONENTS, service.seal())


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * 1000


FRIDAY = at("2024-01-12T19:40:00Z")  # fx closes at 22:00


class Story:
    """Learners that hear one thing after another."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self.said: list[Event] = []
        self.now_ms = FRIDAY  # when the last command came
        applied = PolicyApplied("h", ON if values is None else values)
        self.state = decider.evolve(State(), applied)

    def hear(self, *messages: Message) -> Sequence[Event]:
        """Return what these messages make them say."""
        said: list[Event] = []
        for message in messages:
            window = Window(message.time_ms if isinstance(message, Tick) else 0)
            for event in decide(self.state, window, message, None):
                self.state = decider.evolve(self.state, event)
                said.append(event)
        self.said += said
        return said

    def begin(self, time_ms: int) -> HistoricalRunStarted:
        """Return the run that a tick begins."""
        [started] = [e for e in self.hear(Tick(time_ms)) if isinstance(e, HistoricalRunStarted)]
        return started

    def order(self, command: CancelTraining | RetryTraining) -> Event:
        """Return what a command makes them say; raises RefusedError where it is refused."""
        self.now_ms += 1
        match command:
            case CancelTraining():
                event: Event = past_runs.cancel(self.state, command, self.now_ms)
            case RetryTraining():
                event = past_runs.retry(self.state, command, self.now_ms)
        self.state = decider.evolve(self.state, event)
        self.said.append(event)
        return event

    @property
    def run(self) -> HistoricalRunStarted:
        """The run of oak that is not over."""
        run = self.state.history["oak"].run
        assert run is not None
        return run

    def end(self, started: HistoricalRunStarted, **given: Any) -> HistoricalRunCompleted:  # noqa: ANN401 - as `learned` takes it
        """Return what comes of a run whose components all learned."""
        said = self.hear(learned(started, **given))
        [completed] = [event for event in said if isinstance(event, HistoricalRunCompleted)]
        return completed


def learned(  # noqa: PLR0913 - what a run may come to
    started: HistoricalRunStarted,
    *,
    digest: str = "d",
    new: int = 300,
    trades: int = 400,
    metrics: dict[str, float] | None = None,
    sources: str = "s",
    until_ms: int | None = None,
) -> HistoryLearned:
    lessons = tuple(
        HistoryLesson(name, new, new, digest * 64, 1000, "data", 0, trades, metrics or GOOD)
        for name in sorted(started.taught)
    )
    until = started.until_ms if until_ms is None else until_ms
    return HistoryLearned(started.run, 1000, 0, until, trades, sources, lessons)
