"""The checks of learners as the command line calls them: sources in, plain records out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kingmaker.learners import learners
from kingmaker.learners.checks import fare as faring
from kingmaker.learners.checks import leakage as leaking
from kingmaker.learners.checks import lookahead as looking
from kingmaker.learners.checks.subject import Subject, faults, of_component, of_file
from kingmaker.learners.training import Sources

LEARNER = "learner"

type Tell = Callable[[str, int], None]  # hears whose turn it is, and how far it is


def lookahead(
    sources: Sources, files: Sequence[Path], components: Sequence[str], tell: Tell
) -> Iterator[dict[str, Any]]:
    """Yield a record for each learner: of the files, else of the components (none: all).

    Raises OwnLearnerError where one cannot be used, UnfitDataError where the trades cannot.
    """
    for subject in _subjects(files, components):
        with faults(subject):
            checked = looking.check(subject, subject.experience(sources), _of(subject, tell))
        ok = checked.difference is None and not checked.reason
        yield {"kind": LEARNER, **asdict(checked), "ok": ok}


def leakage(
    sources: Sources, files: Sequence[Path], components: Sequence[str], rounds: int, tell: Tell
) -> Iterator[dict[str, Any]]:
    """Yield a record for each learner, as above."""
    for subject in _subjects(files, components):
        batch = subject.experience(sources)
        with faults(subject):
            found = leaking.check(subject, batch, _of(subject, tell), rounds)
        counts = {"trades": len(batch), "striking": found.striking, "ok": found.ok}
        yield {"kind": LEARNER, **asdict(found), **counts}


def fare(
    sources: Sources, files: Sequence[Path], components: Sequence[str], tell: Tell
) -> Iterator[dict[str, Any]]:
    """Yield a record for each learner, held against knowing nothing and against what ships."""
    for subject in _subjects(files, components):
        batch = faring.experience(subject, sources)
        with faults(subject):
            found = faring.fare(subject, batch, _of(subject, tell))
        yield {"kind": LEARNER, "name": subject.name, "component": subject.component, **found}


def _subjects(files: Sequence[Path], components: Sequence[str]) -> list[Subject]:
    """Return them all, before anything is computed: what cannot be used is told at once."""
    if files:
        return [of_file(path) for path in files]
    return [of_component(name) for name in components or learners.names()]


def _of(subject: Subject, tell: Tell) -> Callable[[int], None]:
    return lambda done: tell(subject.name, done)
