"""How a model goes on learning, trade by trade, without becoming another model.

What is crowned is a learner with its update rule. The rule's numbers are declared inside the bytes
of the model (`declaration`); whoever decides with it folds one closed trade after the other into
them, and hands what came of it to the graph, in place of the numbers that it was exported with.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from kingmaker.kernel.frozen import quick

LARGEST = 1e9  # of any number of a memory: beyond it no product of float32 can be trusted

type Numbers = tuple[float, ...]


@quick
@dataclass(frozen=True, slots=True)
class Declaration:
    """What a model says of how it learns: a rule by title, its parameters, and where it begins."""

    rule: str
    parameters: dict[str, float]
    numbers: Numbers


class UnusableDeclarationError(ValueError):
    """A declaration names no known rule, or numbers that its rule cannot begin with."""


def fault_of(memory: Numbers) -> str:
    """Return why nothing may be decided by this memory; "" if it is sound."""
    for place, number in enumerate(memory):
        if not isfinite(number) or abs(number) > LARGEST:
            return f"number {place} would be {number:g}, and {LARGEST:g} is the most"
    return ""


def fingerprint(digest: str, rule: str, revision: int, memory: Numbers) -> str:
    """Return what tells a revision from all others: SHA-256 over the model, the rule and all."""
    head = f"{digest}/{rule}/{revision}/".encode()
    return hashlib.sha256(head + struct.pack(f"<{len(memory)}d", *memory)).hexdigest()


def missing(parameters: Mapping[str, float], names: tuple[str, ...]) -> str:
    """Return which parameters are not there or no positive numbers; "" if all are."""
    bad = [
        name
        for name in names
        if not (isfinite(parameters.get(name, -1.0)) and parameters.get(name, -1.0) > 0.0)
    ]
    return f"{', '.join(bad)} must be a number above zero" if bad else ""
