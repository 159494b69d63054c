"""What the rules of the tree look at: its files, as text and as syntax."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("libs", "services", "tests", "bench", "scripts")
TEXT = (*CODE, "docs", "proto", ".ci")
GENERATED = Path("libs/kingmaker/contracts/generated")
DATA = {".csv", ".jsonl", ".svg"}  # a person did not type it
IGNORED = {"__pycache__", "lib", "lib.part"}  # below tests/kafka: the jars
NOT_WRITTEN = {"uv.lock", ".git", "asyncapi.yaml"}  # in a worktree .git is a file


@dataclass(frozen=True, slots=True)
class Source:
    """One file of ours; `path` is relative to the root of the tree."""

    path: Path
    text: str

    @property
    def lines(self) -> int:
        """How long it is."""
        return len(self.text.splitlines())

    @property
    def is_python(self) -> bool:
        """Whether it can be parsed."""
        return self.path.suffix == ".py"

    def tree(self) -> ast.Module:
        """Return its syntax."""
        return ast.parse(self.text, str(self.path))


@cache
def sources() -> tuple[Source, ...]:
    """Return every text file that a person wrote."""
    top = (path for path in ROOT.iterdir() if path.is_file() and path.name not in NOT_WRITTEN)
    below = (path for folder in TEXT for path in sorted((ROOT / folder).rglob("*")))
    return tuple(_read(path) for path in (*top, *below) if _is_ours(path) and _is_text(path))


def python() -> Iterator[Source]:
    """Return every Python file that a person wrote."""
    return (source for source in sources() if source.is_python)


def of(text: str, path: str = "libs/kingmaker/kernel/sample.py") -> Source:
    """Return a made-up file, for the tests of the rules themselves."""
    return Source(Path(path), text)


def _read(path: Path) -> Source:
    return Source(path.relative_to(ROOT), path.read_text(encoding="utf-8"))


def _is_ours(path: Path) -> bool:
    inside = path.relative_to(ROOT)
    return (
        path.is_file()
        and path.suffix not in DATA
        and path.name not in NOT_WRITTEN
        and not IGNORED & set(inside.parts)
        and GENERATED not in inside.parents
    )


def _is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()
