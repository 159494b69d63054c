"""`kingmaker learn report` and what it draws, as tables: confidence against what came of it."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kingmaker.runtime import learning, outcomes
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options, writable
from kingmaker.runtime.cli.output import Column, one, rows
from kingmaker.runtime.cli.overwriting import replaceable
from kingmaker.runtime.report.markup import number

DAYS = 365  # of the stream of weights
BAR = 20  # characters of a share

SAID = (
    Column("DESK", "desk"),
    Column("WHO", "name"),
    Column("SAID", "span"),
    Column("MEAN", "said", lambda said: f"{said:.3f}", right=True),
    Column("RIGHT", "value", lambda share: f"{share:.1%}", right=True),
    Column("95 %", "interval"),
    Column("N", "n", lambda n: f"{n:,}", right=True),
    Column("0 TO 100 %: ▒ INTERVAL, ● RIGHT, │ SAID", "drawn"),
    Column("READING", "reading"),
)


def report(desk: str = "", /, *, out: Path, options: Options | None = None) -> int:
    """Write a page about what a desk learned, that stands by itself: pictures and their figures.

    Reliability of p_win and of the heads, the stream of weights, equity and drawdown of the
    account, of trials and of frozen twins, excursions of closed trades, week by week.

    :param desk: Default: the only desk.
    :param out: The file: HTML.
    """
    from kingmaker.runtime.report.learned import OPENING, page  # noqa: PLC0415 - only here

    options = options or Options()
    file = replaceable(writable(out), OPENING, "--out")
    with opened(options.home) as home:
        found = _collected(home, desk)
    file.write_text(page(found), encoding="utf-8")
    answer = {"desk": found["desk"], "file": str(file)}
    one(answer, [str(file)], options.output)
    return Exit.DONE


def reliability(desk: str = "", /, *, options: Options | None = None) -> int:
    """Show how often p_win and the heads were right, by tenths of what they said.

    A reading stands beside p_win alone: the confidence of a head is no probability.

    :param desk: Default: every desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        names = [home.desk(desk).name] if desk else [one.name for one in home.desks]
        found = [row for name in names for row in outcomes.reliability(home.query, name)]
    if options.output == "table":
        told = [_bin(row, bin_) for row in found for bin_ in row["bins"]]
        rows(told, SAID, options.output, "No signal was resolved yet.")
    else:
        rows(found, (), options.output)
    return Exit.DONE


def _collected(home: Opened, desk: str) -> dict[str, Any]:
    """Return what each command of `learn` would print of a desk, by its name."""
    names = [one.name for one in home.desks]
    if not desk and len(names) > 1:
        raise CommandError(f"there are several desks; name one: {', '.join(names)}.", Exit.USAGE)
    about = home.desk(desk or names[0])
    trades = list(outcomes.excursions(home.log, about.index))
    return {
        "desk": about.name,
        "performance": learning.performance(home.query, about.name),
        "reliability": outcomes.reliability(home.query, about.name),
        "weights": learning.weight_stream(home.query, about.name, DAYS),
        "equity": outcomes.equity(home.query, about.name),
        "excursions": [asdict(trade) for trade in trades],
        "reasons": outcomes.by_reason(trades),
        "improvements": learning.improvements(home.query, about.name),
    }


def _bin(row: Mapping[str, Any], bin_: Mapping[str, Any]) -> dict[str, Any]:
    right = bin_["right"]
    return {
        "desk": row["desk"],
        "name": row["name"],
        "span": f"{number(bin_['low'])} to {number(bin_['high'])}",
        "said": bin_["said"],
        **right,
        "interval": f"{right['low']:.1%} to {right['high']:.1%}",
        "drawn": _drawn(right, bin_["said"] if row["is_probability"] else None),
        "reading": bin_["reading"],
    }


def _drawn(right: Mapping[str, Any], said: float | None) -> str:
    """Draw an interval from 0 to 100 %, what came in it, and what was said."""
    low, value, high = (min(BAR - 1, int(right[name] * BAR)) for name in ("low", "value", "high"))
    marks = ["▒" if low <= place <= high else "·" for place in range(BAR)]
    if said is not None:
        marks[min(BAR - 1, int(said * BAR))] = "│"
    marks[value] = "●"
    return "".join(marks)
