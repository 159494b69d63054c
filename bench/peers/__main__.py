"""Compares learners with their peers on the same data in one run: `make bench-peers`.

One comparison: `scripts/uv run --with-requirements bench/peers/requirements.txt python -m
bench.peers NAME`.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import machine
from bench.figures import Figure, Skipped

HERE = Path(__file__).parent


def names() -> list[str]:
    """Return the comparisons, in order of file names: each file defines `measure()`."""
    return sorted(one.name for one in pkgutil.iter_modules([str(HERE)]) if one.name[0] != "_")


def measured(name: str) -> Iterator[Figure | Skipped]:
    """Yield a comparison's figures, or what this machine lacks for it."""
    try:
        module = importlib.import_module(f"bench.peers.{name}")
    except ModuleNotFoundError as error:
        yield Skipped(name, f"there is no {error.name}; start it as `make bench-peers` does")
        return
    yield from module.measure()


def main() -> None:
    """Compare what is named, or everything; goals are told, never asserted."""
    asked = sys.argv[1:] or names()
    unknown = [name for name in asked if name not in names()]
    if unknown:
        sys.exit(f"no comparison is called {unknown[0]}. There are: {', '.join(names())}.")
    for line in machine.header():
        print(line)
    for name in asked:
        print(f"\n{name}", flush=True)
        for figure in measured(name):
            print("\n".join(figure.lines()), flush=True)


if __name__ == "__main__":
    main()
