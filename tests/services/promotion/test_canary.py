"""The champion under watch: what warns, what takes the crown back, and what cannot stop it."""

from dataclasses import replace

import pytest

from kingmaker.evidence.defaults import CANARY_PARAMETERS, CANARY_RULE
from kingmaker.evidence.tally import Tally
from kingmaker.promotion.canary import NOTICES
from kingmaker.promotion.domain import Watch
from kingmaker.promotion.heard import (
    CanaryMeasured,
    CanaryUnmeasurable,
    ChallengerDropped,
    ChallengerFaulted,
    ChampionFaulted,
    ChampionLost,
)
from kingmaker.promotion.said import (
    CanaryEnded,
    CanaryWarned,
    ChampionCrowned,
    ChampionRolledBack,
    Finding,
    RollbackImpossible,
)
from tests.services.promotion.story import (
    BOOTSTRAP,
    CHAMPION,
    MINUTE_MS,
    SLOT,
    START_MS,
    TRAINED,
    Story,
    activated,
    begun,
    direct,
    freeze,
    kinds,
    measured,
    rollback,
    settings,
    tried,
)

CANARY = "canary-online_learning-r2"
REFERENCE = Tally(pairs=50, sum=0.5, squares=0.05, taken=40, won=20, drawdown_max=0.10)
WORSE = replace(REFERENCE, won=10)
DETHRONED = replace(REFERENCE, sum=0.1, won=18)
ALARM = 250.0


def reigning(**policy: str) -> Story:
    """Return a desk whose challenger was crowned by evidence, and whose trader follows."""
    story = tried(**policy)
    evidence = measured(champion=DETHRONED, challenger=REFERENCE)
    story.hear(evidence, replace(activated(), canary=CANARY))
    return story


