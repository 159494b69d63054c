"""Draws the evidence of a trial against its threshold, as inline SVG that needs nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kingmaker.runtime.report.markup import Markup, element, number

WIDTH, HEIGHT = 880, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 16, 40
POINTS_MAX = 1_500  # more would not be seen
TICKS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A named series of (x, y); `kind` is its class in the style sheet."""

    name: str
    kind: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over one pair of axes, levels that they are to reach, and places that are marked."""

    lines: Sequence[Line]
    levels: Sequence[tuple[str, float]]
    marks: Sequence[tuple[str, float]] = ()
    across: str = "pairs"
    upwards: str = "ln E"

    def drawn(self) -> Markup:
        """Return the picture, with a title that is read aloud."""
        parts = [*self._grid(), *self._marked(), *self._levelled(), *self._lined()]
        said = "; ".join(line.name for line in self.lines)
        picture = element(
            "svg",
            element("title", f"{self.upwards} over {self.across}: {said}"),
            *parts,
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            role="img",
        )
        keys = [element("span", line.name, class_=f"key {line.kind}") for line in self.lines]
        keys += [element("span", name, class_="key level") for name, _ in self.levels]
        return element("figure", picture, element("figcaption", *keys))

    @property
    def _x_max(self) -> float:
        return max((x for line in self.lines for x, _ in line.points), default=1.0) or 1.0

    @property
    def _y_range(self) -> tuple[float, float]:
        seen = [y for line in self.lines for _, y in line.points] + [y for _, y in self.levels]
        low, high = min([*seen, 0.0]), max([*seen, 1.0])
        room = (high - low) * 0.06
        return low - room, high + room

    def _x(self, value: float) -> float:
        return LEFT + value / self._x_max * (WIDTH - LEFT - RIGHT)

    def _y(self, value: float) -> float:
        low, high = self._y_range
        return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def _grid(self) -> Iterator[Markup]:
        low, high = self._y_range
        for tick in ticks(low, high):
            yield _line(LEFT, self._y(tick), WIDTH - RIGHT, self._y(tick), "grid")
            yield _words(LEFT - 8, self._y(tick) + 4, number(tick), "end")
        for tick in ticks(0.0, self._x_max):
            yield _words(self._x(tick), HEIGHT - BOTTOM + 18, number(tick), "middle")
        yield _words(WIDTH - RIGHT, HEIGHT - 6, self.across, "end")
        yield _words(4, TOP + 2, self.upwards, "start")

    def _marked(self) -> Iterator[Markup]:
        for name, x in self.marks:
            yield _line(self._x(x), TOP, self._x(x), HEIGHT - BOTTOM, "mark")
            yield _words(self._x(x) + 4, TOP + 12, name, "start")

    def _levelled(self) -> Iterator[Markup]:
        for _, y in self.levels:
            yield _line(LEFT, self._y(y), WIDTH - RIGHT, self._y(y), "level")

    def _lined(self) -> Iterator[Markup]:
        for line in self.lines:
            points = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in thinned(line.points))
            yield element("polyline", Markup(""), points=points, class_=line.kind)


def thinned(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Return so many points as can be seen, the last among them."""
    step = max(1, -(-len(points) // POINTS_MAX))
    kept = list(points[::step])
    if points and kept[-1] != points[-1]:
        kept.append(points[-1])
    return kept


def ticks(low: float, high: float) -> Iterator[float]:
    """Yield round numbers between two bounds, a handful."""
    size = 1e-9
    while (high - low) / size > TICKS:
        for factor in (2.0, 2.5, 2.0):
            if (high - low) / size > TICKS:
                size *= factor
    tick = -(-low // size) * size
    while tick <= high:
        yield round(tick, 9) + 0.0
        tick += size


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    places = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return element("line", Markup(""), class_=kind, **{k: f"{v:.1f}" for k, v in places.items()})


def _words(x: float, y: float, words: str, anchor: str) -> Markup:
    return element("text", words, x=f"{x:.1f}", y=f"{y:.1f}", class_=anchor)
