"""Update rules, one file each: a module here that defines `RULE` is a rule.

A model keeps its rule as long as it decides, and an audit runs it again years later: a file here is
never edited. A better rule is a new file with a new version. Only + - * / sqrt, comparison and
`kernel.arithmetic`, one operation after the other: the same bits on every machine. (`sum` is none
of these: how it rounds is up to the Python.)
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kingmaker.kernel.frozen import quick
from kingmaker.revisions import Declaration, Numbers, UnusableDeclarationError, fault_of

type Parameters = Mapping[str, float]


@quick
@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of model learns from one closed trade. Pure.

    fault  what is wrong with a declaration, or ""
    begin  the memory that a declaration begins with
    step   the memory after one more trade: (declaration, memory, row, label); where the arithmetic
           fails it raises ArithmeticError or ValueError, and the trade teaches nothing
    vector what the graph takes of a memory: by `inputs` of its signature, in order, or, where there
           are none, as its input `revision`
    rebalance  the memory after one more hour of market time; None where only trades teach
    """

    name: str
    version: int
    component: str
    row: int  # numbers of a row
    vector_size: int
    fault: Callable[[Declaration], str]
    begin: Callable[[Declaration], Numbers]
    step: Callable[[Declaration, Numbers, Sequence[float], float], Numbers]
    vector: Callable[[Declaration, Numbers], Numbers]
    inputs: tuple[str, ...] = ()
    rebalance: Callable[[Declaration, Numbers], Numbers] | None = None

    @property
    def title(self) -> str:
        """Name and version, as a model declares them."""
        return f"{self.name}@{self.version}"


@cache
def discover() -> Mapping[str, Rule]:
    """Return every rule of this package, by title."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    rules = [importlib.import_module(f"{__name__}.{name}").RULE for name in names]
    return {rule.title: rule for rule in rules}


def revised_components(key: str, text: str) -> tuple[str, ...]:
    """Read a list of components with an update rule; ValueError names key, value and choice."""
    names = tuple(sorted({name.strip() for name in text.split(",") if name.strip()}))
    known = sorted({rule.component for rule in discover().values()})
    if not set(names) <= set(known):
        raise ValueError(f"{key}={text!r}: give some of {', '.join(known)}, or nothing")
    return names


def rule_of(declaration: Declaration, component: str) -> Rule:
    """Return the rule of a sound declaration; UnusableDeclarationError says what is wrong."""
    rule = discover().get(declaration.rule)
    if rule is None:
        raise UnusableDeclarationError(
            f"no update rule {declaration.rule!r} in this release; there are"
            f" {', '.join(sorted(discover()))}. Start the release that knows it."
        )
    if rule.component != component:
        raise UnusableDeclarationError(f"{rule.title} is a rule of {rule.component}")
    fault = fault_of(declaration.numbers) or rule.fault(declaration)
    if fault:
        raise UnusableDeclarationError(f"{rule.title}: {fault}")
    return rule
