"""What it costs that a library of patterns and an ensemble learn on: bytes, and time a lesson."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from bench.figures import Figure, Goal
from bench.rounds import interleave
from bench.stage import Bench
from kingmaker.contracts.codec import message_class
from kingmaker.contracts.models import PATTERN_WINDOW
from kingmaker.kernel import snapshot
from kingmaker.kernel.service import Question
from kingmaker.learners.learners.model_ensemble import ModelEnsemble, Scales
from kingmaker.learners.learners.pattern_recognition import Library, PatternRecognition, shapes_of
from kingmaker.revisions import Declaration, Numbers, fault_of, fingerprint
from kingmaker.revisions.rules import discover
from kingmaker.revisions.rules.pattern_ema_1 import SLOTS
from kingmaker.runtime.models.graph import Graph
from kingmaker.trader.state import Learner

COMPONENT = "pattern_recognition"
RULE, HEDGE = discover()["pattern_ema@1"], discover()["hedge@1"]
ASKED = 20  # questions, or lessons, a round
DIGEST, SLOT = "d" * 64, f"{COMPONENT}@btc-1h"
HOURS_OF_YEAR = 24 * 365


def measure(bench: Bench) -> Iterator[Figure]:
    """Fill a library's memory, then ask, teach and write down."""
    count = min(10_000, bench.size.pairs)
    library = _library(count)
    learner = PatternRecognition(winners_only=False, revisable=True)
    model = learner.export(library)
    graph = Graph(COMPONENT, model)
    assert graph.revisable, "it was exported to learn on"
    declaration = graph.revisable.declaration
    memory = RULE.begin(declaration)
    for place in range(min(SLOTS, count)):
        memory = RULE.step(declaration, memory, (float(place),), 0.5)
    yield from _bytes(count, declaration, memory)
    yield from _times(bench, graph, learner, library, memory)
    yield from _hours(bench)


def _bytes(count: int, declaration: Declaration, memory: Numbers) -> Iterator[Figure]:
    """Tell how large the records are, and what a snapshot holds of a memory that is full."""
    place = (float(count - 1),)
    lesson = _record("ModelRevised", row=place, label=0.5, opportunity="BTCUSDT-1700000000000")
    loaded = message_class("kingmaker.trader.v1", "UpdateRuleLoaded")(
        digest=DIGEST,
        component=COMPONENT,
        rule=declaration.rule,
        parameters=declaration.parameters,
        numbers=declaration.numbers,
    )
    every = 2 * _in_state([0.123456789] * count)
    kept = _in_state(memory) + _in_state(declaration.numbers)
    yield Figure(
        "bytes of a pattern's lesson in the log",
        lesson,
        "B",
        goal=Goal(1024),
        notes=(f"of {count:,} patterns it names one, and the digest of all that moved",),
    )
    yield Figure(
        "bytes of a learner in a snapshot, memory full",
        kept / 1024,
        "KiB",
        notes=(
            f"{len(memory):,} numbers that moved, {len(declaration.numbers):,} declared",
            f"the event that declares them has {loaded.ByteSize() / 1024:.1f} KiB, once a model",
            f"all {count:,} averages and voices would be {every / 1024:.0f} KiB",
        ),
    )


def _times(
    bench: Bench, graph: Graph, learner: PatternRecognition, library: Library, memory: Numbers
) -> Iterator[Figure]:
    """Time an answer of the plain graph against a revised one, and what a lesson takes."""
    revisable = graph.revisable
    assert revisable, "as above"
    declaration = revisable.declaration
    plain = Graph(COMPONENT, PatternRecognition(learner.winners_only).export(library))
    closes = tuple(
        float(x) for x in 100.0 + np.random.default_rng(3).standard_normal(PATTERN_WINDOW)
    )
    row = plain.layout.pack(Question("q", DIGEST, {"features": closes}).inputs)

    def asked(one: Graph, revised: bool) -> None:  # noqa: FBT001 - which of the two
        for _ in range(ASKED):
            vector = revisable.pack(RULE.vector(declaration, memory)) if revised else b""
            one.run([row], None, vector)

    def taught() -> None:
        for place in range(ASKED):
            after = RULE.step(declaration, memory, (float(place),), 0.5)
            assert not fault_of(after)
            assert not fault_of(RULE.vector(declaration, after))
            fingerprint(DIGEST, RULE.title, 1, after)

    times = interleave(
        bench.size.rounds,
        {
            "plain": partial(asked, plain, revised=False),
            "revised": partial(asked, graph, revised=True),
            "lesson": taught,
        },
    )
    each = {name: 1e6 * seconds / ASKED for name, seconds in times.items()}
    yield Figure(
        "answer of a revised library : plain",
        each["revised"] / each["plain"],
        notes=(f"{each['plain']:.0f} us plain, {each['revised']:.0f} us with its vector packed",),
    )
    yield Figure("a pattern's lesson, memory full", each["lesson"], "us")


def _hours(bench: Bench) -> Iterator[Figure]:
    """Tell what an hour of the ensemble takes, and what a year of them adds to a log."""
    flat = np.zeros(5)
    scales = Scales(flat, flat + 1.0, 1.0, 0.0, flat, flat + 1.0, flat)
    model = ModelEnsemble(100.0, revisable=True)
    declaration = model.declaration(scales)
    memory = HEDGE.begin(declaration)
    weigh = HEDGE.rebalance
    assert weigh, "it has hours"

    def hours() -> None:
        for _ in range(ASKED):
            after = weigh(declaration, memory)
            fingerprint(DIGEST, HEDGE.title, 1, after)

    seconds = interleave(bench.size.rounds, {"hour": hours})["hour"] / ASKED
    size = _record("ModelRevised", row=HEDGE.vector(declaration, memory), hour_ms=1_700_000_000_000)
    yield Figure(
        "a rebalance",
        1e6 * seconds,
        "us",
        notes=(f"its record has {size} B: {size * HOURS_OF_YEAR / 1e6:.1f} MB a market year",),
    )


def _record(name: str, **fields: object) -> int:
    """Return how many bytes an event has whose usual fields are as long as ever."""
    usual: Mapping[str, object] = {
        "slot": SLOT,
        "learner": f"{COMPONENT}-r2",
        "branch": "champion",
        "digest": DIGEST,
        "revision": 4711,
        "revised": DIGEST,
        "time_ms": 1_700_000_000_000,
    }
    event = message_class("kingmaker.trader.v1", name)(**{**usual, **fields})
    return int(event.ByteSize())


def _in_state(numbers: Sequence[float]) -> int:
    return len(snapshot.encode(Learner(COMPONENT, DIGEST, 1, tuple(numbers), DIGEST)))


def _library(count: int) -> Library:
    """Return so many patterns of pure chance."""
    random = np.random.default_rng(7)
    shapes = shapes_of(random.standard_normal((count, PATTERN_WINDOW)).cumsum(axis=1))
    returns = np.round(random.standard_normal(count), 6)
    voices = random.integers(1, 12, count)
    return Library(shapes.astype(np.float32), returns, voices, belief=0.5)
