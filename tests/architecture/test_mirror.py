"""The tests mirror the source: who reads a module finds its test without searching.

    libs/kingmaker/kernel/lane.py                  tests/kernel/test_lane.py
    services/kingmaker/promotion/decider.py        tests/services/promotion/test_decider.py
    services/kingmaker/promotion/gates/frozen.py   tests/services/promotion/gates/test_frozen.py,
                                                   or promotion/test_gates.py for all of them
    libs/kingmaker/runtime/sqlite_log.py           tests/conformance/test_log.py, for a driver

A long test may be split: test_lane_takeover.py. Exempt are service.py, domain.py and heard.py,
which the tests of the decider run whole, and modules that only declare: there nothing can go wrong.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ROOT, Source, of, python

EXEMPT = {"__init__", "__main__", "domain", "heard", "service"}
SERVICE_DEPTH = 2  # services/<name>, and <library package>: below them begins a package of plugins


def test_every_module_has_its_test() -> None:
    untested = [
        f"{source.path}: none of {', '.join(sorted(set(_expected(source.path))))}"
        for source in python()
        if _needs_a_test(source) and not any(map(_exists, _expected(source.path)))
    ]
    assert not untested, "\n" + "\n".join(untested)


def test_the_rule_knows_where_a_test_belongs() -> None:
    assert list(_expected(Path("libs/kingmaker/kernel/lane.py"))) == ["tests/kernel/test_lane"]
    assert list(_expected(Path("services/kingmaker/promotion/gates/frozen.py"))) == [
        "tests/services/promotion/gates/test_frozen",
        "tests/services/promotion/test_gates",
    ]
    assert list(_expected(Path("libs/kingmaker/runtime/sqlite_log.py"))) == [
        "tests/runtime/test_sqlite_log",
        "tests/conformance/test_log",
    ]


def test_what_only_declares_needs_no_test() -> None:
    declaration = 'X = 1\nclass A(Protocol):\n    def f(self) -> int:\n        """Do."""\n'
    assert not _needs_a_test(of(declaration))
    assert _needs_a_test(of("def f():\n    return 1\n"))
    assert _needs_a_test(of("class A:\n    def f(self):\n        return 1\n"))
    assert not _needs_a_test(of("def f():\n    return 1\n", "services/kingmaker/feed/service.py"))
    assert not _needs_a_test(of("def f():\n    return 1\n", "scripts/sample.py"))


def _needs_a_test(source: Source) -> bool:
    product = source.path.parts[0] in {"libs", "services"}
    return product and source.path.stem not in EXEMPT and _acts(source.tree())


def _acts(tree: ast.Module) -> bool:
    """Whether any function has a body beyond its docstring and an ellipsis."""
    return any(
        not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for line in node.body
    )


def _expected(module: Path) -> Iterator[str]:
    """Return where its test may be, without the suffix."""
    inside = module.with_suffix("").parts[2:]
    home = ("services", *inside) if module.parts[0] == "services" else inside
    yield "/".join(("tests", *home[:-1], f"test_{home[-1]}"))
    if len(inside) > SERVICE_DEPTH:
        yield "/".join(("tests", *home[:-2], f"test_{home[-2]}"))
    port = home[-1].rpartition("_")[2]
    if home[0] == "runtime" and _exists(f"tests/conformance/test_{port}"):
        yield f"tests/conformance/test_{port}"


def _exists(test: str) -> bool:
    return (ROOT / f"{test}.py").exists() or any(ROOT.glob(f"{test}_*.py"))
