"""What a state needs from outside."""

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.kernel import snapshot
from kingmaker.trader.heard import ChampionCrowned
from kingmaker.trader.said import OpportunityDecided
from kingmaker.trader.serving import LOAD, effects, latencies, models
from kingmaker.trader.state import State
from tests.services.trader.desk import DESK, digest_of, reigning, taking, trial, tried, walk


def test_all_that_decides_is_to_serve_again_after_a_restart() -> None:
    rig = reigning()
    tried(rig, "online_learning", 1)
    tried(rig, "cvar_ppo", 2)
    slot = slot_of("online_learning", DESK)
    rig.hear(ChampionCrowned(slot, "v1.1.0-trained", "digest-x1", 2, "promoted", 0))
    state = snapshot.decode(State, snapshot.encode(rig.state))
    wanted = {digest_of(component) for component in COMPONENTS} | {"digest-x1", "digest-x2"}
    assert set(models(state)) == wanted
    assert len(models(state)) == len(wanted)


def test_what_is_still_to_be_loaded_is_no_model_yet_but_an_effect() -> None:
    rig = reigning()
    opened = trial(time_ms=7)
    rig.hear(opened)
    assert opened.challenger_digest not in models(rig.state)
    [effect] = effects(rig.state)
    assert (effect.id, effect.kind, effect.due_ms) == (f"load-{opened.trial}-1", LOAD, 7)
    assert effect.payload.digest == opened.challenger_digest


def test_what_it_measured_can_be_read_from_what_it_said() -> None:
    rig = reigning(taking(40))
    rig.hear_all(list(walk(200)))
    [decided, *_] = rig.of(OpportunityDecided)
    assert set(latencies(decided).values()) == {40}
