"""Hands return series to whoever judges them, part by part, and draws the evidence.

The judge is a service's library, found by its entry points: neither side imports the other.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import numpy as np

from kingmaker.runtime.plot import Drawing, Mark, svg
from kingmaker.runtime.returns import Array
from kingmaker.runtime.returns_table import BadReturnsError, Part, Table

type Tell = Callable[[int], None]
type Verdict = dict[str, Any]


@dataclass(slots=True)
class Seen:
    """What was seen of one side besides its verdict: enough to tell what looks wrong."""

    lowest: float = math.inf
    highest: float = -math.inf

    def look(self, values: Any) -> None:  # noqa: ANN401 - an array
        """Look at more returns."""
        if len(values):
            self.lowest = min(self.lowest, float(np.min(values)))
            self.highest = max(self.highest, float(np.max(values)))


class Judging:
    """One stream before the judge."""

    def __init__(self, source: Table | Array, stream: int = 0) -> None:
        """Take what is to be judged; BadReturnsError for a stream that is not there."""
        if isinstance(source, Array) and not 0 <= stream < len(source.values):
            raise BadReturnsError(
                f"{source.shown}: there is no stream {stream}; there are 0 to"
                f" {len(source.values) - 1:,}."
            )
        self.source, self.stream = source, stream
        self.seen = {"champion": Seen(), "challenger": Seen()}
        self._run: Any = None

    def judge(
        self, alpha: float | None, segments: Sequence[int], canary: int | None, tell: Tell
    ) -> Verdict:
        """Judge all rows; ValueError for terms that make no sense, BadReturnsError for rows."""
        self._run = _find("run")(alpha=alpha, segments=segments, canary=canary)
        parts = (
            self.source.parts(self.stream)
            if isinstance(self.source, Array)
            else self.source.parts()
        )
        rows = 0
        for part in parts:
            self._hear(part, rows)
            rows += len(part.lines)
            tell(rows)
        late = [row for row in (*segments, canary) if row is not None and row > rows]
        if late:
            raise BadReturnsError(
                f"{self.source.shown} has {rows:,} rows: nothing can begin at row {late[0]:,}."
            )
        verdict: Verdict = _find("record")(self._run.verdict())
        return verdict

    def draw(self, path: Path, verdict: Verdict, segments: Sequence[int]) -> None:
        """Write the evidence, and the canary's statistic in a reign, as SVG."""
        first, reign = verdict["first"], verdict["reign"]
        marks = [Mark(row, "lineup changed") for row in segments]
        needed = verdict["evidence_needed"]
        thresholds = [Mark(verdict["log_threshold"], f"1/alpha = {needed:,.4g}")]
        if reign:
            thresholds.append(Mark(math.log(reign["threshold"]), "alarm of the canary"))
            marks.append(Mark(reign["began"], "the challenger reigns"))
            if reign["rollback"]:
                marks.append(Mark(reign["rollback"]["row"], "taken back"))
        drawing = Drawing(
            f"Evidence that the challenger is better: {self.source.shown}",
            list(self._run.curve.points()),
            thresholds,
            marks,
            Mark(first["row"], f"promoted at row {first['row']:,}") if first else None,
            across="row",
            also=list(self._run.canary_curve.points()),
        )
        path.write_text(svg(drawing) + "\n", encoding="utf-8")

    def _hear(self, part: Part, before: int) -> None:
        for name, seen in self.seen.items():
            seen.look(getattr(part, name))
        flags = part.champion_taken, part.challenger_taken
        try:
            self._run.hear(part.champion, part.challenger, *flags)
        except ValueError as error:
            row, reason = getattr(error, "row", None), getattr(error, "reason", "")
            if row is None:
                raise
            unit = "row" if isinstance(self.source, Array) else "line"
            line = part.lines[row - before - 1]
            raise BadReturnsError(
                f"{self.source.shown}: {unit} {line:,}: {reason}. Correct it, or leave it out."
            ) from None


def judge_streams(
    array: Array, alpha: float | None, segments: Sequence[int], canary: int | None
) -> Iterator[Verdict]:
    """Check all streams of an array, then judge them as they are asked for; errors as above."""
    with _named(array):
        verdicts = _find("streams")(array.values, alpha=alpha, segments=segments, canary=canary)
    return _recorded(array, verdicts)


def _recorded(array: Array, verdicts: Iterator[Any]) -> Iterator[Verdict]:
    record = _find("record")
    with _named(array):
        for verdict in verdicts:
            yield record(verdict)


@contextmanager
def _named(array: Array) -> Iterator[None]:
    """Say in which file a pair stands that cannot be judged."""
    try:
        yield
    except ValueError as error:
        if getattr(error, "row", None) is None:
            raise
        raise BadReturnsError(f"{array.shown}: {error}. Correct it, or leave it out.") from None


def _find(name: str) -> Any:  # noqa: ANN401 - what another package calls so
    [entry] = entry_points(group="kingmaker.judging", name=name)
    return entry.load()
