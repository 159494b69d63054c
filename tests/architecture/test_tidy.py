"""The tree keeps its shape: short files and functions, its own words, nothing of one machine."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.architecture.source import ROOT, Source, of, python, sources

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 40
EMPTY_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
UNSAFE_MODULES = {"cPickle", "cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
LOCK_HOSTS = {"pypi.org", "files.pythonhosted.org"}
# Written apart, so that this file passes its own rules.
POSTPONED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.$})*-])/(work|root|tmp|home)/")
PAGE_ELSEWHERE = re.compile(r"\bpromotion-" + r"statistics\b")  # it was never in this tree
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")

SILENCER = re.compile(r"#\s*(noqa|type:\s*ignore)\b")
SILENCED_WITH_REASON = re.compile(
    r"[#] noqa: [A-Z]+\d+(, ?[A-Z]+\d+)* - \w|[#] type: ignore\[[\w, -]+\] # \w"
)

type Rule = Callable[[Source], Iterable[str]]


def long_files(source: Source) -> Iterator[str]:
    """Find code that does not fit in one head; prose may be longer."""
    if source.path.suffix != ".md" and source.lines > FILE_LINES_MAX:
        yield f"{source.path}: {source.lines} lines; {FILE_LINES_MAX} is the end"


def long_functions(source: Source) -> Iterator[str]:
    """Find functions that do not fit on one screen."""
    for node in _functions(source):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES_MAX:
            yield (
                f"{source.path}:{node.lineno}: {node.name} has {lines} lines;"
                f" {FUNCTION_LINES_MAX} is the end"
            )


def empty_names(source: Source) -> Iterator[str]:
    """Find names that say nothing: whatever is put there belongs to something with a name."""
    for name in source.path.parts:
        if EMPTY_NAMES & _words(name):
            yield f"{source.path}: {name} says nothing; name what it is about"
    for line, name in _names_given(source) if source.is_python else ():
        if EMPTY_NAMES & _words(name):
            yield f"{source.path}:{line}: {name} says nothing; name what it is about"


def postponed_work(source: Source) -> Iterator[str]:
    """Find notes to oneself: the work belongs in an issue."""
    yield from _matches(source, POSTPONED, "do it, or write an issue")


def machine_paths(source: Source) -> Iterator[str]:
    """Find paths that exist on one machine only."""
    yield from _matches(source, MACHINE_PATH, "this path exists on one machine only")


def absent_pages(source: Source) -> Iterator[str]:
    """Find who cites a page that nobody here can open; decisions are never edited."""
    if source.path.parts[:2] != ("docs", "decisions"):
        yield from _matches(source, PAGE_ELSEWHERE, "cite the paper, or a page of docs")


def silenced_checks(source: Source) -> Iterator[str]:
    """Find checks that are silenced wholesale, or without a reason."""
    for number, line in enumerate(source.text.splitlines(), start=1):
        if SILENCER.search(line) and not SILENCED_WITH_REASON.search(line):
            yield f"{source.path}:{number}: name the check that is silenced, and the reason"


def unsafe_loading(source: Source) -> Iterator[str]:
    """Find formats that run code when read: models are ONNX, state has an encoding of its own."""
    for node in ast.walk(source.tree()):
        match node:
            case ast.Import(names=names):
                imported = {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(module=str(module)):
                imported = {module.partition(".")[0]}
            case ast.keyword(arg="allow_pickle", value=ast.Constant(value=True)):
                imported = {"pickle"}
            case _:
                continue
        for name in sorted(imported & UNSAFE_MODULES):
            yield f"{source.path}:{getattr(node, 'lineno', 0)}: {name} runs code when it reads"


def silent_modules(source: Source) -> Iterator[str]:
    """Find modules that do not say what they are for."""
    if not ast.get_docstring(source.tree()):
        yield f"{source.path}: begin with one sentence of purpose"


@pytest.mark.parametrize(
    "rule",
    [long_files, empty_names, postponed_work, machine_paths, absent_pages],
    ids=lambda rule: rule.__name__,
)
def test_every_text_obeys(rule: Rule) -> None:
    faults = [fault for source in sources() for fault in rule(source)]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize(
    "rule",
    [long_functions, silenced_checks, unsafe_loading, silent_modules],
    ids=lambda rule: rule.__name__,
)
def test_every_module_obeys(rule: Rule) -> None:
    faults = [fault for source in python() for fault in rule(source)]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        (long_files, of("x\n" * 401), of("x\n" * 400)),
        (
            long_functions,
            of("def f():\n" + "    x = 1\n" * 40),
            of("def f():\n" + "    x = 1\n" * 39),
        ),
        (long_functions, of("async def f():\n" + "    x = 1\n" * 40), of("async def f(): ...")),
        (empty_names, of("class ModelManager: ...\n"), of("import contextlib as c\n")),
        (empty_names, of("def f(file_utils): ...\n"), of("x = os.path.commonpath([])\n")),
        (empty_names, of("", "libs/kingmaker/helpers/x.py"), of("", "libs/kingmaker/x.py")),
        (postponed_work, of("# TO" + "DO later\n"), of("# today\n")),
        (absent_pages, of("# promotion-" + "statistics 2.1\n"), of("# decision 0010\n")),
        (machine_paths, of("p = '/work" + "/x'\n"), of("p = 'doc/work/x'\n")),
        (
            silenced_checks,
            of("x = 1  # no" + "qa: S311\n"),
            of("x = 1  # no" + "qa: S311 - not secret\n"),
        ),
        (
            silenced_checks,
            of("x = 1  # ty" + "pe: ignore\n"),
            of("x = 1  # ty" + "pe: ignore[arg-type] # a table of ours\n"),
        ),
        (unsafe_loading, of("import pickle\n"), of("import json\n")),
        (unsafe_loading, of("from joblib import load\n"), of("from .job import load\n")),
        (unsafe_loading, of("load(f, allow_pickle=True)\n"), of("load(f, allow_pickle=False)\n")),
        (silent_modules, of("x = 1\n"), of('"""Says."""\n')),
    ],
)
def test_every_rule_can_fail(rule: Rule, bad: Source, good: Source) -> None:
    assert list(rule(bad))
    assert not list(rule(good))


def test_the_lock_names_the_two_public_hosts_only() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"\w+://([^/\"\s]+)", lock)) == LOCK_HOSTS


def _functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree()):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _names_given(source: Source) -> Iterator[tuple[int, str]]:
    """Return the names that this file chose: what it defines, takes and assigns."""
    for node in ast.walk(source.tree()):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case _:
                pass


def _words(name: str) -> set[str]:
    return {word.lower() for word in WORD.findall(name)}


def _matches(source: Source, pattern: re.Pattern[str], remedy: str) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if found := pattern.search(line):
            yield f"{source.path}:{number}: {found[0]}: {remedy}"
