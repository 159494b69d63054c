"""The trader follows promotion: it loads, warms, exchanges and drops, and asks nobody why."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.trader.heard import (
    ChampionCrowned,
    ChampionRolledBack,
    ModelLoaded,
    ModelLoadFailed,
    TrialClosed,
)
from kingmaker.trader.said import (
    ActivationFailed,
    ChallengerDropped,
    ChallengerFaulted,
    ChallengerWarmed,
    ChampionActivated,
    ChampionLost,
    ModelLoadRequested,
    ModelReady,
    OpportunityDecided,
    PairResolved,
    PositionOpened,
)
from kingmaker.trader.serving import effects
from kingmaker.trader.state import digest_of as lineup_of
from tests.services.trader.desk import (
    BOOTSTRAP,
    DESK,
    HOUR,
    Rig,
    bootstrap,
    digest_of,
    picky,
    reigning,
    trial,
    tried,
    walk,
)

if TYPE_CHECKING:
    from kingmaker.trader.domain import Message

SLOT = slot_of("online_learning", DESK)
WALK = list(walk(600))
CROWN = ChampionCrowned(SLOT, "v1.1.0-trained", "digest-x1", 2, "promoted", 0)


def crowned_first(component: str) -> ChampionCrowned:
    """Return the coronation of a bootstrap model."""
    slot = slot_of(component, DESK)
    return ChampionCrowned(slot, BOOTSTRAP, digest_of(component), 1, "bootstrap", 5)


def test_nine_crowned_in_one_step_are_answered_by_nine_in_one_step() -> None:
    rig = Rig()
    for component in COMPONENTS:
        [request] = rig.hear(crowned_first(component))
        assert isinstance(request, ModelLoadRequested)
        assert (request.due_ms, request.attempt, request.reign) == (5, 1, 1)
    assert len(effects(rig.state)) == 9
    for component in COMPONENTS[:0:-1]:
        [ready] = rig.hear(ModelLoaded(digest_of(component)))
        assert ready == ModelReady(slot_of(component, DESK), BOOTSTRAP, digest_of(component), 1)
    _, *activated = rig.hear(ModelLoaded(digest_of(COMPONENTS[0])))
    assert [event.slot for event in activated if isinstance(event, ChampionActivated)] == [
        slot_of(component, DESK) for component in COMPONENTS
    ]
    assert {e.lineup for e in activated if isinstance(e, ChampionActivated)} == {
        lineup_of(rig.state.lineup)
    }
    assert (len(rig.state.lineup), rig.state.ready, rig.state.loads) == (9, {}, {})
    assert not effects(rig.state)


def test_the_first_answer_counts_and_the_rest_is_dropped() -> None:
    rig = Rig()
    rig.hear(crowned_first("cvar_ppo"))
    rig.hear(ModelLoaded(digest_of("cvar_ppo")))
    assert not rig.hear(ModelLoaded(digest_of("cvar_ppo")))
    assert not rig.hear(ModelLoaded("never-asked-for"))


def test_a_slot_that_was_left_empty_follows_alone() -> None:
    rig = reigning()
    before = rig.state.lineup_digest
    rig.hear(crowned_first("cvar_ppo"))
    _, activated = rig.hear(ModelLoaded(digest_of("cvar_ppo")))
    assert isinstance(activated, ChampionActivated)
    assert activated.lineup == before


def test_a_model_that_does_not_load_is_tried_three_times() -> None:
    rig = Rig()
    rig.hear(crowned_first("cvar_ppo"))
    for attempt in (2, 3):
        [again] = rig.hear(ModelLoadFailed(digest_of("cvar_ppo"), "not_loadable"))
        assert isinstance(again, ModelLoadRequested)
        assert again.attempt == attempt
        [effect] = effects(rig.state)
        assert effect.id.endswith(f"-{attempt}")
    [failed] = rig.hear(ModelLoadFailed(digest_of("cvar_ppo"), "not_loadable"))
    assert failed == ActivationFailed(slot_of("cvar_ppo", DESK), 1, "not_loadable")
    assert not effects(rig.state)


def test_an_answer_to_an_earlier_attempt_is_dropped() -> None:
    rig = Rig()
    rig.hear(crowned_first("cvar_ppo"))
    digest = digest_of("cvar_ppo")
    rig.hear(ModelLoadFailed(digest, "out_of_memory", 1))
    assert not rig.hear(ModelLoadFailed(digest, "out_of_memory", 1))
    assert not rig.hear(ModelLoaded(digest, 1))
    assert rig.hear(ModelLoaded(digest, 2))


def test_a_late_answer_loses_nobody() -> None:
    rig = reigning()
    assert not rig.hear(ModelLoadFailed(digest_of("cvar_ppo"), "out_of_memory", 1))
    assert rig.state.may_enter


def test_models_that_no_longer_load_after_a_restart_are_lost() -> None:
    rig = reigning(picky)
    name = tried(rig)
    digest = digest_of("cvar_ppo")
    slot = slot_of("cvar_ppo", DESK)
    assert rig.hear(ModelLoadFailed(digest, "missing")) == [
        ChampionLost(slot, 1, digest, "missing")
    ]
    assert not rig.state.may_enter
    assert not rig.hear(ModelLoadFailed(digest, "missing")), "it was said"
    assert rig.hear(ModelLoadFailed("digest-x1", "missing")) == [
        ChallengerFaulted(name, SLOT, "digest-x1", "missing", 3, 0),
        ChallengerDropped(name, SLOT),
    ]


def test_a_crown_that_was_on_its_way_to_a_challenger_whose_bytes_are_lost_is_not_followed() -> None:
    rig = reigning(picky)
    tried(rig)
    rig.hear(ModelLoadFailed("digest-x1", "missing"))
    [failed] = rig.hear(CROWN)
    assert isinstance(failed, ActivationFailed)
    assert (failed.slot, failed.reign) == (SLOT, CROWN.reign)
    assert rig.state.may_enter, "the champion before goes on"


def test_a_dethroned_champion_that_no_longer_loads_is_dropped() -> None:
    rig = reigning(picky)
    tried(rig)
    rig.hear(CROWN)
    [dropped] = rig.hear(ModelLoadFailed(digest_of("online_learning"), "missing"))
    assert dropped == ChallengerDropped("canary-online_learning-r2", SLOT)
    assert not rig.state.branches


def test_a_bootstrap_model_that_no_longer_loads_is_not_ready() -> None:
    rig = Rig()
    rig.hear(crowned_first("cvar_ppo"))
    rig.hear(ModelLoaded(digest_of("cvar_ppo")))
    [failed] = rig.hear(ModelLoadFailed(digest_of("cvar_ppo"), "missing"))
    assert failed == ActivationFailed(slot_of("cvar_ppo", DESK), 1, "missing")
    assert not rig.state.ready


def test_a_challenger_is_loaded_and_then_decides() -> None:
    rig = reigning()
    opened = trial(time_ms=50 * HOUR)
    [request] = rig.hear(opened)
    assert isinstance(request, ModelLoadRequested)
    assert (request.trial, request.due_ms, request.how) == (opened.trial, 50 * HOUR, "trial")
    [warmed] = rig.hear(ModelLoaded("digest-x1"))
    assert warmed == ChallengerWarmed(
        trial=opened.trial,
        slot=SLOT,
        model="v1.1.0-trained",
        digest="digest-x1",
        champion=BOOTSTRAP,
        time_ms=50 * HOUR,
        rule="rule-1",
        parameters={"h": 5.0},
        lineup=rig.state.lineup_digest,
        first_bucket=0,
    )
    assert rig.state.branches[opened.trial].component == "online_learning"


def test_a_challenger_that_never_loads_faults_and_is_not_waited_for() -> None:
    rig = reigning()
    opened = trial()
    rig.hear(opened)
    for _ in range(2):
        rig.hear(ModelLoadFailed("digest-x1", "too_large"))
    [faulted] = rig.hear(ModelLoadFailed("digest-x1", "too_large"))
    assert faulted == ChallengerFaulted(opened.trial, SLOT, "digest-x1", "too_large", 3, 0)
    assert not rig.state.loads
    assert not rig.state.branches


def test_a_trial_that_closes_while_it_loads_is_forgotten() -> None:
    rig = reigning()
    opened = trial()
    rig.hear(opened)
    closed = TrialClosed(opened.trial, SLOT, "champion_changed", 0)
    assert rig.hear(closed) == [ChallengerDropped(opened.trial, SLOT)]
    assert not rig.hear(ModelLoaded("digest-x1"))
    assert not rig.hear(closed)


def test_a_crown_is_followed_in_the_same_step_and_loads_nothing() -> None:
    rig = reigning(picky)
    name = tried(rig)
    rig.hear_all(WALK[:300])
    former = rig.state.lineup_digest
    activated, dropped = rig.hear(CROWN)
    assert isinstance(activated, ChampionActivated)
    assert (activated.slot, activated.reign, activated.digest) == (SLOT, 2, "digest-x1")
    assert activated.first_bucket == rig.window.now_ms // (12 * HOUR) + 1
    assert activated.lineup == lineup_of(rig.state.lineup) != former
    assert dropped == ChallengerDropped(name, SLOT)
    assert not effects(rig.state)


def test_a_crown_repeats_what_watches_it_with_the_name_of_its_reference() -> None:
    rig = reigning()
    name = tried(rig)
    watched = replace(CROWN, trial=name, canary_rule="rule-2", canary_parameters={"slack": 0.1})
    activated, _ = rig.hear(watched)
    assert isinstance(activated, ChampionActivated)
    assert (activated.trial, activated.canary) == (name, "canary-online_learning-r2")
    assert (activated.canary_rule, activated.canary_parameters) == ("rule-2", {"slack": 0.1})
    [back] = rig.hear(ChampionRolledBack(SLOT, BOOTSTRAP, digest_of("online_learning"), 3, 0))
    assert isinstance(back, ChampionActivated)
    assert (back.trial, back.canary_rule) == ("", ""), "a restored champion is not watched"
    assert back.canary == "canary-online_learning-r3", "but who was removed decides on, warm"


def test_a_crown_of_the_same_bytes_dethrones_nobody() -> None:
    rig = reigning()
    same = replace(CROWN, digest=digest_of("online_learning"), canary_rule="rule-2")
    [activated] = rig.hear(same)
    assert isinstance(activated, ChampionActivated)
    assert (activated.canary, activated.canary_rule) == ("", "")
    assert not rig.state.branches


def test_records_of_the_release_before_keep_the_dethroned_too() -> None:
    rig = reigning()
    slot, digest = SLOT, "digest-x1"
    old = ChampionActivated(slot, 2, "v1.1.0-trained", digest, 0, "nine", 0, "", "", "", {})
    state = rig.service.evolve(rig.state, old)
    assert list(state.branches) == ["canary-online_learning-r2"]


@pytest.mark.parametrize("closed_first", [True, False])
def test_the_end_of_the_trial_may_come_before_the_crown_or_after_it(
    closed_first: bool,  # noqa: FBT001 - two cases
) -> None:
    rig = reigning()
    name = tried(rig)
    messages: list[Message] = [TrialClosed(name, SLOT, "crowned", 0), CROWN]
    said = rig.hear_all(messages if closed_first else messages[::-1])
    assert [type(event) for event in said] == [ChampionActivated, ChallengerDropped]


def test_a_crown_of_a_model_that_is_not_warm_is_not_followed() -> None:
    rig = reigning()
    rig.hear_all(WALK[:300])
    assert rig.hear(CROWN) == [ActivationFailed(SLOT, 2, "v1.1.0-trained is not warm")]
    back = ChampionRolledBack(SLOT, BOOTSTRAP, digest_of("online_learning"), 3, 0)
    [activated] = rig.hear(back)
    assert isinstance(activated, ChampionActivated)
    assert (activated.reign, activated.lineup) == (3, rig.state.lineup_digest)
    assert activated.first_bucket == 0, "the lineup is the same, and its pairs go on"
    assert not rig.state.branches


def test_the_dethroned_champion_goes_on_deciding_until_the_next_change_of_its_slot() -> None:
    rig = reigning(picky)
    tried(rig)
    rig.hear_all(WALK[:300])
    rig.hear(CROWN)
    name = "canary-online_learning-r2"
    assert list(rig.state.branches) == [name]
    assert rig.state.branches[name].digest == digest_of("online_learning")
    rig.hear_all(WALK[300:])
    last = rig.of(OpportunityDecided)[-1]
    assert [decision.branch for decision in last.decisions] == ["champion", name]
    assert [p.counted for p in rig.of(PairResolved) if p.trial == name][-1]
    tried(rig, "online_learning", 2)
    rig.hear(ChampionCrowned(SLOT, "v1.2.0", "digest-x2", 3, "promoted", 0))
    assert list(rig.state.branches) == ["canary-online_learning-r3"]


def test_a_rollback_loads_nothing_and_a_second_one_undoes_it() -> None:
    rig = reigning(picky)
    tried(rig)
    rig.hear_all(WALK[:300])
    rig.hear(CROWN)
    second = rig.state.lineup_digest
    [back] = rig.hear(ChampionRolledBack(SLOT, BOOTSTRAP, digest_of("online_learning"), 3, 0))
    assert isinstance(back, ChampionActivated)
    assert rig.state.lineup["online_learning"].digest == digest_of("online_learning")
    assert list(rig.state.branches) == ["canary-online_learning-r3"]
    rig.hear(ChampionRolledBack(SLOT, "v1.1.0-trained", "digest-x1", 4, 0))
    assert rig.state.lineup["online_learning"].digest == "digest-x1"
    assert rig.state.lineup_digest == second
    assert not effects(rig.state)


def test_an_older_reign_is_loaded_before_it_returns() -> None:
    rig = reigning()
    [request] = rig.hear(ChampionRolledBack(SLOT, "v0.9.0", "digest-old", 2, 9))
    assert isinstance(request, ModelLoadRequested)
    assert (request.how, request.reign) == ("rollback", 2)
    assert rig.state.lineup["online_learning"].number == 1, "the former goes on meanwhile"
    [activated] = rig.hear(ModelLoaded("digest-old"))
    assert isinstance(activated, ChampionActivated)
    assert (activated.reign, activated.model) == (2, "v0.9.0")


def test_an_older_reign_that_does_not_load_is_not_followed() -> None:
    rig = reigning()
    rig.hear(ChampionRolledBack(SLOT, "v0.9.0", "digest-old", 2, 9))
    for _ in range(2):
        rig.hear(ModelLoadFailed("digest-old", "digest_mismatch"))
    [failed] = rig.hear(ModelLoadFailed("digest-old", "digest_mismatch"))
    assert failed == ActivationFailed(SLOT, 2, "digest_mismatch")
    assert rig.state.lineup["online_learning"].number == 1


def test_an_open_trade_keeps_the_exits_it_was_entered_with() -> None:
    alone, rig = reigning(), reigning()
    tried(rig, "pm_optimizer", 1)
    rest = list(WALK)
    while not any(item.account == "in" for item in rig.state.open):
        bar = rest.pop(0)
        alone.hear(bar)
        rig.hear(bar)
    slot = slot_of("pm_optimizer", DESK)
    open_before = rig.state.open
    rig.hear(replace(CROWN, slot=slot))
    assert rig.state.open == open_before
    lineup = rig.of(PositionOpened)[-1].lineup
    assert lineup != rig.state.lineup_digest
    position = rig.of(PositionOpened)[-1].position
    for bar in rest[:20]:
        alone.hear(bar)
        rig.hear(bar)
    ends = [[e for e in r.said if getattr(e, "position", "") == position] for r in (alone, rig)]
    assert len(ends[0]) == 2
    assert ends[0] == ends[1]


def test_a_new_champion_ends_a_lost_reign() -> None:
    rig = reigning()
    rig.state = replace(rig.state, lost=frozenset({"online_learning"}))
    rig.hear_all(WALK[:200])
    assert not rig.of(OpportunityDecided)
    rig.hear(ChampionRolledBack(SLOT, "v0.9.0", "digest-old", 2, 9))
    rig.hear(ModelLoaded("digest-old"))
    rig.hear_all(WALK[200:])
    assert rig.of(OpportunityDecided)
    assert rig.answer is bootstrap
