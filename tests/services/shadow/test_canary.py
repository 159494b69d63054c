"""How a reign is watched, told as given / when / then."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kingmaker.evidence.canary_rules import edetector_v1
from kingmaker.evidence.defaults import CANARY_PARAMETERS, CANARY_RULE
from kingmaker.evidence.detector import Detector
from kingmaker.evidence.tally import Tally
from kingmaker.kernel import snapshot
from kingmaker.shadow.domain import (
    CanaryClosed,
    CanaryMeasured,
    CanaryOpened,
    CanaryUnmeasurable,
    ChallengerDropped,
    ChampionActivated,
    Event,
    EvidenceMeasured,
    PairResolved,
    ParameterChanged,
    ParametersRestored,
    SegmentStarted,
    State,
    TrialForgotten,
)
from tests.services.shadow.test_decider import (
    SHADOW,
    SLOT,
    TRIAL,
    WARMED,
    given,
    pair,
    pairs,
    told,
    when,
)

CANARY = "canary-online_learning-r2"
OTHER = "neural_ucb@d"
CROWNED = ChampionActivated(
    SLOT, "ten", 2, TRIAL, CANARY, CANARY_RULE, {**CANARY_PARAMETERS, "slack": 0.01}
)
RESTORED = ChampionActivated(SLOT, "nine", 3, "", "canary-online_learning-r3", "", {})


def live(number: int, champion: float, reference: float, **changes: object) -> PairResolved:
    """Return a pair of the reign."""
    return pair(number, champion, reference, **{"trial": CANARY, "lineup": "ten", **changes})


def reign(trial_pairs: int = 40) -> tuple[State, list[Event]]:
    """Return what shadow believes, and said, when a challenger is crowned after its trial."""
    return told(WARMED, *pairs(trial_pairs), CROWNED)


def hear(state: State, *messages: PairResolved) -> tuple[State, list[Event]]:
    """Return what shadow believes and says after more messages."""
    said: list[Event] = []
    for message in messages:
        for event in when(state, message):
            said.append(event)
            state = SHADOW.evolve(state, event)
    return state, said


def measured_in(events: Sequence[Event]) -> list[CanaryMeasured]:
    """Return the measurements among events."""
    return [event for event in events if isinstance(event, CanaryMeasured)]


def test_a_coronation_opens_a_watch_with_the_scales_of_its_trial() -> None:
    state, said = reign()
    evidence = [event for event in said if isinstance(event, EvidenceMeasured)][-1]
    opened, forgotten = said[-2:]
    assert isinstance(opened, CanaryOpened)
    assert opened.detector == edetector_v1.begin(evidence.sharpe)
    assert (opened.canary, opened.slot, opened.reign, opened.trial) == (CANARY, SLOT, 2, TRIAL)
    assert (opened.rule, opened.parameters["slack"]) == (CANARY_RULE, 0.01)
    assert forgotten == TrialForgotten(TRIAL, SLOT)
    assert state.canaries[CANARY].detector.n == 40


def test_a_coronation_without_a_measured_trial_is_watched_from_cold() -> None:
    [opened] = when(given(), replace(CROWNED, trial=""))
    assert isinstance(opened, CanaryOpened)
    assert opened.detector == Detector()


def test_every_counted_pair_of_the_reign_is_measured_whole() -> None:
    state, _ = reign()
    _, said = hear(state, live(1, 0.01, 0.02), live(2, -0.03, 0.01))
    first, second = measured_in(said)
    expected = edetector_v1.watch(
        state.canaries[CANARY].detector, CROWNED.canary_parameters, 0.01, 0.02
    )
    assert first.detector == expected
    assert (first.pairs, first.first_pair, first.last_pair, first.reign) == (1, 1, 1, 2)
    assert first.pairs_hash != second.pairs_hash
    assert second.champion == Tally(2, 0.01 - 0.03, 0.01 * 0.01 + 0.03 * 0.03, 2, 1, 0.01, 0.03)
    assert (second.reference.won, second.reference.sum) == (2, 0.03)
    assert (second.statistic, second.threshold) == (second.detector.statistic, 200.0)


def test_a_champion_that_turns_bad_raises_the_statistic_over_its_threshold() -> None:
    state, _ = reign(100)
    swings = [0.01 * (-1) ** n for n in range(300)]
    _, said = hear(state, *(live(n, c - 0.01 * (n % 2), c) for n, c in enumerate(swings, start=1)))
    last = measured_in(said)[-1]
    assert last.statistic > last.threshold


def test_pairs_that_do_not_count_are_not_measured() -> None:
    state, _ = reign()
    assert when(state, live(1, 0.0, 0.1, counted=False)) == []
    assert when(state, live(1, 0.0, 0.1, trial="canary-online_learning-r1")) == []


def test_a_crown_elsewhere_does_not_end_the_watch() -> None:
    state, _ = reign()
    elsewhere = ChampionActivated(OTHER, "eleven", 2, "", "canary-neural_ucb-r2", "", {})
    assert when(state, elsewhere) == []
    [measured] = when(state, live(1, 0.0, 0.1, lineup="eleven"))
    assert isinstance(measured, CanaryMeasured)
    assert measured.lineup == "eleven"


def test_the_trials_of_other_slots_start_their_segment_as_before() -> None:
    other = replace(WARMED, trial="t-0002@d", slot=OTHER)
    _, said = told(WARMED, other, CROWNED)
    assert [type(event) for event in said[-3:]] == [CanaryOpened, TrialForgotten, SegmentStarted]


def test_the_next_change_of_the_slot_ends_the_watch() -> None:
    state, _ = reign()
    assert when(state, RESTORED) == [CanaryClosed(CANARY, SLOT, 2)]
    closed = SHADOW.evolve(state, CanaryClosed(CANARY, SLOT, 2))
    assert not closed.canaries
    again = replace(CROWNED, reign=3, canary="canary-online_learning-r3")
    assert [type(event) for event in when(state, again)] == [CanaryClosed, CanaryOpened]


def test_a_reference_that_no_longer_decides_ends_the_watch() -> None:
    state, _ = reign()
    assert when(state, ChallengerDropped(CANARY)) == [CanaryClosed(CANARY, SLOT, 2)]


@pytest.mark.parametrize(
    ("activated", "reason"),
    [
        (replace(CROWNED, canary_rule="horoscope@3"), "no rule horoscope@3"),
        (replace(CROWNED, canary_parameters={}), "needed: half_life"),
    ],
)
def test_what_cannot_be_watched_is_said(activated: ChampionActivated, reason: str) -> None:
    [unmeasurable] = when(given(), activated)
    assert isinstance(unmeasurable, CanaryUnmeasurable)
    assert reason in unmeasurable.reason
    assert SHADOW.evolve(given(), unmeasurable) == given()


def test_a_watch_survives_a_snapshot_bit_for_bit() -> None:
    state, _ = hear(reign()[0], *(live(n, 0.01 * (-1) ** n, 0.007) for n in range(1, 30)))
    assert snapshot.decode(State, snapshot.encode(state)) == state


CHANGED = ParameterChanged(
    "parameters@d", 1, "canary-parameters-c0001", CANARY_RULE, CANARY_PARAMETERS, "nine"
)


def test_a_change_of_settings_is_watched_like_a_reign_from_cold() -> None:
    [opened] = when(given(), CHANGED)
    assert isinstance(opened, CanaryOpened)
    assert (opened.slot, opened.reign, opened.trial) == ("parameters@d", 1, "")
    assert opened.detector == Detector()
    state = given(opened)
    [measured] = when(state, live(1, 0.01, 0.02, trial=CHANGED.canary))
    assert isinstance(measured, CanaryMeasured)
    assert (measured.slot, measured.reign) == ("parameters@d", 1)


def test_the_next_change_or_the_end_of_this_one_ends_its_watch() -> None:
    state = given(*when(given(), CHANGED))
    closed = CanaryClosed(CHANGED.canary, CHANGED.slot, 1)
    assert when(state, ParametersRestored(CHANGED.canary)) == [closed]
    second = replace(CHANGED, number=2, canary="canary-parameters-c0002")
    assert when(state, second)[0] == closed
    assert len(when(state, second)) == 2
