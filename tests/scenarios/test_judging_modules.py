"""What judges imports nothing whose answer could differ by machine, moment or release."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, Source, of, python

RULES = Path("libs/kingmaker/evidence")
JUDGES = (Path("services/kingmaker/shadow"), Path("services/kingmaker/promotion"), RULES)
PURE = {
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


def test_shadow_and_promotion_import_what_is_alike_everywhere() -> None:
    judging = [source for source in python() if set(JUDGES) & set(source.path.parents)]
    scalar = [source for source in judging if not is_batch(source)]
    assert len(scalar) > 30
    assert [fault for source in scalar for fault in impure_imports(source)] == []


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


def test_no_rule_of_evidence_adds_floats_by_the_built_in_sum() -> None:
    """How `sum` rounds floats is the release's: 3.12 began to compensate."""
    for path in sorted((ROOT / RULES).glob("*rules/*_v*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        weighing = [node for node in functions if node.name != "fault"]
        calls = [c for f in weighing for c in ast.walk(f) if isinstance(c, ast.Call)]
        assert not [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "sum"], path
