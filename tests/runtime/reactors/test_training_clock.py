"""The learners on a real log under the clock: a training takes half an hour of market time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kingmaker.contracts.codec import message_class
from kingmaker.contracts.desks import Desk
from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, frame
from kingmaker.kernel.service import Input
from kingmaker.learners import service
from kingmaker.learners.domain import TrainingCompleted, TrainingStarted
from kingmaker.runtime.clock import Clock
from kingmaker.runtime.engine import Engine
from kingmaker.runtime.first_inputs import APPLY_POLICY
from kingmaker.runtime.history import decided
from kingmaker.runtime.reactors.training import KIND, Place, TrainingReactor
from kingmaker.runtime.sqlite_log import SqliteLog
from tests.runtime.reactors.trading_log import TRADER, TRADES, resolved
from tests.services.learners.trades import HOUR_MS, trades

DESKS = (Desk("minutes", 0), Desk("hourly", 1))
DAY_MS = 24 * HOUR_MS
NIGHT_MS = (TRADES * HOUR_MS // DAY_MS + 1) * DAY_MS + HOUR_MS  # one o'clock after the last trade
HALF_AN_HOUR_MS = 30 * 60_000


@contextmanager
def trading_log(folder: Path) -> Iterator[SqliteLog]:
    """Open a log that holds closed trades of the second desk."""
    folder.mkdir(exist_ok=True)
    store, pen = SqliteLog(folder / "log.sqlite", "here"), Pen(1, "trader")
    [last] = frame(TRADER.genesis("here"), pen, [Draft(STARTED, b"{}")])
    store.append(TRADER, [last])
    for trade in trades(TRADES):
        [last] = frame(last.position, pen, [resolved(trade, "hourly")])
        store.append(TRADER, [last])
    store.commit()
    try:
        yield store
    finally:
        store.close()


def settings() -> Input:
    values = {"learning.min_trades": str(TRADES), "learning.neural_ucb_l2": "10"}
    message = message_class("kingmaker.policy.v1", "ApplyPolicy")(hash="h", values=values)
    return Input(Lane("km.learners.settings.v1"), 0, APPLY_POLICY, message.SerializeToString())


def play(log: SqliteLog, folder: Path, *, killed: bool) -> list[str]:
    """Let a night pass, or die while it learns; return the learners' history."""
    learners = Engine(service.build(DESKS), log)
    learners.start("0.1.0")
    place = Place(folder / "log.sqlite", folder / "artifacts", DESKS)
    reactor = TrainingReactor(place)
    try:
        clock = Clock([learners], log, {KIND: reactor})
        clock.move_to(HOUR_MS, [(learners, settings())])
        clock.move_to(NIGHT_MS)
        clock.commit()
        if not killed:
            clock.move_to(NIGHT_MS + HALF_AN_HOUR_MS - 1)
            assert len(clock._open_effects()) == 2
            clock.move_to(NIGHT_MS + HALF_AN_HOUR_MS)
            clock.commit()
    finally:
        reactor.close()
    return [f"{record.kind} {record.value.hex()}" for record in decided(log, learners.lane)]


def test_a_training_that_is_killed_is_done_again_with_the_same_history(tmp_path: Path) -> None:
    with trading_log(tmp_path / "calm") as log:
        uninterrupted = play(log, tmp_path / "calm", killed=False)
    with trading_log(tmp_path / "rough") as log:
        play(log, tmp_path / "rough", killed=True)
        after_a_crash = play(log, tmp_path / "rough", killed=False)
    assert after_a_crash == uninterrupted
    names = [line.partition(" ")[0].rpartition(".")[2] for line in uninterrupted[-5:]]
    assert names == ["NightFell", *["TrainingStarted"] * 2, *["TrainingCompleted"] * 2]
    assert len(list((tmp_path / "rough" / "artifacts").iterdir())) == 2


def test_what_was_learned_names_its_data_and_its_figures(tmp_path: Path) -> None:
    learners = service.build(DESKS)
    with trading_log(tmp_path) as log:
        play(log, tmp_path, killed=False)
        records = list(decided(log, learners.lane))
    said = [learners.events.decode(record.kind, record.value) for record in records]
    started = [event for event in said if isinstance(event, TrainingStarted)]
    completed = [event for event in said if isinstance(event, TrainingCompleted)]
    assert [event.slot for event in started] == [event.slot for event in completed]
    assert {event.trades for event in completed} == {TRADES}
    assert all(event.metrics["holdout_trades"] == TRADES / 4 for event in completed)
