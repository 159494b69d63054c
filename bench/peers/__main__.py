"""Compares learners with their peers on the same data in one run: `make bench-peers`.

One comparison: `scripts/uv run --with-requirements bench/peers/requirements.txt python -m
bench.peers NAME`. A learner of your own with the peer of its component, or a strategy of your own
with backtesting.py: `make bench-peers FILE=mine.py`, or the same command with the file in place of
NAME, and `--data`, `--bars` and `-o json` as `kingmaker check` takes them.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench import machine
from bench.figures import Figure, Skipped
from bench.peers import _own_file, _own_strategy
from kingmaker.runtime.checking import Watched
from kingmaker.runtime.cli.checked import lines_of_learners
from kingmaker.runtime.cli.exits import of_fault
from kingmaker.runtime.cli.progress import Progress

HERE = Path(__file__).parent
USAGE = 2  # exit code

type Found = tuple[list[_own_file.Record], Iterable[str]]  # records, and what people read of them


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


def main() -> int:
    """Compare what is named, or everything; goals are told, never asserted."""
    asked = _asked(sys.argv[1:])
    files = [Path(name) for name in asked.names if name.endswith(".py")]
    if files and len(files) == len(asked.names):
        return _of_files(files, asked)
    unknown = [name for name in asked.names if name not in names()]
    if unknown:
        return _refused(
            f"no comparison is called {unknown[0]}. There are: {', '.join(names())}; or name a"
            f" Python file of your own, which ends in .py."
        )
    for line in machine.header():
        print(line)
    for name in asked.names or names():
        print(f"\n{name}", flush=True)
        for figure in measured(name):
            print("\n".join(figure.lines()), flush=True)
    return 0


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("names", nargs="*", help="comparisons, or Python files of learners")
    parser.add_argument("--data", action="append", default=[], help="bars, as `kingmaker check`")
    parser.add_argument("--bars", type=int, default=0, help="so many of each file; 0: all")
    parser.add_argument("-o", "--output", choices=("table", "json"), default="table")
    return parser.parse_args(words)


def _of_files(files: Sequence[Path], asked: argparse.Namespace) -> int:
    kinds = {_own_file.is_learner(file) for file in files}
    if len(kinds) > 1:
        return _refused("learners and strategies are compared with other peers: name one kind.")
    compare, kind = (_learners, "learners") if kinds.pop() else (_strategies, "strategies")
    try:
        found, lines = compare(files, asked)
    except _own_file.NoPeerError as error:
        return _refused(str(error))
    except Exception as error:
        told = of_fault(error)
        if told is None:
            raise  # a bug of ours
        return _refused(told[1])
    if asked.output == "json":
        print(json.dumps({kind: found}, indent=2))
    else:
        print("\n".join([*machine.header(), "", *lines]))
    return 0


def _learners(files: Sequence[Path], asked: argparse.Namespace) -> Found:
    with Progress("playing bars") as playing, Progress("training, in turns") as turns:
        watched = Watched(playing.show, lambda _name, done: turns.show(done))
        found = list(_own_file.compare(files, asked.data, asked.bars, watched))
    return found, lines_of_learners(found)


def _strategies(files: Sequence[Path], asked: argparse.Namespace) -> Found:
    with Progress("playing signals, series") as progress:
        found = list(_own_strategy.compare(files, asked.data, asked.bars, progress.show))
    return found, _own_strategy.lines(found)


def _refused(words: str) -> int:
    print(words, file=sys.stderr)
    return USAGE


if __name__ == "__main__":
    sys.exit(main())
