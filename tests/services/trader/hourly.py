"""A desk whose ensemble weighs anew every hour and whose library learns on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.revisions import Declaration
from kingmaker.trader.heard import ApplyPolicy, BarClosed, ChampionCrowned, ModelLoaded
from kingmaker.trader.said import OpportunityDecided, OpportunityResolved
from tests.revisions.declarations import ensemble, library
from tests.services.trader.desk import (
    BOOTSTRAP,
    DESK,
    FREE,
    Ask,
    Rig,
    bootstrap,
    component_in,
    digest_of,
    reigning,
    row_of,
    trial,
    walk,
)

WALK = list(walk(500))
MINUTES_MS = 300_000
ON = {**FREE, "learning.revisions": "model_ensemble,pattern_recognition"}
PATTERNS = 40
DECLARED: Mapping[str, Declaration] = {
    digest_of("model_ensemble"): ensemble(),
    digest_of("pattern_recognition"): library(),
    "digest-x1": ensemble(0.0, 0.0, -9.0, 9.0, 0.0),
    "digest-x2": library(*[5] * PATTERNS),
}


def small(bars: Sequence[BarClosed]) -> list[BarClosed]:
    """Return the same bars as bars of five minutes."""
    return [
        replace(bar, interval_ms=MINUTES_MS, open_ms=number * MINUTES_MS)
        for number, bar in enumerate(bars)
    ]


@cache
def outcomes(bars: tuple[BarClosed, ...]) -> Mapping[float, float]:
    """Return what prices did after each opportunity, by the price it was decided at."""
    rig = reigning(values=FREE)
    rig.hear_all(bars)
    prices = {one.opportunity: one.price for one in rig.of(OpportunityDecided)}
    resolved = rig.of(OpportunityResolved)
    return {prices[one.opportunity]: one.direction * one.signal_net for one in resolved}


def knowing(bars: Sequence[BarClosed]) -> Ask:
    """Let the pattern's score know the future; the chance of a win knows the contrary.

    A window is most like the pattern of its last digit; the fewest are alike enough to be it.
    """
    known = outcomes(tuple(bars))

    def answer(question: Question) -> Answer | Fault:
        component = component_in(question)
        if component == "pattern_recognition":
            close = row_of(question)[-1]
            moves = known.get(close, 0.0)
            alike, place = (0.99, 0.5)[int(close * 100) % 2], float(int(close * 10) % PATTERNS)
            near = {"similarity": (alike,) * 16, "index": (place,) * 16}
            return Answer({"score": (0.01 if moves > 0.0 else -0.01,), **near})
        if component == "online_learning":
            return Answer({"score": (0.45,)})
        if component == "model_ensemble":
            return Answer({"score": (blended(question),)})
        return bootstrap(question)

    return answer


def blended(question: Question) -> float:
    """Return weights times scores, as the graph of an ensemble does."""
    total = 0.0
    for group in ("cloud", "local"):
        for score, weight in zip(
            question.inputs[group], question.inputs[f"w_{group}"], strict=True
        ):
            assert isinstance(score, float)
            assert isinstance(weight, float)
            total += score * weight
    return total


def loaded(digest: str) -> ModelLoaded:
    """Return the fact that these bytes serve, with what they declare."""
    said = DECLARED.get(digest)
    if said is None:
        return ModelLoaded(digest)
    return ModelLoaded(digest, 0, said.rule, said.parameters, said.numbers)


def learning(
    bars: Sequence[BarClosed] = WALK,
    values: dict[str, str] | None = None,
    ask: Ask | None = None,
) -> Rig:
    """Return a trader whose champions reign, and whose ensemble and library learn on."""
    rig = Rig(ask or knowing(bars))
    rig.hear(ApplyPolicy("policy", ON if values is None else values))
    for component in COMPONENTS:
        slot = slot_of(component, DESK)
        rig.hear(ChampionCrowned(slot, BOOTSTRAP, digest_of(component), 1, "bootstrap", 0))
    for component in COMPONENTS:
        rig.hear(loaded(digest_of(component)))
    return rig


def challenge(rig: Rig, component: str, number: int) -> str:
    """Let a challenger that learns decide in shadow; return its trial."""
    opened = trial(component, number, rig.window.now_ms)
    rig.hear(opened)
    rig.hear(loaded(opened.challenger_digest))
    return opened.trial
