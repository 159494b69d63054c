"""Who may import whom, and that what judges computes the same bits on every machine."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT, Source, of, python

JUDGES = (
    Path("libs/kingmaker/evidence"),
    Path("libs/kingmaker/kernel"),
    Path("services/kingmaker/shadow"),
    Path("services/kingmaker/promotion"),
)
# Exact by IEEE 754, so alike everywhere; log, exp, pow and their kin are the C library's.
EXACT = {"ceil", "copysign", "fabs", "floor", "frexp", "fsum", "inf", "isfinite", "isinf", "isnan"}
EXACT |= {"ldexp", "nan", "nextafter", "sqrt", "trunc"}


def test_the_contracts_of_the_imports_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool, no input from outside
    assert said.returncode == 0, said.stdout + said.stderr


def test_every_service_is_declared_and_layered() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = set(project["project"]["entry-points"]["kingmaker.services"])
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    folders = {path.parent.name for path in ROOT.glob("services/kingmaker/*/service.py")}
    assert folders == declared
    assert declared <= {name.strip() for layer in layers for name in layer.split("|")}


def test_what_judges_uses_exact_arithmetic_only() -> None:
    faults = [
        fault
        for source in python()
        if any(judge in source.path.parents for judge in JUDGES)
        for fault in inexact(source)
    ]
    assert not faults, "\n" + "\n".join(faults)


def test_the_rule_of_exact_arithmetic_can_fail() -> None:
    for bad in ("import math\nmath.log(x)\n", "from math import exp\n", "x ** 2\n", "pow(x, 2)\n"):
        assert list(inexact(of(bad)))
    assert not list(inexact(of("import math\nmath.sqrt(x) * x\n")))
    assert not list(inexact(of("LIMIT = 2**20\n")))


def inexact(source: Source) -> Iterator[str]:
    """Return where other machines may compute other bits."""
    for node in ast.walk(source.tree()):
        match node:
            case ast.Attribute(value=ast.Name(id="math"), attr=name) if name not in EXACT:
                found = f"math.{name}"
            case ast.ImportFrom(module="math", names=names) if {n.name for n in names} - EXACT:
                found = "an import from math"
            case ast.Call(func=ast.Name(id="pow")):
                found = "pow"
            case ast.BinOp(op=ast.Pow(), left=left, right=right) if not _whole(left, right):
                found = "**"
            case _:
                continue
        yield f"{source.path}:{node.lineno}: {found} is the C library's: see kernel/arithmetic.py"


def _whole(*operands: ast.expr) -> bool:
    return all(isinstance(x, ast.Constant) and isinstance(x.value, int) for x in operands)
