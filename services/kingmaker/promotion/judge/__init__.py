"""The rule of promotion for anybody's two return series, without running anything else.

    from kingmaker.promotion.judge import judge

    verdict = judge(zip(champion, challenger))
    verdict.promoted, verdict.first, verdict.now.ledgers.log_evidence, verdict.sentences

It is the production rule of evidence and the production gates, pair by pair. Gates that ask a
desk or a model (frozen, in a cool-down, at fault) are named in `verdict.unasked`.
"""

from collections.abc import Iterable, Sequence

from kingmaker.promotion.judge.reign import Moved, Reign
from kingmaker.promotion.judge.stream import BadPairError, Pair, Stream
from kingmaker.promotion.judge.terms import Level, Terms
from kingmaker.promotion.judge.verdict import Health, Moment, Verdict
from kingmaker.promotion.policy import Policy

__all__ = [
    "BadPairError",
    "Health",
    "Level",
    "Moment",
    "Moved",
    "Pair",
    "Reign",
    "Stream",
    "Terms",
    "Verdict",
    "judge",
]


def judge(
    pairs: Iterable[Pair | tuple[float, float]],
    *,
    alpha: float | None = None,
    segments: Sequence[int] = (),
    canary: int | None = None,
    policy: Policy | None = None,
) -> Verdict:
    """Judge one stream of (champion, challenger) net returns; memory does not grow with it.

    A pair is what both sides earned after costs, on the same capital, in one stretch of time; a
    side that stayed out has 0. Rows on which neither traded are skipped and counted. For `alpha`,
    `segments` and `canary` see `Terms`. ValueError for terms that make no sense, BadPairError (a
    ValueError) for a row that cannot be judged.
    """
    terms = Terms(alpha, tuple(segments), canary, policy or Policy())
    stream = Stream(terms)
    for pair in pairs:
        stream.hear(pair if isinstance(pair, Pair) else Pair(*pair))
    return stream.verdict()
