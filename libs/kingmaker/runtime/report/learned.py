"""One page about what a desk learned from outcomes: pictures, and the figures beside them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.learning import estimate
from kingmaker.runtime.report import learned_pictures as pictures
from kingmaker.runtime.report.chart import beside
from kingmaker.runtime.report.markup import Markup, element, joined, moment, number, section, table
from kingmaker.runtime.report.page import STYLE, document

GENERATOR = '<meta name="generator" content="kingmaker learn report">'
OPENING = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{GENERATOR}'  # of a page
COMPARED_MAX = 6  # pictures; the table holds all
DOTS_MAX = 5_000  # the newest trades; the table counts all
HEADS = """
@media (min-width: 72rem) { body { max-width: 84rem }
  .beside { display: grid; grid-template-columns: 3fr 2fr; gap: 1.5rem; align-items: start } }
.several { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem }
:root { --h0: #0072b2; --h1: #d98200; --h2: #009e73; --h3: #b25690; --h4: #56b4e9; --h5: #c4b400;
  --h6: #c14a00; --h7: #7a7a7a; --h8: #5d4fb3 }
svg .interval { stroke: var(--evidence); stroke-width: 2 }
svg circle.evidence { fill: var(--evidence) }
svg circle.won { fill: var(--evidence) } svg circle.neutral { fill: var(--soft) }
svg circle.lost { fill: none; stroke: var(--mean); stroke-width: 1.6 }
.key.won::before { color: var(--evidence) } .key.neutral::before { color: var(--soft) }
.key.lost::before { color: var(--mean) }
svg polygon.head { stroke: var(--paper); stroke-width: 1 }
svg text.inside { fill: #000; paint-order: stroke; stroke: #fff; stroke-width: 3px }
""" + "\n".join(
    f"svg .h{n} {{ fill: var(--h{n}) }} .key.h{n}::before {{ color: var(--h{n}) }}"
    for n in range(len(COMPONENTS))
)

type Row = Mapping[str, Any]


def page(found: Row) -> str:
    """Return the whole file; `found` holds what the `learn` commands print, by their names."""
    title = f"What {found['desk']} learned from outcomes"
    parts = (
        _head(title, found["performance"]),
        _reliability(found["reliability"]),
        _heads(found["performance"]["heads"]),
        _weights(found["weights"]),
        _equity(found["equity"]),
        _excursions(found["excursions"], found["reasons"]),
        _weeks(found["improvements"]),
    )
    return document(title, GENERATOR, STYLE + HEADS, parts)


def _head(title: str, found: Row) -> Markup:
    total, learned = found["overall"], found["learning"]
    off = (
        "" if learned["enabled"] else " learning.head_weights is off: every head weighs one ninth."
    )
    rows = [
        ("signals taken", f"{total['signals']:,}"),
        ("won, %", estimate(total["win_rate"])),
        ("net a signal, %", estimate(total["profit"], digits=3)),
        ("profit factor", total["profit_factor"]),
        ("Sharpe ratio, a signal", total["sharpe"]),
        ("deepest drawdown, %", 100.0 * total["drawdown"]),
        ("outcomes", f"{learned['outcomes']:,} in {learned['days']:g} days"),
        ("version of the weights", f"{learned['version']:,}"),
    ]
    said = "Intervals are of 95 %: Wilson's for rates, normal for means." + off
    return element(
        "header",
        element("h1", title),
        element("p", said, class_="note"),
        table(("what", "figure"), rows),
    )


def _reliability(found: Sequence[Row]) -> Markup:
    probabilities = [row for row in found if row["is_probability"]]
    heads = [row for row in found if not row["is_probability"]]
    if not found:
        return section("Reliability", note="No signal was resolved whose models all answered.")
    parts = [
        beside(pictures.reliability(row), _bins(row, "online_learning says", "won, %"))
        for row in probabilities
    ]
    if heads:
        note = "How often each head was right by its confidence, which is no probability: more of"
        note += " it should go with being right more often."
        small = element("div", *(pictures.reliability(row) for row in heads), class_="several")
        tables = [
            element(
                "details", element("summary", row["name"]), _bins(row, "confidence", "right, %")
            )
            for row in heads
        ]
        parts += [element("h3", "Heads"), element("p", note, class_="note"), small, *tables]
    note = "p_win against how often signals won, taken or not; the number is how many."
    return section("Reliability", *parts, note=note)


def _bins(row: Row, across: str, what: str) -> Markup:
    cells = [
        (f"{one['low']:.1f} to {one['high']:.1f}", f"{one['said']:.3f}", estimate(one["right"]))
        + ((one["reading"],) if row["is_probability"] else ())
        for one in row["bins"]
    ]
    titles = (across, "mean", what) + (("reading",) if row["is_probability"] else ())
    return table(titles, cells)


def _heads(found: Sequence[Row]) -> Markup:
    rows = [
        (
            row["letter"],
            row["head"],
            f"{row['weight']:.4f}",
            estimate(row["accuracy"]),
            estimate(row["lift"]),
        )
        for row in found
    ]
    note = "Lift: points more often that signals win that a head agrees with than others do."
    return section(
        "Heads", table(("head", "component", "weight", "right, %", "lift"), rows), note=note
    )


def _weights(stream: Row) -> Markup:
    history = stream["history"]
    if not history:
        return section("Weights", note="No version was learned yet: every head weighs one ninth.")
    first, last = history[0], history[-1]
    rows = [
        (
            letter,
            name,
            f"{first[name]:.4f}",
            f"{last[name]:.4f}",
            f"{last[name] - first[name]:+.4f}",
        )
        for letter, name in zip("ABCDEFGHI", COMPONENTS, strict=True)
    ]
    titles = ("", "head", f"version {first['version']}", f"version {last['version']}", "change")
    note = f"{len(history):,} versions from {moment(first['at_ms'])} to {moment(last['at_ms'])}."
    return section("Weights", beside(pictures.weights(stream), table(titles, rows)), note=note)


def _equity(found: Row) -> Markup:
    parts: list[Markup] = []
    if found["account"]:
        drawn = joined(pictures.equity("the account", {"account": found["account"]}))
        parts.append(beside(drawn, table(SIDES, [_side("account", "", found["account"])])))
    for row in found["compared"][:COMPARED_MAX]:
        parts.append(element("h3", f"{row['kind']} {row['name']} on {row['slot']}"))
        parts.append(joined(pictures.equity(row["name"], _sides(row))))
    rows = [cell for row in found["compared"] for cell in _both(row)]
    if rows:
        parts += [element("h3", "Both sides over the same pairs"), table(SIDES, rows)]
    note = "After costs, fraction of the capital base summed. A twin is the champion as it was"
    note += " exported, learning nothing; a watch is the model before the crown."
    left = len(found["compared"]) - COMPARED_MAX
    if left > 0:
        note += f" Drawn are the last {COMPARED_MAX}; the table holds {left} more."
    return section("Equity and drawdown", *parts, note=note if parts else "No trade is closed yet.")


SIDES = ("side", "of", "points", "equity, %", "deepest drawdown, %")


def _sides(row: Row) -> dict[str, Sequence[Row]]:
    other = {"twin": "frozen twin", "trial": "challenger", "watch": "the model before"}
    return {"champion": row["champion"], other[row["kind"]]: row["challenger"]}


def _both(row: Row) -> Iterator[Sequence[str]]:
    for side, curve in _sides(row).items():
        yield _side(side, row["name"], curve)


def _side(side: str, of: str, curve: Sequence[Row]) -> Sequence[str]:
    deepest = max(point["drawdown"] for point in curve)
    equity = f"{100 * curve[-1]['equity']:+.2f}"
    return side, of, f"{len(curve):,}", equity, f"{100 * deepest:.2f}"


def _excursions(found: Sequence[Row], reasons: Sequence[Row]) -> Markup:
    if not found:
        return section("Excursions", note="No trade is closed yet.")
    rows = [
        (
            row["reason"],
            f"{row['trades']:,}",
            f"{row['worst_r']:+.2f}",
            f"{row['best_r']:+.2f}",
            f"{100 * row['net']:+.3f}",
        )
        for row in reasons
    ]
    titles = ("ended", "trades", "worst, R", "best, R", "net, %")
    note = "How far every closed trade went against and for the account, in units of its risk."
    if len(found) > DOTS_MAX:
        note += f" Drawn are the last {DOTS_MAX:,} of {len(found):,}."
    drawn = pictures.excursions(found[-DOTS_MAX:])
    return section("Excursions", beside(drawn, table(titles, rows)), note=note)


def _weeks(found: Sequence[Row]) -> Markup:
    rows = [
        (
            number(row["week"]),
            moment(row["from_ms"])[:10],
            f"{row['overall']['signals']:,}",
            estimate(row["overall"]["win_rate"]),
            estimate(row["overall"]["profit"], digits=3),
            estimate(row["gain"]),
            row["reading"],
            row["classic"],
        )
        for row in found
    ]
    titles = (
        "week",
        "from",
        "signals",
        "won, %",
        "net a signal, %",
        "gain, points",
        "reading",
        "classic",
    )
    note = "Against the first two weeks; what earlier systems promised is beside, never asserted."
    return section("Weeks", table(titles, rows), note=note)
