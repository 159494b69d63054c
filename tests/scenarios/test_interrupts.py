"""Ctrl-C strikes anywhere: what is played on afterwards is the history of an undisturbed run."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kingmaker.kernel.service import Answers, Question
from kingmaker.runtime.bars import DEMO
from kingmaker.runtime.engine import Engine
from tests.scenarios.playing import Stage, stage

TIMES = 400
EURUSD = DEMO[2]


def interrupt_at(engine: Engine, call: int) -> None:
    """Let the interrupt arrive while models are asked about an input already consumed."""
    answer, calls = engine._answer, 0

    def interrupted(questions: Sequence[Question]) -> Answers:
        nonlocal calls
        calls += 1
        if calls == call:
            raise KeyboardInterrupt
        return answer(questions)

    engine._answer = interrupted


def play_until_interrupted(struck: Stage, call: int) -> None:
    with struck.kingdom() as kingdom:
        interrupt_at(next(e for e in kingdom.engines if e.service.name == "trader"), call)
        for _ in kingdom.play(struck._bars().rows([0])):
            pass


@pytest.mark.parametrize("call", [7, 31])
def test_an_interrupt_amid_a_decision_loses_no_decision(tmp_path: Path, call: int) -> None:
    undisturbed = stage(tmp_path / "undisturbed", [EURUSD])
    digest = undisturbed.play(TIMES)
    struck = stage(tmp_path / "struck", [EURUSD])

    with pytest.raises(KeyboardInterrupt):
        play_until_interrupted(struck, call)
    played = len(struck.events("feed", 0, "BarClosed"))

    assert struck.play(TIMES - played) == digest
