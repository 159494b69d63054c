"""What the trader believes, as bytes and as a digest."""

from kingmaker.kernel import snapshot
from kingmaker.trader.heard import TrialClosed
from kingmaker.trader.state import Account, Reign, State, digest_of
from tests.services.trader.desk import picky, reigning, tried, walk


def test_a_lineup_is_told_by_the_bytes_of_its_models_and_nothing_else() -> None:
    oak = {"cvar_ppo": Reign("v1", "a", 1), "neural_ucb": Reign("v1", "b", 1)}
    renamed = {"neural_ucb": Reign("v9", "b", 7), "cvar_ppo": Reign("v8", "a", 5)}
    swapped = {"cvar_ppo": Reign("v1", "b", 1), "neural_ucb": Reign("v1", "a", 1)}
    assert digest_of(oak) == digest_of(renamed) != digest_of(swapped)


def test_a_state_in_full_work_survives_a_snapshot() -> None:
    rig = reigning(picky)
    tried(rig)
    bars = list(walk(400))
    while bars and not (rig.state.sums and any(o.account is Account.IN for o in rig.state.open)):
        rig.hear(bars.pop(0))
    assert rig.state.open, "a trade is open"
    assert rig.state.sums, "and a pair is in progress"
    content = snapshot.encode(rig.state)
    assert snapshot.decode(State, content) == rig.state
    assert snapshot.encode(snapshot.decode(State, content)) == content


def test_a_dropped_challenger_leaves_nothing_behind() -> None:
    rig = reigning(picky)
    name = tried(rig)
    rig.hear_all(list(walk(400)))
    rig.hear(TrialClosed(name, f"online_learning@{rig.state.desk}", "max_pairs", 0))
    assert name not in rig.state.branches
    assert all(name not in by_trial for by_trial in rig.state.sums.values())
