"""A long stretch of one stream gives what the rule gives pair by pair, bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kingmaker.evidence.batch import stretch
from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.batch.stretch import weigh_stretch
from kingmaker.evidence.defaults import PARAMETERS
from kingmaker.evidence.rules import Ledgers, Parameters, two_ledgers_v1
from tests.evidence.batch.streams import tables
from tests.evidence.batch.test_two_ledgers import QUICK, STEEP, bits

cuts = st.lists(st.integers(0, 90), max_size=5).map(sorted)


def compare(pairs: Floats, parameters: Parameters, ends: list[int], starts: set[int]) -> None:
    """Weigh pairs of shape (pairs, 2) in stretches that end at `ends`, and one by one."""
    fast = slow = Ledgers()
    for first, end in zip([0, *ends], [*ends, len(pairs)], strict=True):
        if first in starts:
            fast, slow = two_ledgers_v1.start_segment(fast), two_ledgers_v1.start_segment(slow)
        part = pairs[first:end]
        found = weigh_stretch(fast, parameters, *part.T)
        fast = found.ledgers
        for at, pair in enumerate(part.tolist()):
            slow = two_ledgers_v1.weigh(slow, parameters, *pair)
            assert found.log_evidence[at].item().hex() == slow.log_evidence.hex()
            of_segment = found.log_evidence_of_segment[at].item()
            assert of_segment.hex() == slow.log_evidence_of_segment.hex()
        assert bits(fast) == bits(slow)


@settings(max_examples=150, deadline=None)
@given(tables(), cuts, st.sets(st.integers(0, 90)), st.sampled_from([PARAMETERS, QUICK, STEEP]))
def test_every_bit_is_the_rules_own_however_the_stream_is_cut(
    table: Floats, ends: list[int], starts: set[int], parameters: dict[str, float]
) -> None:
    pairs = table[:, :, 0]
    compare(pairs, parameters, [min(end, len(pairs)) for end in ends], starts)


def test_a_long_stream_keeps_the_bits() -> None:
    pairs = np.random.default_rng(8).standard_t(3, (6000, 2)) * 0.01
    pairs[3000:3120] = 0.0  # scales fade, and nothing is bet
    pairs[4000:4003] = [0.001, 0.9]
    compare(pairs, PARAMETERS, [17, 1003, 2500, 3050, 5555], {1003, 3050})


def test_the_rule_is_asked_only_where_blocks_do_not_follow_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the figure of the bench would be that of something else."""
    pairs = np.random.default_rng(8).standard_normal((1000, 2))
    asked: list[int] = []
    by_rule = stretch._by_rule

    def counted(ledgers: Ledgers, parameters: Parameters, *sides: Floats) -> stretch.Stretch:
        asked.append(len(sides[0]))
        return by_rule(ledgers, parameters, *sides)

    monkeypatch.setattr(stretch, "_by_rule", counted)
    weigh_stretch(Ledgers(), PARAMETERS, *pairs[:998].T)
    assert asked == [20, 3]


def test_nothing_changes_nothing() -> None:
    found = weigh_stretch(Ledgers(), PARAMETERS, np.zeros(0), np.zeros(0))
    assert (len(found.log_evidence), found.ledgers) == (0, Ledgers())
