"""The pictures of a page about what a desk learned: reliability, weights, equity, excursions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.report.chart import Axes, around, figure, key, words
from kingmaker.runtime.report.markup import Markup, number

SMALL = 340, 240  # of a diagram beside others, in pixels
WINS = frozenset(("TP_HIT", "TRAILED"))
NEUTRAL = frozenset(("BREAKEVEN", "TIME_EXIT", "EXPIRED"))
LABEL_MIN = 0.07  # of a weight: a narrower band has no room for its letter

type Row = Mapping[str, Any]


def reliability(row: Row) -> Markup:
    """Draw how often one was right against what it said, with 95 % intervals and counts."""
    probability = row["is_probability"]
    width, height = (720, 300) if probability else SMALL
    across = "probability said" if probability else "confidence"
    upwards = "share that won" if probability else f"{row['name']}: share right"
    axes = Axes(across, upwards, 0.0, 1.0, 0.0, 1.0, width=width, height=height)
    parts = [axes.line((0.0, 0.0), (1.0, 1.0), "mark")] if probability else []
    if not probability:
        parts.append(axes.line((0.0, 0.5), (1.0, 0.5), "mark"))
    for one in row["bins"]:
        parts += _bin(axes, one)
    what = "won" if probability else "right"
    told = "; ".join(
        f"{one['low']:.1f} to {one['high']:.1f}: said {one['said']:.3f}, {what}"
        f" {one['right']['value']:.3f} of {one['right']['n']}"
        for one in row["bins"]
    )
    straight = "honest" if probability else "a coin's share"
    keys = (key("95 % interval (Wilson)", "evidence"), key(straight, "mark"))
    return figure(axes, f"Reliability of {row['name']}", told, parts, keys)


def _bin(axes: Axes, one: Row) -> Iterator[Markup]:
    right, said = one["right"], one["said"]
    yield axes.line((said, right["low"]), (said, right["high"]), "interval")
    yield axes.dot((said, right["value"]), "evidence", f"n={right['n']}")
    yield words(axes.x(said) + 5, axes.y(right["value"]) - 5, f"{right['n']:,}", "start")


def weights(stream: Row) -> Markup:
    """Draw the nine weights from version to version as bands, the first head below."""
    history = stream["history"]
    places = [float(row["version"]) for row in history]
    axes = Axes("version", "weight, summed", places[0], max(places[-1], places[0] + 1), 0.0, 1.0)
    parts: list[Markup] = []
    below = [0.0] * len(history)
    for place, name in enumerate(COMPONENTS):
        above = [under + row[name] for under, row in zip(below, history, strict=True)]
        lower, upper = _points(places, below), _points(places, above)
        parts.append(axes.band(lower, upper, f"head h{place}"))
        if above[-1] - below[-1] > LABEL_MIN:
            middle = axes.y((above[-1] + below[-1]) / 2) + 4
            parts.append(words(axes.x(places[-1]) - 6, middle, "ABCDEFGHI"[place], "end inside"))
        below = above
    first, last = history[0], history[-1]
    told = "; ".join(f"{name} {first[name]:.4f} to {last[name]:.4f}" for name in COMPONENTS)
    keys = [
        key(f"{letter} {name}", f"head h{place}")
        for place, (letter, name) in enumerate(zip("ABCDEFGHI", COMPONENTS, strict=True))
    ]
    return figure(axes, "Weights of the nine heads", told, parts, keys)


def equity(name: str, curves: Mapping[str, Sequence[Row]]) -> Sequence[Markup]:
    """Draw equity, and below it the drawdown, of each side over the same time, in per cent."""
    kinds = dict(zip(curves, ("evidence", "mean"), strict=False))
    times = [row["at_ms"] for mine in curves.values() for row in mine]
    return [
        _curves(name, what, curves, kinds, (min(times), max(times)))
        for what in ("equity", "drawdown")
    ]


def _curves(
    name: str,
    what: str,
    curves: Mapping[str, Sequence[Row]],
    kinds: Mapping[str, str],
    span: tuple[float, float],
) -> Markup:
    sign = -100.0 if what == "drawdown" else 100.0
    lines = {
        side: [(float(row["at_ms"]), sign * row[what] + 0.0) for row in mine]
        for side, mine in curves.items()
    }
    low, high = around([y for points in lines.values() for _, y in points], 0.0)
    height = 180 if what == "drawdown" else 300
    axes = Axes("UTC", f"{what}, %", *span, low, high, of_time=True, height=height)
    parts = [axes.line((span[0], 0.0), (span[1], 0.0), "mark")]
    parts += [axes.path(points, kinds[side]) for side, points in lines.items()]
    deepest = " deepest" if what == "drawdown" else " at the end"
    told = "; ".join(
        f"{side}: {number(round(_told(what, points), 4))} %{deepest}"
        for side, points in lines.items()
    )
    keys = [key(side, kinds[side]) for side in lines]
    return figure(axes, f"{what.capitalize()} of {name}", told, parts, keys)


def _told(what: str, points: Sequence[tuple[float, float]]) -> float:
    return min(y for _, y in points) if what == "drawdown" else points[-1][1]


def excursions(found: Sequence[Row]) -> Markup:
    """Draw each trade by how far it went against and for the account, in R, and how it ended."""
    left, right = around([one["worst_r"] for one in found], -1.0, 0.0)
    low, high = around([one["best_r"] for one in found], 0.0, 1.0)
    axes = Axes("worst excursion, R", "best excursion, R", left, right, low, high, height=380)
    parts = [axes.line((-1.0, low), (-1.0, high), "mark")]
    for one in found:
        said = f"{one['trade']} {one['reason']}: worst {one['worst_r']:+.2f} R"
        said += f", best {one['best_r']:+.2f} R, net {100 * one['net']:+.2f} %"
        parts.append(axes.dot((one["worst_r"], one["best_r"]), _ended(one["reason"]), said))
    told = f"{len(found)} closed trades. Upright at -1 R: the stop, before costs."
    keys = (
        key("target or trailed", "won"),
        key("breakeven, out of time or expired", "neutral"),
        key("stopped, or otherwise", "lost"),
    )
    return figure(axes, "Excursions of closed trades", told, parts, keys)


def _ended(reason: str) -> str:
    return "won" if reason in WINS else "neutral" if reason in NEUTRAL else "lost"


def _points(places: Sequence[float], heights: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(places, heights, strict=True))
