"""How far a training has come, kept beside the log for people: a file a training, a line a word.

It depends on how fast this machine is, so no event holds it: the history must be the same whatever
the machine. A file may be lost at any time; what came of a training stands in the log.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "trainings"  # of a home
EVERY_S = 0.1  # points of a curve that come faster are left out, but for the first and the last
LINES_MAX = 10_000  # of a file: a training that says more is heard by whoever watches it, no more

type Said = str | Mapping[str, Any]  # words, or a point of the loss curve
type Line = Mapping[str, Any]


@dataclass(slots=True)
class ProgressFile:
    """One attempt of a training, as it goes on."""

    path: Path
    about: Line  # what every reader wants to know first
    now: Callable[[], float] = time.monotonic
    _began: float = field(init=False)
    _kept_at: float = field(default=float("-inf"), init=False)
    _held: Line | None = field(default=None, init=False)  # the last point, if it came too fast
    _lines: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Begin the file anew: an earlier attempt has come to nothing."""
        self._began = self.now()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(dict(self.about)) + "\n", encoding="utf-8")

    def keep(self, said: Said) -> None:
        """Add what was said; a point that comes too fast waits whether another one follows."""
        now = self.now()
        line: dict[str, Any] = {"words": said} if isinstance(said, str) else dict(said)
        line["seconds"] = round(now - self._began, 3)
        if not is_point(said):
            self.finish()
        elif now - self._kept_at < EVERY_S:
            self._held = line
            return
        else:
            self._held, self._kept_at = None, now
        self._add(line)

    def finish(self) -> None:
        """Add the last point of a curve, however soon it came."""
        held, self._held = self._held, None
        if held is not None:
            self._add(held)

    def _add(self, line: Line) -> None:
        if self._lines >= LINES_MAX:
            return
        self._lines += 1
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def is_point(said: object) -> bool:
    """Tell whether this is a point of a loss curve: {step, of, loss}."""
    return isinstance(said, Mapping) and {"step", "of", "loss"} <= said.keys()


def in_words(said: object) -> str:
    """Return what was said as a person reads it."""
    if isinstance(said, Mapping) and is_point(said):
        whose = f"{said['whose']}: " if "whose" in said else ""
        parts = [f"{part} {said[part]:.4g}" for part in ("td", "kl") if part in said]
        of_parts = f" ({', '.join(parts)})" if parts else ""
        return f"{whose}step {said['step']} of {said['of']}, loss {said['loss']:.4g}{of_parts}"
    return str(said)


def curves(lines: Iterable[Line]) -> Mapping[str, Sequence[tuple[float, float]]]:
    """Return (step, loss) by whose they are, in order; "" where one trains alone.

    A distillation tells three losses, which are not comparable: teacher, student, and alone.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    for line in lines:
        if is_point(line):
            point = (float(line["step"]), float(line["loss"]))
            found.setdefault(str(line.get("whose", "")), []).append(point)
    return found


def path_of(folder: Path, training: str) -> Path:
    """Return the file of a training."""
    return folder / f"{training}.jsonl"


def lines_of(path: Path) -> Iterator[Line]:
    """Yield what a file holds; a line that is being written is left for the next time."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):
            try:
                found = json.loads(line)
            except ValueError:  # torn by a crash: the others are sound
                continue
            if isinstance(found, dict):
                yield found
