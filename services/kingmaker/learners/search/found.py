"""What a search is asked for, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kingmaker.learners.search.space import AUTOGEN

type Numbers = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Job:
    """One search. `folder` keeps its journal under the training's name; None keeps nothing."""

    component: str
    seed: int
    parameters: Numbers  # that the training was told
    training: str = ""
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The best trial's parameters, and what the search as a whole showed."""

    parameters: Numbers
    figures: Numbers

    @property
    def manifest(self) -> Mapping[str, object]:
        """What a manifest says of a product that was made with these."""
        if not self.parameters:
            return {}
        tags = {AUTOGEN: "true"}
        return {"origin": AUTOGEN, "tags": tags, "found": dict(self.parameters)}


NOTHING = Found({}, {})
