"""What the evidence after one more pair costs, and whether it grows with the pairs before."""

import random
import time
from collections.abc import Iterator, Sequence
from statistics import median

from bench.figures import Figure, Goal
from bench.stage import Bench
from kingmaker.contracts.desks import Desk
from kingmaker.evidence.defaults import PARAMETERS
from kingmaker.evidence.rules import Ledgers, two_ledgers_v1
from kingmaker.kernel.service import Service
from kingmaker.shadow import service
from kingmaker.shadow.domain import ChallengerWarmed, Event, Message, PairResolved, Side, State

type Shadow = Service[State, None, Message, Event]

US = 1e6
TRIAL, SLOT, LINEUP = "t-0001@bench", "online_learning@bench", "nine"
BATCH = 200  # pairs timed as one
EARLY, PARTS = 1_000, 100


def measure(bench: Bench) -> Iterator[Figure]:
    """Let the production shadow decide and learn every pair of a long trial."""
    batches = _seconds_a_batch(bench.size.pairs)
    rule_us = US * _seconds_of_rule(bench.size.pairs)
    early = max(1, min(EARLY // BATCH, len(batches)))
    last = max(1, len(batches) // PARTS)
    first_us = US * median(batches[:early]) / BATCH
    last_us = US * median(batches[-last:]) / BATCH
    yield Figure(
        "evidence after one more pair: the rule",
        rule_us,
        "us",
        Goal(20.0),
        ("two ledgers, as an audit recomputes them",),
    )
    yield Figure(
        "  with all that shadow does for a pair",
        US * median(batches) / BATCH,
        "us",
        Goal(20.0),
        ("decided and learned: also tallies, the hash of the pairs, the new state",),
    )
    yield Figure(
        f"  its growth from pair {early * BATCH:,} to {len(batches) * BATCH:,}",
        last_us / first_us,
        "x",
        Goal(1.1),
        (f"{first_us:.1f} us, then {last_us:.1f} us",),
    )


def _seconds_a_batch(pairs: int) -> list[float]:
    shadow = service.build([Desk("bench", 0)], 0)
    state = shadow.initial
    state = _hear(state, ChallengerWarmed(TRIAL, SLOT, "two_ledgers@1", PARAMETERS, LINEUP), shadow)
    batches = []
    for batch in _pairs(pairs):
        began = time.process_time()
        for pair in batch:
            state = _hear(state, pair, shadow)
        batches.append(time.process_time() - began)
    return batches


def _seconds_of_rule(pairs: int) -> float:
    """Return the median seconds of one pair for the rule alone."""
    weigh, ledgers = two_ledgers_v1.RULE.weigh, Ledgers()
    batches = []
    for batch in _pairs(pairs):
        returns = [(pair.champion.net, pair.challenger.net) for pair in batch]
        began = time.process_time()
        for champion, challenger in returns:
            ledgers = weigh(ledgers, PARAMETERS, champion, challenger)
        batches.append(time.process_time() - began)
    return median(batches) / BATCH


def _hear(state: State, message: Message, shadow: Shadow) -> State:
    for event in shadow.decide(state, None, message, {}):
        state = shadow.evolve(state, event)
    return state


def _pairs(count: int) -> Iterator[Sequence[PairResolved]]:
    """Yield made-up pairs, the challenger no better."""
    chance = random.Random(1)  # noqa: S311 - not secret: the same pairs in every run
    for first in range(1, count + 1, BATCH):
        yield [
            PairResolved(
                TRIAL,
                number,
                number,
                LINEUP,
                Side(chance.gauss(0.0, 0.01), 3, 1),
                Side(chance.gauss(0.0, 0.01), 2, 1),
                counted=True,
                time_ms=number * 3_600_000,
            )
            for number in range(first, first + BATCH)
        ]
