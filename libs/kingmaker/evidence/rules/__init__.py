"""Rules of evidence, one file each: a module here that defines `RULE` is a rule.

A trial keeps its rule from opening to end, and an audit runs it again years later: a file here is
never edited. A better rule is a new file with a new version.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kingmaker.evidence.ledger import Ledger
from kingmaker.kernel.frozen import quick


@quick
@dataclass(frozen=True, slots=True)
class Ledgers:
    """What a rule knows of a trial; evidence is a logarithm, 0 where nothing is known."""

    mean: Ledger = field(default_factory=Ledger)
    sharpe: Ledger = field(default_factory=Ledger)
    log_evidence: float = 0.0
    log_evidence_max: float = 0.0

    @property
    def log_evidence_of_segment(self) -> float:
        """What the present segment alone adds, by the ledger where it adds least."""
        return min(
            ledger.log_evidence - ledger.log_evidence_at_segment
            for ledger in (self.mean, self.sharpe)
        )


type Parameters = Mapping[str, float]


@quick
@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of evidence. Pure: the same pairs give the same bits on every machine.

    fault          what is wrong with parameters, or ""
    weigh          the ledgers after one more pair of net returns: (ledgers, parameters, champion's,
                   challenger's); ValueError for returns that are not finite
    start_segment  the ledgers when another component's champion changes
    """

    name: str
    version: int
    fault: Callable[[Parameters], str]
    weigh: Callable[[Ledgers, Parameters, float, float], Ledgers]
    start_segment: Callable[[Ledgers], Ledgers]

    @property
    def title(self) -> str:
        """Name and version, as a trial carries them."""
        return f"{self.name}@{self.version}"


def discover() -> dict[str, Rule]:
    """Return every rule of this package, by title."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    rules = [importlib.import_module(f"{__name__}.{name}").RULE for name in names]
    return {rule.title: rule for rule in rules}
