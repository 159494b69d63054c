"""What judges imports nothing whose answer could differ by machine, moment or release."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Source, of, python

RULES = Path("libs/kingmaker/evidence")
ARITHMETIC = Path("libs/kingmaker/kernel/arithmetic.py")
JUDGES = (Path("services/kingmaker/shadow"), Path("services/kingmaker/promotion"), RULES)
PURE = {
    "collections",
    "collections.abc",
    "dataclasses",
    "enum",
    "functools",
    "hashlib",
    "importlib",  # plugins of our own, by file name
    "pkgutil",
    "typing",
}
EXACT = {"isfinite", "sqrt"}  # of math: exact by IEEE 754
BUILT_IN = {"pow", "hash", "id", "open", "input", "eval", "exec", "__import__"}  # libm, seed, world
PATHS = [str(ROOT / "libs"), str(ROOT / "services")]  # without site-packages
# Twins in numpy, held to the rules bit by bit: for benches, and for tables of returns.
BATCH = (RULES / "batch", JUDGES[1] / "judge" / "batch")


def is_batch(source: Source) -> bool:
    """Whether a module is part of a twin in numpy."""
    return bool(set(BATCH) & set(source.path.parents))


def impure_imports(source: Source) -> Iterator[str]:
    """Return what a module imports besides our own words and what is alike everywhere."""
    for node in ast.walk(source.tree()):
        match node:
            case ast.Import(names=names):
                imported = {alias.name for alias in names}
            case ast.ImportFrom(module="math", names=names):
                imported = {f"math.{alias.name}" for alias in names if alias.name not in EXACT}
            case ast.ImportFrom(module=str(module)):
                imported = {module}
            case _:
                continue
        for name in sorted(imported - PURE):
            if not name.startswith("kingmaker."):
                yield f"{source.path}:{node.lineno}: {name}"


def impure_words(source: Source) -> Iterator[str]:
    """Return what needs no import: powers, which are libm's, and built-ins that are not alike."""
    for node in ast.walk(source.tree()):
        match node:
            case ast.BinOp(op=ast.Pow()) | ast.AugAssign(op=ast.Pow()):
                yield f"{source.path}:{node.lineno}: **"
            case ast.Call(func=ast.Name(id=name)) if name in BUILT_IN:
                yield f"{source.path}:{node.lineno}: {name}"


def scalar() -> list[Source]:
    """Return what judges, but for the twins in numpy."""
    judging = [source for source in python() if set(JUDGES) & set(source.path.parents)]
    return [source for source in judging if not is_batch(source)]


def test_what_judges_imports_what_is_alike_everywhere() -> None:
    assert len(scalar()) > 60
    assert [fault for source in scalar() for fault in impure_imports(source)] == []


def test_what_judges_computes_what_is_alike_everywhere() -> None:
    [arithmetic] = [source for source in python() if source.path == ARITHMETIC]
    judging = [arithmetic, *scalar()]
    assert [fault for source in judging for fault in impure_words(source)] == []


def test_our_own_arithmetic_takes_of_math_what_only_moves_the_exponent() -> None:
    [arithmetic] = [source for source in python() if source.path == ARITHMETIC]
    assert [f.rpartition(": ")[2] for f in impure_imports(arithmetic)] == ["math"]
    attributes = [node for node in ast.walk(arithmetic.tree()) if isinstance(node, ast.Attribute)]
    assert {node.attr for node in attributes} == {"floor", "frexp", "inf", "ldexp"}


@pytest.mark.parametrize("part", ["rules", "canary_rules", "gates", "judge"])
def test_no_part_that_judges_is_left_out(part: str) -> None:
    assert [source for source in scalar() if part in source.path.parts]


def test_a_twin_in_numpy_imports_numpy_and_nothing_else_besides() -> None:
    twins = [source for source in python() if is_batch(source)]
    assert twins
    faults = [fault for source in twins for fault in impure_imports(source)]
    imported = {fault.rpartition(": ")[2] for fault in faults}
    assert imported <= {"numpy", "numpy.typing", "copy", "itertools"}


def test_nothing_that_judges_live_reaches_a_twin_in_numpy() -> None:
    """A process of its own, so that only what these modules import is there."""
    code = (
        "import sys, kingmaker.shadow.service, kingmaker.promotion.service\n"
        "from kingmaker.evidence import rules; rules.discover()\n"
        "print([name for name in sys.modules if 'numpy' in name or '.batch' in name])"
    )
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert said.stdout == "[]\n"


def test_what_weighs_and_judges_evidence_needs_nothing_but_python() -> None:
    """Nobody else's code stands between the pairs and the verdict, at any depth of imports."""
    code = (
        "import sys, kingmaker.shadow.decider, kingmaker.promotion.canary\n"
        "from kingmaker.promotion import gates, verdict; gates.discover()\n"
        "from kingmaker.evidence import canary_rules, rules; rules.discover()\n"
        "tops = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(tops - set(sys.stdlib_module_names) - {'__main__', 'kingmaker'}))"
    )
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {PATHS!r}\n{code}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert said.stdout == "[]\n"


@pytest.mark.parametrize(
    "text",
    [
        "import math\n",
        "from math import log\n",
        "from math import exp, sqrt\n",
        "import numpy as np\n",
        "from time import time\n",
        "import random\n",
        "from datetime import UTC\n",
    ],
)
def test_the_rule_can_fail(text: str) -> None:
    assert list(impure_imports(of(text)))
    assert not list(impure_imports(of("from math import isfinite, sqrt\n")))


@pytest.mark.parametrize(
    "text", ["a = b ** 0.5\n", "b **= 2\n", "a = pow(b, 2)\n", "a = hash(b)\n", "f = open(p)\n"]
)
def test_the_rule_on_words_can_fail(text: str) -> None:
    assert list(impure_words(of(text)))
    assert not list(impure_words(of("a = b * b\n")))


def test_no_rule_of_evidence_adds_floats_by_the_built_in_sum() -> None:
    """How `sum` rounds floats is the release's: 3.12 began to compensate."""
    for path in sorted((ROOT / RULES).glob("*rules/*_v*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        weighing = [node for node in functions if node.name != "fault"]
        calls = [c for f in weighing for c in ast.walk(f) if isinstance(c, ast.Call)]
        assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "sum"], path
