"""Stages of signal quality: each alone blocks a constructed candidate; by default none is asked."""

from dataclasses import replace

import pytest

from kingmaker.trader import stages
from kingmaker.trader.policy import Policy
from kingmaker.trader.said import OpportunityDecided, OpportunityResolved
from kingmaker.trader.stages import CALM, CRISIS, NORMAL, Candidate, Past, Record
from tests.services.trader.desk import FREE, reigning, walk

MINUTE = 60_000
NOW = 1_000 * MINUTE
SOUND = Candidate("ASH", "S2", NORMAL, NOW, 0, Past({}, {}))


def with_record(n: int, won: int, net: float) -> Candidate:
    """Return a candidate whose strategy has such a record here."""
    return replace(SOUND, past=Past({}, {"S2/ASH/1": Record(n, won, net)}))


def entered(minutes_ago: int, regime: int) -> Candidate:
    """Return a candidate on a symbol that was entered so long ago."""
    past = Past({"ASH": NOW - minutes_ago * MINUTE}, {})
    return replace(SOUND, regime=regime, past=past)


@pytest.mark.parametrize("name", sorted(stages.discover()))
def test_no_stage_blocks_a_sound_candidate(name: str) -> None:
    assert stages.first_that_blocks(name, SOUND) == ""


@pytest.mark.parametrize(
    ("name", "blocked", "passes"),
    [
        ("open_signals", replace(SOUND, open_signals=2), replace(SOUND, open_signals=1)),
        (
            "open_signals",
            replace(SOUND, open_signals=1, regime=CRISIS),
            replace(SOUND, open_signals=2, regime=CALM),
        ),
        ("cool_down", entered(29, NORMAL), entered(30, NORMAL)),
        ("cool_down", entered(59, CRISIS), entered(15, CALM)),
        ("history", with_record(20, 19, -0.1), with_record(19, 0, -0.1)),
        ("history", with_record(50, 25, 0.0), with_record(50, 5, 0.1)),
        ("win_rate_60", with_record(20, 11, 9.0), with_record(20, 12, -9.0)),
    ],
)
def test_each_alone_blocks_a_constructed_candidate(
    name: str, blocked: Candidate, passes: Candidate
) -> None:
    assert stages.first_that_blocks(name, blocked) == name
    assert stages.first_that_blocks(name, passes) == ""


def test_the_first_of_those_wanted_that_blocks_is_named() -> None:
    bad = replace(with_record(30, 3, -1.0), open_signals=9)
    assert stages.first_that_blocks("history,open_signals", bad) == "history"
    assert stages.first_that_blocks("open_signals,history", bad) == "open_signals"
    assert stages.first_that_blocks("", bad) == ""


def test_a_stage_that_is_none_is_refused_by_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="cool_down, history, open_signals, win_rate_60"):
        Policy.from_values({"signals.stages": "cool_down,luck"})


def test_by_default_nothing_is_asked_and_nothing_remembered() -> None:
    rig = reigning()
    rig.hear_all(list(walk(500)))
    assert {one.decisions[0].refusal for one in rig.of(OpportunityDecided)} <= {"", "consensus"}
    assert rig.state.past == Past({}, {})


def test_a_desk_that_wants_a_stage_leaves_signals_alone_by_its_name() -> None:
    rig = reigning(values=FREE | {"signals.stages": "open_signals"})
    rig.hear_all(list(walk(900)))
    blocked = [
        one for one in rig.of(OpportunityDecided) if one.decisions[0].refusal == "open_signals"
    ]
    assert blocked, "nothing was ever blocked: this market tests nothing"
    resolved = {one.opportunity: one for one in rig.of(OpportunityResolved)}
    for one in blocked:
        if one.opportunity in resolved:
            assert not resolved[one.opportunity].outcomes[0].taken
    assert sum(record.n for record in rig.state.past.records.values()) == len(resolved)