def watched(
    statistic: float = 10.0, champion: Tally = REFERENCE, **changes: object
) -> CanaryMeasured:
    """Return the watch after fifty pairs."""
    plain = CanaryMeasured(
        CANARY, SLOT, 2, 50, statistic, 200.0, champion, REFERENCE, START_MS + MINUTE_MS
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # the caller names fields


def test_by_default_nothing_is_forgiven() -> None:
    crowned, *_ = tried().hear(measured())
    assert isinstance(crowned, ChampionCrowned)
    assert crowned.canary_parameters == CANARY_PARAMETERS


def test_a_coronation_names_its_watch_and_the_slack_it_grants() -> None:
    story = tried(**{"canary.slack": "0.15"})
    crowned, *_ = story.hear(measured())
    assert isinstance(crowned, ChampionCrowned)
    assert crowned.canary_rule == CANARY_RULE
    mean = CHAMPION.sum / 400
    deviation = ((CHAMPION.squares - CHAMPION.sum * mean) / 399) ** 0.5
    assert crowned.canary_parameters["slack"] == pytest.approx(0.15 * mean / deviation)
    assert {**crowned.canary_parameters, "slack": 0.0} == CANARY_PARAMETERS


def test_a_losing_predecessor_grants_no_slack() -> None:
    story = tried(**{"canary.slack": "0.15"})
    crowned, *_ = story.hear(measured(champion=replace(CHAMPION, sum=-0.4)))
    assert isinstance(crowned, ChampionCrowned)
    assert crowned.canary_parameters["slack"] == 0.0


def test_a_sharpe_ratio_beyond_belief_does_not_excuse_everything() -> None:
    story = tried(**{"canary.slack": "0.15"})
    steady = Tally(pairs=400, sum=0.4, squares=0.00045, taken=380, won=190, drawdown_max=0.1)
    steadier = replace(steady, squares=0.00041, won=200)
    crowned, *_ = story.hear(measured(champion=steady, challenger=steadier))
    assert isinstance(crowned, ChampionCrowned)
    assert crowned.canary_parameters["slack"] == 0.15


def test_a_direct_coronation_is_watched_like_any_other() -> None:
    story = tried()
    story.hear(direct(), replace(activated(), canary=CANARY))
    assert story.slot.watch == Watch(CANARY)
    assert "ChampionRolledBack" in kinds(story.hear(watched(ALARM, WORSE)))


def test_alarm_and_15_percent_take_the_crown_back_with_every_number() -> None:
    story = reigning()
    warned, back = story.hear(watched(ALARM, WORSE))
    assert isinstance(warned, CanaryWarned)
    assert isinstance(back, ChampionRolledBack)
    assert (back.trigger, back.from_model, back.to_model) == ("canary", TRAINED, BOOTSTRAP)
    assert (back.reign, back.canary, back.actor) == (3, CANARY, "")
    assert [one.gate for one in back.findings] == ["edetector", "win_rate", "sharpe", "drawdown"]
    assert back.findings[0] == Finding("edetector", ALARM, 200.0, 50, passed=False, advisory=False)
    assert back.findings[1] == Finding("win_rate", 0.25, 0.425, 40, passed=False, advisory=False)
    assert "edetector 250, limit 200; win_rate 0.25, limit 0.425" in back.reason
    assert story.slot.champion.model == BOOTSTRAP
    assert story.slot.rolled_back_ms == START_MS + MINUTE_MS, "nobody is crowned for a while"
    assert story.slot.watch is None


def test_the_alarm_alone_takes_nothing_back() -> None:
    story = reigning()
    assert story.hear(watched(ALARM)) == []
    assert story.slot.champion.model == TRAINED


def test_the_15_percent_rule_alone_warns_when_its_limits_change() -> None:
    story = reigning()
    [warned] = story.hear(watched(champion=WORSE))
    assert isinstance(warned, CanaryWarned)
    assert (warned.breached, warned.reign, warned.canary) == (("win_rate",), 2, CANARY)
    assert story.hear(watched(champion=WORSE)) == []
    both = replace(WORSE, drawdown_max=0.2)
    [more] = story.hear(watched(champion=both))
    assert isinstance(more, CanaryWarned)
    assert more.breached == ("win_rate", "drawdown")
    [over] = story.hear(watched())
    assert isinstance(over, CanaryWarned)
    assert over.breached == ()


def test_a_champion_is_held_to_the_record_that_crowned_it() -> None:
    story = reigning()
    poor = replace(REFERENCE, won=1, sum=-1.0, drawdown_max=2.0)
    assert kinds(story.hear(watched(ALARM, WORSE, reference=poor))) == [
        "CanaryWarned",
        "ChampionRolledBack",
    ]


def test_who_was_crowned_without_evidence_is_held_to_the_one_before() -> None:
    story = tried()
    story.hear(direct(), replace(activated(), canary=CANARY))
    poor = replace(REFERENCE, won=1, sum=-1.0, drawdown_max=2.0)
    assert story.hear(watched(ALARM, WORSE, reference=poor)) == []
    assert kinds(story.hear(watched(ALARM, WORSE)))[:2] == ["CanaryWarned", "ChampionRolledBack"]


def test_the_detector_may_be_asked_alone() -> None:
    story = reigning(canary__rule="edetector")
    [back] = story.hear(watched(ALARM))
    assert isinstance(back, ChampionRolledBack)
    assert (back.trigger, back.notice) == ("canary", "")


def test_the_classic_rule_is_stamped_with_its_defect() -> None:
    story = reigning(canary__rule="classic_15pct")
    _, back = story.hear(watched(champion=WORSE))
    assert isinstance(back, ChampionRolledBack)
    assert back.trigger == "canary"
    assert back.notice == NOTICES["classic_15pct"]
    assert "89 %" in back.notice


@pytest.mark.parametrize(
    ("key", "champion", "limit"),
    [
        ("canary__hard_drawdown", Tally(3, 0.0, 0.01, 3, 1, drawdown_max=0.3), "hard_drawdown"),
        ("canary__hard_loss", Tally(3, -0.3, 0.01, 3, 1), "hard_loss"),
    ],
)
def test_a_hard_limit_alone_takes_the_crown_back(key: str, champion: Tally, limit: str) -> None:
    story = reigning(**{key: "0.25"})
    [back] = story.hear(watched(champion=champion))
    assert isinstance(back, ChampionRolledBack)
    assert back.trigger == "hard_limit"
    assert [one.gate for one in back.findings if not one.passed] == [limit]
    assert "no test" in back.notice


def faulted(faults: int, reign: int = 2) -> ChampionFaulted:
    """Return the trader's word that the champion failed."""
    return ChampionFaulted(SLOT, reign, "timeout", faults, START_MS)


def test_three_faults_in_a_row_take_the_crown_back() -> None:
    story = reigning()
    assert story.hear(faulted(1), faulted(2)) == []
    [back] = story.hear(faulted(3))
    assert isinstance(back, ChampionRolledBack)
    assert (back.trigger, back.to_model) == ("champion_faults", BOOTSTRAP)
    assert back.findings == (Finding("champion_faults", 3.0, 3.0, 3, passed=False, advisory=False),)
    assert story.hear(ChampionLost(SLOT, 2, "timeout")) == [], "its reign is over already"


def test_how_many_faults_is_a_setting() -> None:
    story = reigning(canary__max_faults="5")
    assert story.hear(faulted(3), faulted(4)) == []
    assert kinds(story.hear(faulted(5))) == ["ChampionRolledBack"]


def test_faults_of_an_earlier_reign_are_over() -> None:
    assert reigning().hear(faulted(3, reign=1)) == []


def test_a_freeze_does_not_stop_it() -> None:
    story = reigning()
    story.hear(freeze())
    assert "ChampionRolledBack" in kinds(story.hear(watched(ALARM, WORSE)))


def test_a_reign_that_the_trader_has_not_answered_does_not_stop_it() -> None:
    story = tried()
    story.hear(measured())
    assert not story.slot.settled
    assert "ChampionRolledBack" in kinds(story.hear(watched(ALARM, WORSE)))


def test_what_was_measured_of_an_earlier_reign_is_not_judged() -> None:
    story = reigning()
    assert story.hear(watched(ALARM, WORSE, reign=1)) == []
    story.hear(rollback())
    assert story.hear(watched(ALARM, WORSE)) == []


def test_a_restored_champion_is_not_watched() -> None:
    story = reigning()
    story.hear(rollback(), replace(activated(reign=3), canary="canary-online_learning-r3"))
    assert story.slot.watch is None
    assert story.hear(watched(ALARM, WORSE, reign=3)) == []


def test_bootstrap_is_not_watched_and_its_faults_are_told() -> None:
    story = begun()
    assert story.slot.watch is None
    [impossible] = story.hear(faulted(3, reign=1))
    assert isinstance(impossible, RollbackImpossible)
    assert impossible.trigger == "champion_faults"
    assert story.slot.champion.model == BOOTSTRAP
    assert story.hear(faulted(4, reign=1), ChampionLost(SLOT, 1, "timeout")) == []


def test_without_a_predecessor_that_works_the_champion_stays_and_it_is_said_once() -> None:
    story = reigning()
    slot = replace(story.slot, failed=frozenset({BOOTSTRAP}))
    story.state = replace(story.state, slots={**story.state.slots, SLOT: slot})
    assert kinds(story.hear(watched(ALARM, WORSE))) == ["CanaryWarned", "RollbackImpossible"]
    assert story.hear(watched(ALARM, WORSE)) == []
    assert (story.slot.champion.model, story.slot.stuck) == (TRAINED, True)


def test_the_classic_watch_ends_after_its_minutes() -> None:
    story = reigning(canary__rule="classic_15pct", canary__minutes="60")
    late = START_MS + 61 * MINUTE_MS
    [ended] = story.hear(watched(champion=WORSE, time_ms=late))
    assert ended == CanaryEnded(SLOT, 2, CANARY, "minutes", late)
    assert story.hear(watched(ALARM, WORSE, time_ms=late)) == []
    assert story.slot.champion.model == TRAINED


def test_by_default_the_watch_lasts_as_long_as_the_reign() -> None:
    story = reigning()
    years = START_MS + 5_000_000 * MINUTE_MS
    assert "ChampionRolledBack" in kinds(story.hear(watched(ALARM, WORSE, time_ms=years)))


@pytest.mark.parametrize(
    "lost", [ChallengerDropped(CANARY), ChallengerFaulted(CANARY, "timeout", 3, START_MS)]
)
def test_a_reference_that_is_gone_ends_the_watch(
    lost: ChallengerDropped | ChallengerFaulted,
) -> None:
    story = reigning()
    assert story.hear(ChallengerFaulted(CANARY, "timeout", 2, START_MS)) == []
    [ended] = story.hear(lost)
    assert isinstance(ended, CanaryEnded)
    assert (ended.reason, ended.reign) == ("reference_dropped", 2)
    assert story.hear(watched(ALARM, WORSE)) == []


def test_a_watch_that_shadow_cannot_keep_ends() -> None:
    story = reigning()
    assert story.hear(CanaryUnmeasurable(CANARY, SLOT, 1, "no rule")) == []
    [ended] = story.hear(CanaryUnmeasurable(CANARY, SLOT, 2, "no rule"))
    assert isinstance(ended, CanaryEnded)
    assert ended.reason == "unmeasurable"


def test_new_settings_hold_from_the_next_pair_on() -> None:
    story = reigning()
    assert story.hear(watched(ALARM)) == []
    story.hear(settings(canary__rule="edetector"))
    assert kinds(story.hear(watched(ALARM))) == ["ChampionRolledBack"]


def test_a_removed_champion_may_be_brought_back_by_a_person_only() -> None:
    story = reigning()
    story.hear(watched(ALARM, WORSE), activated(reign=3, model=BOOTSTRAP))
    _, back, *_ = story.hear(rollback())
    assert isinstance(back, ChampionRolledBack)
    assert (back.to_model, back.trigger) == (TRAINED, "person")
