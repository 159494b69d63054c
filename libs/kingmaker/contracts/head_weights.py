"""Weights of the nine heads as settings are written: where a change of them may go back."""

from collections.abc import Mapping, Sequence

from kingmaker.contracts.desks import COMPONENTS

FLOOR, CEILING = 0.05, 0.30  # of any weight, at any time
KEY = "heads."  # and the component
VERSION = KEY + "version"


def as_texts(weights: Sequence[float], version: int) -> dict[str, str]:
    """Return weights, given in order of components, by key: every bit, and which version it is."""
    texts = {KEY + name: repr(weight) for name, weight in zip(COMPONENTS, weights, strict=True)}
    return texts | {VERSION: str(version)}


def from_texts(values: Mapping[str, str]) -> tuple[float, ...] | None:
    """Return the weights among settings; None where not all nine are there."""
    if not all(KEY + name in values for name in COMPONENTS):
        return None
    return tuple([float(values[KEY + name]) for name in COMPONENTS])


def version_in(values: Mapping[str, str]) -> int | None:
    """Return the version of the weights among settings; None where nothing tells it."""
    return int(values[VERSION]) if VERSION in values else None
