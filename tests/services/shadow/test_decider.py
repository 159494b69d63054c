"""Shadow, told as given / when / then."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from kingmaker.contracts.desks import Desk
from kingmaker.evidence import rules
from kingmaker.evidence.rules import two_ledgers_v1
from kingmaker.evidence.tally import Tally
from kingmaker.kernel import snapshot
from kingmaker.shadow import service, witness
from kingmaker.shadow.domain import (
    ChallengerDropped,
    ChallengerWarmed,
    ChampionActivated,
    Event,
    EvidenceMeasured,
    Message,
    PairRefused,
    PairResolved,
    SegmentStarted,
    Side,
    State,
    TrialForgotten,
    TrialMeasured,
    TrialUnmeasurable,
)
from tests.evidence.rules.test_two_ledgers_v1 import PARAMETERS

SHADOW = service.build([Desk("d", 0)], 0)
TRIAL, SLOT = "t-0001@d", "online_learning@d"
WARMED = ChallengerWarmed(TRIAL, SLOT, "two_ledgers@1", PARAMETERS, "nine")
MEASURED = TrialMeasured(TRIAL, SLOT, "two_ledgers@1", PARAMETERS, "nine")


def given(*history: Event) -> State:
    """Return what shadow believes after its own history."""
    return reduce(SHADOW.evolve, history, SHADOW.initial)


def when(state: State, message: Message) -> Sequence[Event]:
    """Return what shadow says to `message`."""
    return SHADOW.decide(state, None, message, {})


def told(*messages: Message) -> tuple[State, list[Event]]:
    """Return what shadow believes, and all it said, after hearing `messages`."""
    state, said = SHADOW.initial, list[Event]()
    for message in messages:
        for event in when(state, message):
            said.append(event)
            state = SHADOW.evolve(state, event)
    return state, said


def pair(number: int, champion: float, challenger: float, **changes: object) -> PairResolved:
    """Return a counted pair of the first trial."""
    sides = Side(champion, 1, int(champion > 0)), Side(challenger, 1, int(challenger > 0))
    plain = PairResolved(TRIAL, number, number, "nine", *sides, counted=True, time_ms=number)
    return replace(plain, **changes)  # type: ignore[arg-type] # the caller names fields


def pairs(count: int, start: int = 1, **changes: object) -> list[PairResolved]:
    """Return pairs in which the challenger does a little better than a champion that swings."""
    return [
        pair(n, 0.01 * (-1) ** n, 0.01 * (-1) ** n + 0.001 * (n % 3), **changes)
        for n in range(start, start + count)
    ]


def test_a_warm_challenger_is_measured_by_the_rule_of_its_trial() -> None:
    assert when(given(), WARMED) == [MEASURED]
    assert when(given(MEASURED), WARMED) == []


@pytest.mark.parametrize(
    ("warmed", "reason"),
    [
        (replace(WARMED, rule="horoscope@3"), "no rule horoscope@3"),
        (replace(WARMED, parameters={}), "needed: half_life"),
    ],
)
def test_what_cannot_be_measured_is_said(warmed: ChallengerWarmed, reason: str) -> None:
    [unmeasurable] = when(given(), warmed)
    assert isinstance(unmeasurable, TrialUnmeasurable)
    assert reason in unmeasurable.reason
    assert given(unmeasurable) == given()


def test_a_counted_pair_becomes_evidence_with_all_that_the_next_needs() -> None:
    first, second = pair(4, 0.01, 0.02), pair(6, -0.01, 0.0)
    state, [_, one, two] = told(WARMED, first, second)
    assert isinstance(one, EvidenceMeasured)
    assert isinstance(two, EvidenceMeasured)
    assert (one.pairs, one.first_pair, one.last_pair, two.pairs) == (1, 4, 4, 2)
    assert two.pairs_hash == witness.chain(witness.chain("", first), second)
    assert two.champion == Tally(2, 0.0, 0.0002, 2, 1, 0.01, 0.01)
    assert two.time_ms == 6
    assert two.difference_squares == 0.01 * 0.01 + 0.01 * 0.01
    trial = state.trials[TRIAL]
    assert (trial.pairs, trial.mean, trial.sharpe) == (2, two.mean, two.sharpe)


def test_how_long_answers_took_is_repeated_as_the_trader_counted_it() -> None:
    _, [_, measured] = told(WARMED, pair(4, 0.01, 0.02, latencies={1_088: 3}))
    assert isinstance(measured, EvidenceMeasured)
    assert measured.latencies == {1_088: 3}


def test_the_decider_measures_what_the_library_function_measures() -> None:
    stream = pairs(120)
    state, _ = told(WARMED, *stream)
    ledgers = reduce(
        lambda before, p: two_ledgers_v1.weigh(
            before, PARAMETERS, p.champion.net, p.challenger.net
        ),
        stream,
        rules.Ledgers(),
    )
    trial = state.trials[TRIAL]
    assert (trial.mean, trial.sharpe) == (ledgers.mean, ledgers.sharpe)
    assert trial.log_evidence == ledgers.log_evidence > 0.0
    assert trial.log_evidence_max == ledgers.log_evidence_max


@pytest.mark.parametrize(
    "other",
    [
        pair(1, 0.0, 0.01, counted=False),
        pair(1, 0.0, 0.01, lineup="before"),
        pair(1, 0.0, 0.01, trial="canary-p-0009@d"),
    ],
)
def test_a_pair_that_does_not_count_changes_nothing(other: PairResolved) -> None:
    assert when(given(MEASURED), other) == []


@pytest.mark.parametrize("net", [math.nan, math.inf, -math.inf])
def test_a_return_that_is_no_number_is_passed_over_on_record_and_nothing_stops(net: float) -> None:
    good, bad = pairs(3), pair(4, 0.01, net)
    _, [_, *said] = told(WARMED, *good, bad, pair(5, 0.01, 0.02))
    refused = said[3]
    assert refused == PairRefused(TRIAL, SLOT, 4, f"the challenger's return is {net}", 4)
    _, [_, *without] = told(WARMED, *good, pair(5, 0.01, 0.02))
    assert said[4] == without[3]


def test_nobody_is_told_of_such_a_return_that_would_not_count() -> None:
    state, _ = told(WARMED)
    assert when(state, pair(4, math.nan, 0.01, counted=False)) == []
    assert when(state, pair(4, math.nan, 0.01, trial="t-0009@d")) == []


def test_a_crown_elsewhere_starts_a_segment() -> None:
    stream = pairs(63)  # 43 after the warm-up: three pairs into a block
    before, _ = told(WARMED, *stream)
    crowned = ChampionActivated("neural_ucb@d", "nine with another")
    [started] = when(before, crowned)
    log_evidence = before.trials[TRIAL].log_evidence
    assert started == SegmentStarted(TRIAL, SLOT, 2, "nine with another", log_evidence)
    assert when(SHADOW.evolve(before, started), stream[0]) == []  # entered under the lineup before
    more = pairs(2, start=64, lineup="nine with another")
    after, said = told(WARMED, *stream, crowned, *more)
    measured = said[-1]
    assert isinstance(measured, EvidenceMeasured)
    assert (measured.segment, measured.pairs, measured.champion.pairs) == (2, 65, 2)
    last_two = sum((p.challenger.net - p.champion.net) ** 2 for p in more)
    assert measured.difference_squares == pytest.approx(last_two)
    assert measured.log_evidence == told(WARMED, *pairs(65))[0].trials[TRIAL].log_evidence
    assert measured.log_evidence != log_evidence
    assert measured.log_evidence_of_segment == 0.0  # the straddling block belongs to the old one
    assert after.trials[TRIAL].mean.log_evidence_at_segment == measured.mean.log_evidence


def test_a_state_from_a_snapshot_says_the_same_in_the_same_order() -> None:
    later = replace(WARMED, trial="t-0002@d", slot="cvar_ppo@d")
    state, _ = told(later, WARMED)
    restored = snapshot.decode(State, snapshot.encode(state))
    crown = ChampionActivated("neural_ucb@d", "other nine")
    assert when(restored, crown) == when(state, crown)


def test_an_activation_that_leaves_the_lineup_as_it_was_starts_no_segment() -> None:
    assert when(given(MEASURED), ChampionActivated("neural_ucb@d", "nine")) == []


@pytest.mark.parametrize("message", [ChampionActivated(SLOT, "nine"), ChallengerDropped(TRIAL)])
def test_a_trial_whose_champion_changed_or_that_was_dropped_is_forgotten(message: Message) -> None:
    assert when(given(MEASURED), message) == [TrialForgotten(TRIAL, SLOT)]
    assert given(MEASURED, TrialForgotten(TRIAL, SLOT)) == given()


def test_a_drop_of_something_unknown_changes_nothing() -> None:
    assert when(given(), ChallengerDropped("canary-p-0009@d")) == []


@for_all(st.lists(st.tuples(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1), st.booleans())))
def test_state_and_events_survive_their_encodings(stream: list[tuple[float, float, bool]]) -> None:
    heard = [pair(n, c, x, counted=counted) for n, (c, x, counted) in enumerate(stream, start=1)]
    state, said = told(WARMED, *heard)
    assert snapshot.decode(State, snapshot.encode(state)) == state
    for event in said:
        draft = SHADOW.events.encode(event)
        assert SHADOW.events.decode(draft.kind, draft.value) == event
    assert sum(isinstance(event, EvidenceMeasured) for event in said) == sum(
        counted for *_, counted in stream
    )


@pytest.mark.parametrize("message", [WARMED, pair(1, 0.0, 0.1), ChampionActivated(SLOT, "nine")])
def test_it_reads_what_the_trader_writes(message: Message) -> None:
    draft = SHADOW.messages.encode(message)
    assert SHADOW.messages.decode(draft.kind, draft.value) == message
