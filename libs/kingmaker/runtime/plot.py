"""Draws a curve of evidence as SVG: a logarithmic axis, thresholds, marks, the decisive point.

A drawing stands by itself: no fonts, scripts or styles from elsewhere. It can be a file, or a part
of an HTML page.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 960, 420
LEFT, RIGHT, TOP, BOTTOM = 84, 24, 56, 48  # margins
TICKS_MAX = 8
LABEL, LABELS = 16, 4  # height of a line of words; so many below each other, else they overlap
OPENING = (
    f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img'"
    f" width='100%' style='max-width:{WIDTH}px;background:#ffffff'>"
)
LN_10 = math.log(10.0)
INK, GRID, CURVE, LIMIT, POINT = "#222222", "#dddddd", "#1f5fa8", "#b3261e", "#1a7f37"
FONT = "font-family='sans-serif' font-size='13'"
HALO = "stroke='#ffffff' stroke-width='3' paint-order='stroke'"  # words stay readable on a curve


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to be seen: at a row (upright) or at a height (across, a natural logarithm)."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn; heights are natural logarithms, shown as powers of ten."""

    title: str
    points: Sequence[tuple[float, float]]  # (row or pair, height), from left to right
    thresholds: Sequence[Mark] = field(default=())
    marks: Sequence[Mark] = field(default=())
    decisive: Mark | None = None  # where the threshold was first met
    across: str = "pair"
    upright: str = "evidence E"
    also: Sequence[tuple[float, float]] = field(default=())  # a second curve, thinner


def svg(drawing: Drawing) -> str:
    """Return the drawing as one `svg` element."""
    frame = _Frame.around(drawing)
    parts = [
        OPENING,
        f"<title>{escape(drawing.title)}</title>",
        f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#ffffff'/>",
        _text(LEFT, 24, drawing.title, anchor="start"),
        *_axes(frame, drawing),
        *_marks(frame, drawing),
        *_curve(frame, drawing),
        "</svg>",
    ]
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is seen of the plane, and where on the paper."""

    left: float
    right: float
    low: float
    high: float

    @classmethod
    def around(cls, drawing: Drawing) -> "_Frame":
        points = [*drawing.points, *drawing.also]
        rows = [x for x, _ in points] + [mark.at for mark in drawing.marks] or [0.0]
        heights = [y for _, y in points] + [mark.at for mark in drawing.thresholds]
        low, high = min(heights, default=0.0), max(heights, default=0.0)
        low, high = min(low, 0.0), max(high, LN_10)
        room = 0.05 * (high - low)
        return cls(min(rows), max(*rows, min(rows) + 1.0), low - room, high + room)

    def x(self, row: float) -> float:
        share = (row - self.left) / (self.right - self.left)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, height: float) -> float:
        share = (height - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _axes(frame: _Frame, drawing: Drawing) -> Iterator[str]:
    for power in _ticks(frame.low / LN_10, frame.high / LN_10, whole=True):
        y = frame.y(power * LN_10)
        yield _line(LEFT, y, WIDTH - RIGHT, y, GRID)
        yield _text(LEFT - 8, y + 4, f"{10.0**power:g}" if abs(power) < 5 else f"1e{power:.0f}")  # noqa: PLR2004 - longer numbers as powers
    for row in _ticks(frame.left, frame.right, whole=False):
        x = frame.x(row)
        yield _line(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 5, INK)
        yield _text(x, HEIGHT - BOTTOM + 20, f"{row:,.0f}", anchor="middle")
    yield _line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, INK)
    yield _text(WIDTH - RIGHT, HEIGHT - 8, drawing.across)
    yield _text(LEFT, TOP - 10, f"{drawing.upright} (log scale)", anchor="start")


def _marks(frame: _Frame, drawing: Drawing) -> Iterator[str]:
    for mark in drawing.thresholds:
        y = frame.y(mark.at)
        yield _line(LEFT, y, WIDTH - RIGHT, y, LIMIT, dashed=True)
        yield _text(LEFT + 6, y - 5, mark.label, anchor="start", colour=LIMIT)
    for number, mark in enumerate(drawing.marks):
        x, y = frame.x(mark.at), HEIGHT - BOTTOM - 6 - LABEL * (number % LABELS)
        yield _line(x, TOP, x, HEIGHT - BOTTOM, INK, dashed=True)
        late = x > LEFT + 0.8 * (WIDTH - LEFT - RIGHT)
        yield _text(x - 4 if late else x + 4, y, mark.label, anchor="end" if late else "start")


def _curve(frame: _Frame, drawing: Drawing) -> Iterator[str]:
    yield _path(frame, drawing.points, CURVE, 1.5)
    if drawing.also:
        yield _path(frame, drawing.also, LIMIT, 1.0)
    if drawing.decisive:
        row = drawing.decisive.at
        height = next((y for x, y in drawing.points if x >= row), 0.0)
        x, y = frame.x(row), frame.y(height)
        yield f"<circle cx='{x:.1f}' cy='{y:.1f}' r='5' fill='{POINT}'/>"
        late = x > WIDTH / 2
        anchor, side = ("end", -10) if late else ("start", 10)
        yield _text(x + side, y - 8, drawing.decisive.label, anchor=anchor, colour=POINT)


def _path(frame: _Frame, points: Sequence[tuple[float, float]], colour: str, width: float) -> str:
    path = " ".join(f"{frame.x(row):.1f},{frame.y(height):.1f}" for row, height in points)
    return f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{width}'/>"


def _ticks(low: float, high: float, *, whole: bool) -> list[float]:
    """Return round numbers between two, at most eight or so."""
    rough = (high - low) / TICKS_MAX
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * share for share in (1.0, 2.0, 5.0, 10.0) if power * share >= rough)
    step = max(step, 1.0) if whole else step
    step = math.ceil(step) if whole else step
    first, last = math.ceil(low / step), math.floor(high / step)
    return [at * step for at in range(first, last + 1)]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashed: bool = False) -> str:  # noqa: PLR0913 - a line has two ends
    dashes = " stroke-dasharray='5 4'" if dashed else ""
    return (
        f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{colour}'{dashes}/>"
    )


def _text(x: float, y: float, words: str, *, anchor: str = "end", colour: str = INK) -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='{colour}' {FONT} {HALO}>"
        f"{escape(words)}</text>"
    )
