"""Kills and resumes of a world, drawn by seed beside its other commands, which they do not move."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from kingmaker.kernel.lane import Draft
from tests import people
from tests.simulation.schedules import FORGED_RATE, SIGNERS
from tests.simulation.world import Happening, message, said

HOUR_MS = 3_600_000
FLATTEN_RATE, AGAIN_RATE, TURN_RATE = 0.5, 0.15, 0.7
DESKS = (*("one",) * 6, "two")  # whose desk an order names; it is the first one's risk that hears
IDS = 4  # few, so that some come again


def risk_orders(seed: int, times: Sequence[int], count: int) -> Mapping[int, Sequence[Happening]]:
    """Return so many orders to risk, in order of their times; the same seed draws the same."""
    draw = random.Random(f"risk {seed}")  # noqa: S311 - simulation, not secrets
    found: dict[int, list[Happening]] = defaultdict(list)
    kind, order = "Resume", None
    for number, time_ms in enumerate(sorted(draw.choices(times, k=count))):
        if order is None or draw.random() >= AGAIN_RATE:
            if draw.random() < TURN_RATE:
                kind = "Kill" if kind == "Resume" else "Resume"
            order = _order(draw, kind, time_ms)
        found[time_ms].append(said("risk", 0, number, time_ms, _sent(draw, order)))
    return found


def _order(draw: random.Random, kind: str, time_ms: int) -> Draft:
    flatten = {"flatten": draw.random() < FLATTEN_RATE} if kind == "Kill" else {}
    expired = draw.random() < FORGED_RATE
    return message(
        f"kingmaker.risk.v1.{kind}",
        command_id=f"k-{draw.randrange(IDS)}",
        desk=draw.choice(DESKS),
        actor="ada",
        reason="a simulation",
        issued_at_ms=time_ms,
        not_after_ms=time_ms - 1 if expired else time_ms + HOUR_MS,
        **flatten,
    )


def _sent(draw: random.Random, order: Draft) -> Draft:
    """Return an order as somebody sends it: mostly well signed, not always."""
    signer = draw.choice(SIGNERS)
    if signer == "nobody":
        return order
    sealed = people.signed(order, people.key_of(signer))
    if draw.random() < FORGED_RATE:
        return Draft(sealed.kind, sealed.value[:-1] + draw.randbytes(1))
    return sealed
