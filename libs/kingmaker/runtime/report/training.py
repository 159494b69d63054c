"""One page about a training: why it began, how its loss fell, what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kingmaker.runtime import searches
from kingmaker.runtime.reactors.progress import curves
from kingmaker.runtime.report.markup import (
    Markup,
    code,
    element,
    facts,
    moment,
    number,
    section,
    table,
)
from kingmaker.runtime.report.page import POLICY, STYLE

GENERATOR = '<meta name="generator" content="kingmaker train report">'
OPENING = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{GENERATOR}'  # of a page
WIDTH, HEIGHT, MARGIN = 900.0, 260.0, 60.0

type Line = Mapping[str, Any]


def page(row: Mapping[str, Any], lines: Sequence[Line]) -> str:
    """Return the whole file; `row` is a training as `train ls` knows it, `lines` what it said."""
    title = f"{row['training']} {row['slot']}: {row['result'] or row['state']}"
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup(GENERATOR),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        element("title", title),
        element("style", Markup(STYLE)),
    )
    body = element("body", element("h1", title), _about(row), *_losses(lines), *_figures(row))
    return f"<!doctype html>\n{element('html', head, body, lang='en').html}\n"


def _about(row: Mapping[str, Any]) -> Markup:
    cause = ", ".join(f"{name} {number(value)}" for name, value in sorted(row["numbers"].items()))
    rows = {
        "cause": f"{row['cause']}: {cause}" if cause else row["cause"],
        "asked by": row["actor"],
        "began": moment(row["started_ms"]),
        "ended": moment(row["ended_ms"] or 0),
        "state": row["state"],
        "failed attempts": row["failures"],
        "learned from": f"{row['trades']:,} closed trades, {row['new_trades']:,} of them new",
        "product": code(row["digest"]) if row["digest"] else None,
        "origin": row.get("origin"),
        "teacher": code(row["teacher"]) if row.get("teacher") else None,
        "event": code(row["event"]),
    }
    return section("What it was", facts(rows))


def _losses(lines: Sequence[Line]) -> Iterator[Markup]:
    found = curves(lines)
    if not found:
        yield section("Loss", note="It told no loss, or the file that kept it is gone.")
    for whose, points in found.items():
        (first, _), (last, end) = points[0], points[-1]
        note = f"{len(points)} points, from step {first:g} to {last:g}; at the end {end:.4g}."
        title = f"Loss of {whose}" if whose else "Loss"
        yield section(title, element("figure", _drawn(points)), note=note)


def _drawn(points: Sequence[tuple[float, float]]) -> Markup:
    left, right = points[0][0], points[-1][0]
    low, high = min(loss for _, loss in points), max(loss for _, loss in points)
    across, upright = max(right - left, 1e-12), max(high - low, 1e-12)
    path = " ".join(
        f"{MARGIN + (step - left) / across * (WIDTH - 2 * MARGIN):.1f},"
        f"{HEIGHT - MARGIN / 2 - (loss - low) / upright * (HEIGHT - MARGIN):.1f}"
        for step, loss in points
    )
    label = MARGIN - 8
    parts = (
        Markup(f'<polyline class="evidence" points="{path}"/>'),
        element("text", f"{high:.4g}", class_="end", x=f"{label}", y=f"{MARGIN / 2}"),
        element("text", f"{low:.4g}", class_="end", x=f"{label}", y=f"{HEIGHT - MARGIN / 2}"),
        element("text", f"step {left:g}", x=f"{MARGIN}", y=f"{HEIGHT - 8}"),
        element("text", f"{right:g}", class_="end", x=f"{WIDTH - MARGIN}", y=f"{HEIGHT - 8}"),
    )
    return element("svg", *parts, viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", role="img")


def _figures(row: Mapping[str, Any]) -> Iterator[Markup]:
    of_search, on_holdout = searches.split(row["metrics"])
    if of_search:
        title = f"Of the search of {row['trials']:,} trials, before the hold-out was looked at"
        yield section(title, _numbers("figure", of_search), _numbers("found", row["found"]))
    verdict = row["result"] or "it is not over"
    yield section("What came of it", _numbers("on the hold-out", on_holdout), note=verdict)


def _numbers(title: str, figures: Mapping[str, float]) -> Markup:
    rows = [(name, number(value)) for name, value in sorted(figures.items())]
    return table((title, "value"), rows)
