"""A desk whose win probability learns from every trade: models that answer by their revision."""

from dataclasses import replace

from kingmaker.contracts.desks import COMPONENTS, slot_of
from kingmaker.kernel.arithmetic import exp
from kingmaker.kernel.service import Answer, Fault, Question
from kingmaker.revisions import Declaration, Numbers
from kingmaker.revisions.rules import discover
from kingmaker.trader.heard import ApplyPolicy, ChampionCrowned, ModelLoaded
from tests.revisions.declarations import bandit, logistic
from tests.services.trader.desk import (
    BOOTSTRAP,
    DESK,
    FREE,
    Rig,
    bootstrap,
    component_in,
    digest_of,
    row_of,
    trial,
)

ON = {**FREE, "learning.revisions": "neural_ucb,online_learning"}
DECLARED: dict[str, Declaration] = {
    digest_of("online_learning"): logistic(0.05),
    digest_of("neural_ucb"): bandit(),
    "digest-x1": logistic(-0.4),
    "digest-x2": logistic(0.4),
}


def answering(question: Question) -> Answer | Fault:
    """Answer like the bootstrap; the win probability by its weights, revised or as exported."""
    if component_in(question) != "online_learning":
        return bootstrap(question)
    weights = vector_of(question)
    logit = weights[-1]
    for weight, x in zip(weights, row_of(question), strict=False):
        logit += weight * x
    return Answer({"score": (1.0 / (1.0 + exp(-logit)),)})


def vector_of(question: Question) -> Numbers:
    """Return what the graph of a question takes."""
    declaration = DECLARED[question.model]
    rule = discover()[declaration.rule]
    return question.revision or rule.vector(declaration, rule.begin(declaration))


def loaded(digest: str) -> ModelLoaded:
    """Return the fact that these bytes serve, with what they declare."""
    said = DECLARED.get(digest)
    return (
        ModelLoaded(digest, 0, said.rule, said.parameters, said.numbers)
        if said
        else ModelLoaded(digest)
    )


def learning(values: dict[str, str] | None = None) -> Rig:
    """Return a trader whose champions reign, two of which go on learning."""
    rig = Rig(answering)
    rig.hear(ApplyPolicy("policy", ON if values is None else values))
    for component in COMPONENTS:
        slot = slot_of(component, DESK)
        rig.hear(ChampionCrowned(slot, BOOTSTRAP, digest_of(component), 1, "bootstrap", 0))
    for component in COMPONENTS:
        rig.hear(loaded(digest_of(component)))
    return rig


def challenge(rig: Rig, number: int = 1) -> str:
    """Let a challenger that learns decide in shadow; return its trial."""
    opened = replace(trial(number=number, time_ms=rig.window.now_ms))
    rig.hear(opened)
    rig.hear(loaded(opened.challenger_digest))
    return opened.trial
