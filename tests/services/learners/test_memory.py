"""What learners remember is bounded: returns of a reign, promises, trainings that failed."""

from functools import reduce

from kingmaker.kernel.frozen import replace
from kingmaker.learners import decider, memory
from kingmaker.learners.domain import ChampionNoted, OutcomeCounted, State
from tests.services.learners.test_triggers import completed, trades

SLOT = "online_learning@hourly"


def test_a_new_champion_begins_without_returns_of_the_last() -> None:
    first = ChampionNoted(SLOT, "v1", 1, expects=True, expected=0.1)
    state = reduce(decider.evolve, [first, *trades([0.5, 0.6])], State())
    assert state.reigns[SLOT].nets == (0.5, 0.6)
    after = decider.evolve(state, ChampionNoted(SLOT, "v2", 9, expects=True, expected=0.2))
    assert (after.reigns[SLOT].nets, after.reigns[SLOT].expected) == ((), 0.2)


def test_only_the_latest_returns_are_kept_and_only_of_a_reign_that_promised() -> None:
    promised = ChampionNoted(SLOT, "v1", 1, expects=True, expected=0.1)
    silent = ChampionNoted("neural_ucb@hourly", "v1", 1)
    other = OutcomeCounted("minutes", 1, 5, taken=True, net=7.0)
    nets = [float(net) for net in range(60)]
    state = reduce(decider.evolve, [promised, silent, *trades(nets), other], State())
    assert state.reigns[SLOT].nets == tuple(nets[10:])
    assert state.reigns["neural_ucb@hourly"].nets == ()


def test_the_latest_promises_are_kept() -> None:
    state = State()
    for number in range(memory.PROMISES_MAX + 5):
        made = completed(f"d{number}", candidate=True, metrics={"holdout_net_kept": 0.001})
        state = replace(state, promised=memory.promise(state, made))
    assert len(state.promised) == memory.PROMISES_MAX
    assert "d4" not in state.promised
    assert f"d{memory.PROMISES_MAX + 4}" in state.promised
