"""The hash over the counted pairs tells any other run of pairs apart."""

from dataclasses import replace

import pytest

from kingmaker.shadow import witness
from kingmaker.shadow.domain import PairResolved, Side

PAIR = PairResolved(
    trial="t-0001@d",
    bucket=7,
    number=3,
    lineup="nine",
    champion=Side(0.01, 2, 1),
    challenger=Side(0.0, 0, 0),
    counted=True,
    time_ms=0,
)


def test_the_same_pairs_give_the_same_hash() -> None:
    assert witness.chain("", PAIR) == witness.chain("", PAIR)
    assert len(witness.chain("", PAIR)) == 64


@pytest.mark.parametrize(
    "other",
    [
        replace(PAIR, trial="t-0002@d"),
        replace(PAIR, bucket=8),
        replace(PAIR, number=4),
        replace(PAIR, lineup="other"),
        replace(PAIR, champion=Side(0.01, 2, 2)),
        replace(PAIR, champion=Side(0.010000000000000002, 2, 1)),
        replace(PAIR, challenger=Side(-0.0, 0, 0)),
    ],
)
def test_whatever_differs_shows(other: PairResolved) -> None:
    assert witness.chain("", other) != witness.chain("", PAIR)


def test_the_order_shows() -> None:
    other = replace(PAIR, number=4)
    assert witness.chain(witness.chain("", PAIR), other) != witness.chain(
        witness.chain("", other), PAIR
    )
