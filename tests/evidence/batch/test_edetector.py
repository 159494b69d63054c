"""The rule that watches, over many streams at once, is the rule: every field, bit for bit."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kingmaker.evidence.batch import EDetector, TwoLedgers
from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.canary_rules import edetector_v1
from kingmaker.evidence.defaults import CANARY_PARAMETERS, PARAMETERS
from kingmaker.evidence.detector import Detector
from tests.evidence.batch.streams import tables

QUICK = {
    **CANARY_PARAMETERS,
    "warmup": 6.0,
    "sharpe_legs": 3.0,
    "block": 2.0,
    "half_life": 7.0,
    "slack": 0.02,
}
BEGIN_MAX = 60


def bits(one: Detector) -> list[object]:
    """Return every field, floats so that each bit shows."""
    return [x.hex() if isinstance(x, float) else (type(x), x) for x in astuple(one)]


def compare(table: Floats, parameters: dict[str, float], begins: list[int]) -> None:
    """Watch a table of shape (pairs, 2, streams) both ways; a reign begins at each moment."""
    streams = table.shape[2]
    trial, batch = TwoLedgers(streams, PARAMETERS), EDetector(streams, parameters)
    single = [Detector()] * streams
    for number, (reference, champion) in enumerate(table):
        for which, begin in enumerate(begins):
            if number == begin:
                mask = np.arange(streams) % len(begins) == which
                batch.begin(trial, mask)
                ledgers = [trial.ledgers(at).sharpe for at in range(streams)]
                single = [
                    edetector_v1.begin(ledgers[at]) if mask[at] else one
                    for at, one in enumerate(single)
                ]
        trial.weigh(reference, champion)
        batch.watch(champion, reference)
        for at in range(streams):
            pair = champion[at].item(), reference[at].item()
            single[at] = edetector_v1.watch(single[at], parameters, *pair)
            assert bits(batch.detector(at)) == bits(single[at]), (number, at)


@settings(max_examples=120, deadline=None)
@given(
    tables().map(lambda table: np.clip(table, -1e6, 1e6)),
    st.sampled_from([dict(CANARY_PARAMETERS), QUICK]),
    st.lists(st.integers(0, BEGIN_MAX), min_size=1, max_size=3),
)
def test_every_bit_of_every_detector_is_the_rules_own(
    table: Floats, parameters: dict[str, float], begins: list[int]
) -> None:
    compare(table, parameters, begins)


def test_a_long_reign_keeps_the_bits() -> None:
    table = np.random.default_rng(20250).standard_t(3, (1200, 2, 4)) * 0.01
    table[500:, 1] -= 0.003
    compare(table, dict(CANARY_PARAMETERS), [300, 441])


def test_the_alarm_is_raised_where_the_rule_raises_it() -> None:
    table = np.random.default_rng(3).standard_normal((600, 2, 2)) * 0.01
    table[:, 1, 1] -= 0.008
    watched = EDetector(2, CANARY_PARAMETERS)
    for reference, champion in table:
        watched.watch(champion, reference)
    assert watched.alarm.tolist() == [False, True]


def test_a_slack_of_its_own_is_that_of_the_parameter() -> None:
    table = np.random.default_rng(5).standard_normal((200, 2, 3))
    trial = TwoLedgers(3, PARAMETERS)
    own, said = EDetector(3, CANARY_PARAMETERS), EDetector(3, {**CANARY_PARAMETERS, "slack": 0.07})
    own.begin(trial, slack=np.array([0.07, 0.0, 0.07]))
    for reference, champion in table:
        own.watch(champion, reference)
        said.watch(champion, reference)
    same = [bits(own.detector(at)) == bits(said.detector(at)) for at in range(3)]
    assert same == [True, False, True]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1.1e6])
def test_a_return_that_no_capital_base_can_have_is_refused_with_its_stream(bad: float) -> None:
    with pytest.raises(ValueError, match=r"a pair needs returns up to 1e\+06, .* \(stream 1\)"):
        EDetector(2, CANARY_PARAMETERS).watch(np.array([0.0, bad]), np.zeros(2))


def test_parameters_that_make_no_sense_are_named() -> None:
    with pytest.raises(ValueError, match="the shares must sum to 1"):
        EDetector(2, {**CANARY_PARAMETERS, "share_1": 0.7})
