"""Hedge: weights of scores by how they have done (Freund and Schapire 1997), in two groups.

A score earns the trade's reward if it agreed, and loses it if it spoke against. Earnings fade, so
that weights follow a market that changes; no score in a group falls below the floor, so that it can
come back. The groups share the whole by a fixed ratio; an empty one cedes its part. Only + - * /
and our own `exp`, one operation after the other: the same bits on every machine. The update rule
`hedge@1` is made of it, so it is never edited, like the rules themselves.
"""

from collections.abc import Sequence

from kingmaker.kernel.arithmetic import exp
from kingmaker.revisions import Numbers

FADE = 0.998  # of earnings, an outcome: the last 500 count most
RATE = 0.07  # sqrt(8 ln 3 / 500) / 2: the rate of the bound, for earnings in -1..1
FLOOR = 0.05  # of a group
CLOUD_SHARE = 0.7


def earned(scores: Sequence[float], reward: float) -> Numbers:
    """Return what each score, in the direction of the trade, earned by it; `reward` is in risks.

    Only its sign counts: scores have scales of their own. A reward beyond one risk counts as one; a
    score of zero abstained.
    """
    bounded = min(max(reward, -1.0), 1.0)
    return tuple([bounded if one > 0.0 else -bounded if one < 0.0 else 0.0 for one in scores])


def settle(earnings: Sequence[float], outcome: Sequence[float], *, fade: float = FADE) -> Numbers:
    """Return the earnings after one more outcome."""
    return tuple([fade * old + new for old, new in zip(earnings, outcome, strict=True)])


def weights(
    earnings: Sequence[float], present: Sequence[bool], *, rate: float = RATE, floor: float = FLOOR
) -> Numbers:
    """Return the weights of a group: they sum to 1, or are all 0 where nobody is present.

    Of `n` present each has `floor` and its part of the rest. ValueError if the floors alone
    are more than there is.
    """
    count = list(present).count(True)
    if count * floor > 1.0:
        raise ValueError(f"{count} scores of at least {floor!r} each are more than the whole")
    if not count:
        return (0.0,) * len(earnings)
    best = max([one for one, is_in in zip(earnings, present, strict=True) if is_in])
    grown = [
        exp(max(rate * (one - best), -700.0)) if is_in else 0.0
        for one, is_in in zip(earnings, present, strict=True)
    ]
    whole, rest = 0.0, 1.0 - count * floor
    for one in grown:
        whole += one
    return tuple(
        [
            floor + rest * one / whole if is_in else 0.0
            for one, is_in in zip(grown, present, strict=True)
        ]
    )


def shared(
    cloud: Sequence[float], local: Sequence[float], cloud_share: float = CLOUD_SHARE
) -> tuple[Numbers, Numbers]:
    """Return the weights of both groups in the whole; a group of zeros is empty and cedes all."""
    if not 0.0 <= cloud_share <= 1.0:
        raise ValueError(f"cloud_share={cloud_share!r}: give a number from 0 to 1")
    part = 0.0 if not any(cloud) else 1.0 if not any(local) else cloud_share
    return tuple([part * one for one in cloud]), tuple([(1.0 - part) * one for one in local])
