"""Rules that watch a champion, one file each: a module here that defines `RULE` is a rule.

A reign keeps its rule from its coronation to its end, and an audit runs it again years later: a
file here is never edited. A better rule is a new file with a new version.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from kingmaker.evidence.detector import Detector
from kingmaker.evidence.ledger import Ledger
from kingmaker.evidence.rules import Parameters
from kingmaker.kernel.frozen import quick


@quick
@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that watches. Pure: the same pairs give the same bits on every machine.

    fault       what is wrong with parameters, or ""
    begin       the detector of a reign, from the sharpe ledger of the trial that ended in it
    watch       the detector after one more pair of net returns: (detector, parameters, champion's,
                reference's); ValueError for returns that no capital base can have
    threshold   the statistic from which on the rule raises the alarm
    """

    name: str
    version: int
    fault: Callable[[Parameters], str]
    begin: Callable[[Ledger], Detector]
    watch: Callable[[Detector, Parameters, float, float], Detector]
    threshold: Callable[[Parameters], float]

    @property
    def title(self) -> str:
        """Name and version, as a reign carries them."""
        return f"{self.name}@{self.version}"


def discover() -> dict[str, Rule]:
    """Return every rule of this package, by title."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    rules = [importlib.import_module(f"{__name__}.{name}").RULE for name in names]
    return {rule.title: rule for rule in rules}
