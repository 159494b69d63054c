"""The descriptive sums of many streams are those of each stream, bit for bit."""

from dataclasses import astuple

import numpy as np
from hypothesis import given, settings

from kingmaker.evidence import tally
from kingmaker.evidence.batch import Tallies
from kingmaker.evidence.batch.arithmetic import Floats
from kingmaker.evidence.tally import Tally
from tests.evidence.batch.streams import tables


def bits(one: Tally) -> list[object]:
    """Return every field, floats so that each bit shows."""
    return [x.hex() if isinstance(x, float) else (type(x), x) for x in astuple(one)]


def one_more(before: Tally, net: float) -> Tally:
    """Return the sums after one more pair, a trade where there is a return."""
    return tally.add(before, net, int(net != 0.0), int(net > 0.0))


@settings(max_examples=60, deadline=None)
@given(tables())
def test_every_bit_of_every_sum_is_the_tallys_own(table: Floats) -> None:
    streams = table.shape[2]
    batch, single = Tallies(streams), [[Tally()] * streams, [Tally()] * streams]
    for pair in table:
        batch.add(*pair)
        for of, side, nets in zip(
            single, (batch.champion, batch.challenger), pair.tolist(), strict=True
        ):
            of[:] = [one_more(before, net) for before, net in zip(of, nets, strict=True)]
            assert [bits(side.tally(at)) for at in range(streams)] == [bits(one) for one in of]


def test_a_segment_begins_with_nothing_where_it_begins() -> None:
    tallies = Tallies(3)
    tallies.add(np.array([0.1, 0.2, 0.3]), np.array([0.1, -0.2, 0.0]))
    tallies.start_segment(np.array([True, False, False]))
    assert tallies.challenger.tally(0) == Tally()
    assert tallies.challenger.tally(1) == Tally(1, -0.2, 0.2 * 0.2, 1, 0, 0.0, 0.2)
    tallies.narrow(2)
    assert tallies.champion.pairs.tolist() == [0, 1]
    tallies.start_segment()
    assert tallies.champion.tally(1) == Tally()


def test_rates_without_trades_or_variation_are_zero() -> None:
    tallies = Tallies(2)
    for _ in range(2):
        tallies.add(np.array([0.25, 0.25]), np.array([0.0, -0.5]))
    assert tallies.champion.sharpe.tolist() == [0.0, 0.0]
    assert tallies.challenger.win_rate.tolist() == [0.0, 0.0]
    assert tallies.champion.win_rate.tolist() == [1.0, 1.0]
