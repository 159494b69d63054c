"""A person's own learner beside the library that people would take instead, on the same trades.

Both walk forward as `kingmaker check learner` does, by the same measure, and are paired row by row.
"""

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from kingmaker.learners.checks.fare import beside, experience
from kingmaker.learners.checks.subject import Subject, faults, of_file
from kingmaker.runtime.checking import OF_LEARNERS, Watched, desks_to_check
from kingmaker.runtime.scratch import played
from kingmaker.runtime.settings import Settings

OWN = Path(__file__).parent / "_own"
REMEDY = "Start it as `make bench-peers FILE=...` does, which lays the peers over this environment."

type Record = dict[str, Any]


class NoPeerError(ValueError):
    """There is nothing to compare with: why, and what to do."""


def compare(
    files: Sequence[Path], data: Sequence[str], bars: int, watched: Watched
) -> Iterator[Record]:
    """Yield a record for each file: against nothing, and against the peer of its component.

    `data` and `bars` as `kingmaker check` takes them. Raises OwnLearnerError and NoPeerError before
    anything takes long.
    """
    subjects = [of_file(path) for path in files]
    peers = [peer_of(subject) for subject in subjects]
    desks = desks_to_check(data, OF_LEARNERS)
    with played(Settings(desks=desks), watched.times, limit=bars) as sources:
        for source in sources:
            for subject, peer in zip(subjects, peers, strict=True):
                yield _compared(subject, peer, source, watched)


def is_learner(path: Path) -> bool:
    """Tell whether a file says that it is a learner; one that cannot be read is told of later."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return True
    names = {line.split("=")[0].strip() for line in text.splitlines() if line[:1].strip()}
    return "COMPONENT" in names or not ("STRATEGY" in text or "def signals(" in text)


def peer_of(subject: Subject) -> ModuleType:
    """Return the peer of a learner's component. Raises NoPeerError."""
    there = sorted(file.stem for file in OWN.glob("[!_]*.py"))
    if subject.component not in there:
        raise NoPeerError(
            f"{subject.path}: no library that people would take does what {subject.component}"
            f" does. There are peers of {', '.join(there)}; `kingmaker check learner` compares with"
            f" the learner that ships."
        )
    try:
        return importlib.import_module(f"bench.peers._own.{subject.component}")
    except ModuleNotFoundError as error:
        raise NoPeerError(
            f"{subject.path}: there is no {error.name} here, the peer of {subject.component}."
            f" {REMEDY}"
        ) from error


def _compared(subject: Subject, peer: ModuleType, source: Any, watched: Watched) -> Record:  # noqa: ANN401 - of a scratch log
    batch = experience(subject, source)
    with faults(subject):
        found = beside(
            subject,
            batch,
            {peer.NAME: peer.make},
            lambda done: watched.learner(subject.name, done),
        )
    return {"name": subject.name, "component": subject.component, "symbol": source.desk, **found}
