"""Outcomes made up for the jobs that look back: worlds of noise, and some with a head of skill."""

import random

from kingmaker.learners.heads import DAY_MS, Heads, Seen

TODAY = 1000  # days since 1970-01-01
MIDNIGHT_MS = TODAY * DAY_MS
HOLDING_MS = DAY_MS // 4
CONFLUENCE_MIN = 0.70
SKILLED = 4  # the place of the head that may have skill


def world(seed: int, outcomes: int, days: int, skill: float = 0.0) -> Heads:
    """Return a desk with so many outcomes in the days before `MIDNIGHT_MS`.

    `skill`: how often the skilled head knows the sign of the return; else it guesses like the rest.
    """
    draw = random.Random(seed)  # noqa: S311 - no secret
    by_day: dict[int, tuple[Seen, ...]] = {}
    for _ in range(outcomes):
        decided_ms = int((TODAY - days + draw.random() * days) * DAY_MS)
        net = draw.gauss(0.0003, 0.01)
        knows = draw.random() < skill
        agrees = [True, *[draw.random() < 0.7 for _ in range(8)]]
        if knows:
            agrees[SKILLED] = net > 0.0
        sure = [draw.random() for _ in range(9)]
        if skill:
            sure[SKILLED] = 0.3 + 0.7 * sure[SKILLED]
        heads = tuple([c if yes else -c for c, yes in zip(sure, agrees, strict=True)])
        resolved_ms = min(decided_ms + int(draw.random() * HOLDING_MS), MIDNIGHT_MS)
        seen = Seen(
            heads,
            net,
            taken=True,
            decided_ms=decided_ms,
            time_ms=resolved_ms,
            confluence_min=CONFLUENCE_MIN,
        )
        day = resolved_ms // DAY_MS
        by_day[day] = (*by_day.get(day, ()), seen)
    return Heads(outcomes=outcomes, days=by_day)
