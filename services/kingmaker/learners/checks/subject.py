"""A learner that is checked, the product's own or a person's, and what it is given to learn from.

A person's file is what a file of `learners/learners` is: `COMPONENT`, `build(parameters)`, and
`NEEDS_BARS = True` if trades alone do not teach it; `PARAMETERS`, a dict, where it wants other ones
than its component's settings. Loading a file runs it: name files that you trust.
"""

import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any

from kingmaker.contracts.models import SIGNATURES
from kingmaker.learners import learners
from kingmaker.learners.bars import by_symbol
from kingmaker.learners.contract import Learner
from kingmaker.learners.experience import Experience, UnfitDataError
from kingmaker.learners.policy import Policy
from kingmaker.learners.training import Sources

NEEDED = ("fit", "update", "inputs", "reference", "export", "evaluate")


class OwnLearnerError(ValueError):
    """A person's learner cannot be used: which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A learner by name, and what a training of it must know."""

    name: str
    component: str
    learner: Learner[Any]
    needs_bars: bool
    parameters: Mapping[str, float]
    path: Path | None = None  # of a person's own file

    @property
    def holdout_share(self) -> float:
        """Return the share of trades that it is judged on."""
        return self.parameters["holdout_share"]

    def experience(self, sources: Sources) -> Experience:
        """Return what it would be trained on."""
        bars = by_symbol(sources.bars()) if self.needs_bars else ()
        return Experience.of(sources.trades(), bars)


def of_component(component: str) -> Subject:
    """Return the learner that ships for a component. Raises OwnLearnerError if it has none."""
    if component not in learners.names():
        raise OwnLearnerError(
            f"{component} has no learner. Name one of {', '.join(learners.names())}, or a file."
        )
    parameters = Policy().parameters(component)
    learner = learners.load(component, parameters)
    return Subject(component, component, learner, learners.needs_bars(component), parameters)


def of_file(path: Path) -> Subject:
    """Return the learner of a person's file, named like it. Raises OwnLearnerError."""
    module = _load(path)
    component = getattr(module, "COMPONENT", None)
    if not isinstance(component, str) or component not in SIGNATURES:
        raise OwnLearnerError(
            f"{path}: COMPONENT is {component!r}; give one of {', '.join(SIGNATURES)}, and one"
            f" alone: what a model takes and gives follows from it."
        )
    build = getattr(module, "build", None)
    if not callable(build):
        raise OwnLearnerError(f"{path}: it defines no build(parameters) that returns a learner.")
    own = getattr(module, "PARAMETERS", {})
    parameters = Policy().parameters(str(component)) | {name: float(own[name]) for name in own}
    needs_bars = bool(getattr(module, "NEEDS_BARS", False))
    try:
        learner = build(parameters)
    except Exception as error:
        raise OwnLearnerError(f"{path}: build(parameters) failed: {error!r}") from error
    missing = [name for name in NEEDED if not callable(getattr(learner, name, None))]
    if missing:
        raise OwnLearnerError(
            f"{path}: build(parameters) returned {type(learner).__name__}, which is no learner: it"
            f" has no {', '.join(missing)}. learners/contract.py says what each is for."
        )
    return Subject(path.stem, component, learner, needs_bars, parameters, path)


@contextmanager
def faults(subject: Subject) -> Iterator[None]:
    """Turn whatever a person's own code raises into OwnLearnerError with its place.

    What cannot be learned from the trades, UnfitDataError, goes through.
    """
    try:
        yield
    except (UnfitDataError, OwnLearnerError):
        raise
    except Exception as error:
        if subject.path is None:
            raise
        raise OwnLearnerError(f"{_place(subject.path, error)}: it failed: {error!r}") from error


def _place(path: Path, error: Exception) -> str:
    """Return the last line of the file that led to the error."""
    here = path.resolve()
    frames = extract_tb(error.__traceback__)
    lines = [one.lineno for one in frames if Path(one.filename).resolve() == here]
    return f"{path}, line {lines[-1]}" if lines else str(path)


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"own_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise OwnLearnerError(f"{path}: there is no such Python file. Name one that ends in .py.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise OwnLearnerError(f"{path}: it does not load: {error!r}") from error
    return module
