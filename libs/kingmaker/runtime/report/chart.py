"""Axes, marks and figures of pages: inline SVG with a title and a description, read aloud."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kingmaker.runtime.report.curve import thinned, ticks
from kingmaker.runtime.report.markup import Markup, element, number

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 22, 40
DATES = 4  # marks on an axis of time
FLAT = 1e-12  # a narrower range is widened
NOTHING = Markup("")

type Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axes:
    """Where values lie on the paper; `of_time`: across are UTC milliseconds."""

    across: str
    upwards: str
    left: float
    right: float
    low: float
    high: float
    of_time: bool = False
    width: int = WIDTH
    height: int = HEIGHT

    def x(self, value: float) -> float:
        """Return where a value lies across, in pixels."""
        share = (value - self.left) / max(self.right - self.left, FLAT)
        return LEFT + share * (self.width - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Return where a value lies upwards, in pixels from the top."""
        share = (self.high - value) / max(self.high - self.low, FLAT)
        return TOP + share * (self.height - TOP - BOTTOM)

    def grid(self) -> Iterator[Markup]:
        """Yield lines, numbers and names of both axes."""
        for tick in ticks(self.low, self.high):
            yield self.line((self.left, tick), (self.right, tick), "grid")
            yield words(LEFT - 8, self.y(tick) + 4, number(tick), "end")
        for at, name in self._marks_across():
            anchor = "end" if self.x(at) > self.width - 2.0 * RIGHT else "middle"
            yield words(self.x(at), self.height - BOTTOM + 18, name, anchor)
        yield words(self.width - RIGHT, self.height - 6, self.across, "end")
        yield words(4, 12, self.upwards, "start")

    def line(self, begin: Point, end: Point, kind: str) -> Markup:
        """Return a straight line between two points."""
        places = dict(
            zip(("x1", "y1", "x2", "y2"), (*self._at(begin), *self._at(end)), strict=True)
        )
        return element("line", NOTHING, class_=kind, **{k: f"{v:.1f}" for k, v in places.items()})

    def path(self, points: Sequence[Point], kind: str) -> Markup:
        """Return a curve through so many points as can be seen."""
        return element("polyline", NOTHING, class_=kind, points=self._places(thinned(points)))

    def band(self, below: Sequence[Point], above: Sequence[Point], kind: str) -> Markup:
        """Return the area between two curves of the same places across."""
        around = [*thinned(above), *reversed(thinned(below))]
        return element("polygon", NOTHING, class_=kind, points=self._places(around))

    def dot(self, point: Point, kind: str, said: str) -> Markup:
        """Return a point that says what it is when it is pointed at."""
        x, y = self._at(point)
        return element(
            "circle", element("title", said), class_=kind, cx=f"{x:.1f}", cy=f"{y:.1f}", r="3"
        )

    def _at(self, point: Point) -> Point:
        return self.x(point[0]), self.y(point[1])

    def _places(self, points: Sequence[Point]) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self._at, points))

    def _marks_across(self) -> Iterator[tuple[float, str]]:
        if not self.of_time:
            yield from ((tick, number(tick)) for tick in ticks(self.left, self.right))
            return
        for step in range(DATES + 1):
            at = self.left + (self.right - self.left) * step / DATES
            yield at, f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}"


def around(values: Sequence[float], *always: float) -> tuple[float, float]:
    """Return bounds that hold all values, with some room; `always` are values that must be seen."""
    seen = [*values, *always] or [0.0]
    low, high = min(seen), max(seen)
    room = (high - low) * 0.05 or 1.0
    return low - room, high + room


def figure(
    axes: Axes, title: str, described: str, parts: Sequence[Markup], keys: Sequence[Markup] = ()
) -> Markup:
    """Return a picture with its legend; `described` says in words what is to be seen."""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    label = {"aria-labelledby": f"{name}-title {name}-desc"}
    picture = element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", described, id=f"{name}-desc"),
        *axes.grid(),
        *parts,
        viewBox=f"0 0 {axes.width} {axes.height}",
        role="img",
        **label,
    )
    legend = [element("figcaption", *keys)] if keys else []
    return element("figure", picture, *legend)


def key(name: str, kind: str) -> Markup:
    """Return what a kind of line, band or point stands for."""
    return element("span", name, class_=f"key {kind}")


def words(x: float, y: float, text: str, anchor: str) -> Markup:
    """Return words at a place, in pixels."""
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", class_=anchor)


def beside(picture: Markup, figures: Markup) -> Markup:
    """Return a picture and its table, side by side where there is room."""
    return element("div", picture, figures, class_="beside")
