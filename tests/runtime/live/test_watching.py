"""What is seen of a live process; the log is the same whether anybody looks or not."""

from pathlib import Path

import pytest

from kingmaker.kernel.host import PROCESS_KINDS
from kingmaker.kernel.lane import Lane
from kingmaker.runtime.live import loop as module
from kingmaker.runtime.live.engine import LiveEngine
from kingmaker.runtime.live.loop import Loop
from kingmaker.runtime.live.watching import Watching
from kingmaker.runtime.memory_log import MemoryLog
from kingmaker.runtime.telemetry.measures import Measures
from tests.kernel.counting import SOURCE, counter
from tests.runtime.live.test_loop import LANE, Commands, kinds, log, parts, run

__all__ = ["log"]  # the fixture


@pytest.fixture
def measures(log: MemoryLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measures:
    """Return what was seen of a process that took a command and three events."""
    monkeypatch.setattr(module, "QUIET_S", 0.0)
    found = Measures(["oak"])
    made = parts(log, tmp_path, Commands(6))
    made.engines = [LiveEngine(counter(), log)]
    made.watching = Watching(found, lambda lane: 7 if lane == SOURCE else 0)
    loop = Loop(made)
    run(loop)
    loop.turn()
    return found


def test_inputs_count_by_type_and_by_whether_they_decided(measures: Measures) -> None:
    assert measures.counters["events_processed_total"] == {
        ("counter", "km.Tick", "decided"): 1.0,
        ("counter", "commands", "decided"): 1.0,
        ("counter", "Added.v1", "decided"): 2.0,
        ("counter", "Added.v1", "nothing"): 1.0,
        ("counter", "km.Started", "nothing"): 1.0,
    }


def test_accepted_events_and_steps_count(measures: Measures) -> None:
    accepted = measures.counters["events_accepted_total"]
    assert accepted["counter", "Counted.v1"] == 3.0
    assert measures.counters["steps_total"][str(LANE),] == 5.0


def test_every_step_that_decided_was_timed_and_every_append(measures: Measures) -> None:
    processing = measures.histograms["event_processing_seconds", ("counter",)]
    assert processing.cumulative()[-1] == ("+Inf", 4.0)
    append = measures.histograms["step_append_seconds", ("counter",)]
    assert 1.0 <= append.cumulative()[-1][1] <= 5.0


def test_lag_is_what_was_not_read_and_what_was_not_consumed(measures: Measures) -> None:
    assert measures.gauges["consumer_lag_events"]["counter", SOURCE.topic, "0"] == 7.0
    assert measures.gauges["ready"] == {("counter",): 1.0}
    assert measures.gauges["lane_stopped"] == {(str(LANE),): 0.0}


def test_a_lane_that_stopped_is_told(tmp_path: Path, log: MemoryLog) -> None:
    found = Measures(["oak"])
    made = parts(log, tmp_path)
    watching = Watching(found)
    watching.look(made.engines, made.health, {LANE: "unreadable"})
    assert found.gauges["lane_stopped"] == {(str(LANE),): 1.0}
    assert found.gauges["ready"] == {("counter",): 0.0}


def test_a_command_by_any_name_counts_as_a_command() -> None:
    from kingmaker.kernel.service import Input  # noqa: PLC0415 - this test's own
    from kingmaker.runtime.live.engine import type_of  # noqa: PLC0415 - likewise

    stranger = Input(Lane("km.promotion.commands.v1@c1"), 0, "whatever-9d1f", b"")
    assert type_of(stranger) == "commands"


def test_who_looks_changes_no_record(log: MemoryLog, tmp_path: Path, measures: Measures) -> None:
    assert measures.counters
    watched = history(log)
    again = MemoryLog()
    again.append(SOURCE, log.read(SOURCE, 0)[0])
    (tmp_path / "alone").mkdir()
    run(Loop(parts(again, tmp_path / "alone", Commands(6))))
    assert history(again) == watched


def history(log: MemoryLog) -> list[str]:
    """Return what was decided: when silence is recorded depends on the machine."""
    return [kind for kind in kinds(log) if kind not in PROCESS_KINDS]
