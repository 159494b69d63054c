"""A declaration as text: what a model's metadata says under `km.revision`."""

import json
from math import isfinite
from typing import Any

from kingmaker.revisions import Declaration, UnusableDeclarationError

KEY = "km.revision"
INPUT = "revision"  # the graph's input: an initialiser that may be given another value
CHARACTERS_MAX = 1 << 20


def write(declaration: Declaration) -> str:
    """Return it as text: the same declaration gives the same text, and no bit is lost."""
    return json.dumps(
        {
            "rule": declaration.rule,
            "parameters": dict(sorted(declaration.parameters.items())),
            "numbers": declaration.numbers,
        },
        separators=(",", ":"),
        allow_nan=False,
    )


def read(text: str) -> Declaration:
    """Return what `write` was given; UnusableDeclarationError names what is wrong."""
    if len(text) > CHARACTERS_MAX:
        raise UnusableDeclarationError(
            f"{KEY} has {len(text)} characters: {CHARACTERS_MAX} at most"
        )
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnusableDeclarationError(f"{KEY} is not JSON: {error}") from error
    match said:
        case {"rule": str(rule), "parameters": dict(parameters), "numbers": list(numbers)}:
            named = {str(name): _real(value) for name, value in parameters.items()}
            return Declaration(rule, named, tuple([_real(value) for value in numbers]))
        case _:
            raise UnusableDeclarationError(f"{KEY} names no rule, parameters and numbers")


def _real(value: Any) -> float:  # noqa: ANN401 - of any JSON
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return float(value)
    raise UnusableDeclarationError(f"{KEY}: {value!r} is no finite number"[:200])
