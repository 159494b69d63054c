"""What a training learns from is copied, proved, before it begins."""

from pathlib import Path
from types import SimpleNamespace

from kingmaker.kernel.lane import STARTED, Draft, Lane, Pen, frame
from kingmaker.kernel.service import Effect
from kingmaker.runtime.history import accepted
from kingmaker.runtime.live.mirror import MirroredTraining
from kingmaker.runtime.log import Verdict
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.sqlite_log import SqliteLog

TRADER, FEED = Lane("km.trader.v1", 1), Lane("km.feed.v1", 1)


def test_trades_and_bars_of_the_desk_are_in_the_file_when_the_training_begins(
    tmp_path: Path,
) -> None:
    log = MemoryLog()
    step = frame(TRADER.genesis("memory"), Pen(1, "t"), [Draft(STARTED, b"{}")])
    bars = frame(FEED.genesis("memory"), Pen(1, "f"), [Draft(STARTED, b"{}")])
    assert log.append(FEED, bars) is Verdict.ACCEPTED
    seen: list[int] = []

    class Trainings:
        def begin(self, effect: Effect) -> None:
            raise AssertionError(effect)

        def finish(self, _effect: Effect) -> Draft:
            file = SqliteLog(tmp_path / "trades.sqlite", "memory", read_only=True)
            seen.append(len(list(accepted(file, TRADER))))
            assert len(list(accepted(file, FEED))) == 1
            file.close()
            return Draft("trained", b"")

    lanes = {"a": 0, "b": 1}
    training = MirroredTraining(lambda: log, tmp_path / "trades.sqlite", lanes, Trainings())
    effect = Effect("t-1", "learners.train", 0, SimpleNamespace(slot="online_learning@b"))
    for _ in range(2):
        assert log.append(TRADER, step) is Verdict.ACCEPTED
        assert training.finish(effect) == Draft("trained", b"")
        step = frame(step[-1].position, Pen(1, "t"), [Draft("A", b"")])
    assert seen == [1, 2]
