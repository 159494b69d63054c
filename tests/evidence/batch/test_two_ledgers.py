"""The rule over many streams at once is the rule: every field of every ledger, bit for bit."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kingmaker.evidence.batch import TwoLedgers
from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.defaults import PARAMETERS
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.rules import Ledgers, two_ledgers_v1
from tests.evidence.batch.streams import tables

QUICK = {**PARAMETERS, "warmup": 6.0, "sharpe_legs": 3.0, "block": 2.0, "half_life": 7.0}
STEEP = {**PARAMETERS, "stake_1": 0.0999, "stake_2": 0.05, "stake_3": 1e-6}

marks = st.sets(st.integers(0, 89), max_size=4)


def bits(ledgers: Ledgers) -> list[object]:
    """Return every field of both ledgers, floats so that each bit shows."""
    sides = (getattr(ledgers, name) for name in ("mean", "sharpe"))
    found = [getattr(side, one.name) for side in sides for one in fields(Ledger)]
    found += [ledgers.log_evidence, ledgers.log_evidence_max, ledgers.log_evidence_of_segment]
    return [x.hex() if isinstance(x, float) else (type(x), x) for x in found]


def compare(table: Floats, parameters: dict[str, float], segments: set[int]) -> None:
    """Weigh a table of shape (pairs, 2, streams) both ways and compare after every pair."""
    streams = table.shape[2]
    batch, single = TwoLedgers(streams, parameters), [Ledgers()] * streams
    chosen = np.arange(streams) % 2 == 0
    for number, (champion, challenger) in enumerate(table):
        if number in segments:
            mask = chosen if number % 2 else None
            batch.start_segment(mask)
            single = [
                two_ledgers_v1.start_segment(one) if mask is None or mask[at] else one
                for at, one in enumerate(single)
            ]
        batch.weigh(champion, challenger)
        for at in range(streams):
            pair = champion[at].item(), challenger[at].item()
            single[at] = two_ledgers_v1.weigh(single[at], parameters, *pair)
            assert bits(batch.ledgers(at)) == bits(single[at]), (number, at)
            assert batch.log_evidence_of_segment[at] == single[at].log_evidence_of_segment


@settings(max_examples=150, deadline=None)
@given(tables(), st.sampled_from([PARAMETERS, QUICK, STEEP]), marks)
def test_every_bit_of_every_ledger_is_the_rules_own(
    table: Floats, parameters: dict[str, float], segments: set[int]
) -> None:
    compare(table, parameters, segments)


def test_a_long_table_keeps_the_bits() -> None:
    chance = np.random.default_rng(20250)
    table = chance.standard_t(3, (1500, 2, 4)) * 0.01 + np.array([[0.0], [0.002]])
    compare(table, dict(PARAMETERS), {301, 600, 733})


def test_a_ruined_gambler_is_left_out_of_the_sum_as_in_the_rule() -> None:
    """The first loses all but a seven-hundredth power of e beside the third."""
    chance = np.random.default_rng(1)
    better = chance.standard_normal((40, 2, 2)) * 0.01
    worse = np.stack([np.full((2600, 2), 1.0), np.full((2600, 2), -9.0)], axis=1)
    worse *= 1.002 ** np.arange(2600).reshape(-1, 1, 1)
    table = np.concatenate([better, worse])
    compare(table, STEEP, set())
    weighed = TwoLedgers(2, STEEP)
    for champion, challenger in table:
        weighed.weigh(champion, challenger)
    wealth = weighed.mean.log_wealth
    assert (wealth[0] - wealth[2] < two_ledgers_v1.EXP_MIN).all()


def test_fewer_streams_go_on_as_if_the_others_had_never_been() -> None:
    table = np.random.default_rng(7).standard_normal((120, 2, 5))
    whole, part = TwoLedgers(5, PARAMETERS), TwoLedgers(3, PARAMETERS)
    for number, (champion, challenger) in enumerate(table):
        if number == 63:
            whole.narrow(3)
        streams = len(whole.log_evidence)
        whole.weigh(champion[:streams], challenger[:streams])
        part.weigh(champion[:3], challenger[:3])
    assert [bits(whole.ledgers(at)) for at in range(3)] == [
        bits(part.ledgers(at)) for at in range(3)
    ]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_return_that_is_no_number_is_refused_with_its_stream(bad: float) -> None:
    pair = np.array([0.0, 0.1]), np.array([0.0, bad])
    with pytest.raises(ValueError, match=r"a pair needs finite returns, .* \(stream 1\)"):
        TwoLedgers(2, PARAMETERS).weigh(*pair)


def test_parameters_that_make_no_sense_are_named() -> None:
    with pytest.raises(ValueError, match="the shares must sum to 1"):
        TwoLedgers(2, {**PARAMETERS, "share_1": 0.7})
