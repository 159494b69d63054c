"""The page of the results: tables of what was measured, tested together, and their limits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bench.results.chance import holm, verdict
from bench.results.measured import NOTHING, Compared, Measured, Row
from bench.results.walk import Step

HEAD = ("", "trades", "won", "gross a trade", "net a trade", "net sum", "Sharpe (95 %)", "p", "")
SMALLEST = 0.001  # p that is told as a number
OPENING = """# How strategies and the line-up fare on real bars, before and after learning

Written by `{command}` at {commit}; the data are those of `KINGMAKER_DATA`.
Figures as measured, good or bad.
{note}
{short}

## How it was measured

- **Walk forward.** A market's bars are cut into a first part and steps of equally many bars. Before
  each step the nine components learn from all that was over and closed by then, purged (no trade
  that was still open, no bar that had not closed), as historical learning does: from what the
  line-up that ships did, judged on the latest quarter, with what ships for settings. Then they are
  frozen and trade the step in the whole product, every service of it.
- **Before learning**: the nine models that ship. **All nine learned**: they are put on the throne
  together, without a trial, to see what learning alone is worth; the product would not do that.
  **Those admitted**: only products that pass admission and gain in each step of their own walk
  forward, as the product demands it before a trial. **One learned alone**: what ships, with that
  component's product; it decides as a challenger beside the line-up, and *ready* says that it
  passed every gate of promotion, evidence included, within what was played at once.
- **Net** is after fee, half spread and slippage on both sides, as a fraction of the capital base at
  full size. {funding}
  Rollover of currencies is in no file and left out. Every signal is a trade of its own, so trades
  overlap: it is no portfolio. *Gross* is the same before costs.
- **Sharpe** is of daily net returns, a year: times the root of 365, or of 252 where markets close
  on weekends (Sunday evening is Monday there). All symbols of a day are one number; days without a
  trade count 0. Standard errors are robust to autocorrelation (Newey-West, Bartlett weights), the
  interval is Student's. In worlds of pure chance with fat tails such an interval misses the truth
  in 5 to 6 % of cases at 2,000 days, and in 7 to 12 % at 24 to 40: read short ones as too narrow
  (`tests/bench/results/test_chance.py::test_an_interval_of_few_days_is_too_narrow`).
- **p** is that of a ratio of 0, two-sided, adjusted for all {tests} tests of this page (Holm).
  Below 5 % a row is told from chance, else it is *not distinguishable from chance*. Under 20 days
  nothing is said.
- A **change** is after less before, day by day. Who trades less loses less where trading loses, so
  a change that is better than before is no skill by itself. Skill shows in the net return a trade
  (of full size; half of it counts half): by how much it changed is tested, too (two means on the
  same days, by the delta method).
- The rules' density and targets were chosen after looking at the bundled bars, a part of the
  perpetuals' ([0013](decisions/0013-what-was-chosen-after-looking.md)). Fills at stop and target
  are simulated from bars, the stop first where both are in one.
"""


def page(
    found: Sequence[Measured], skipped: Sequence[str], command: str, commit: str, note: str = ""
) -> str:
    """Return the page; `skipped` names the markets whose data were not there.

    `note`: what was done to the parts otherwise than by the command.
    """
    rows = [row for one in found for row in one.rows()]
    tested = [test for row in rows for test in (row.ratio, row.shift) if test is not None]
    adjusted = dict(zip(map(id, tested), holm([test.p for test in tested]), strict=True))
    opening = OPENING.format(
        command=command,
        commit=commit,
        note=f"\n{note.strip()}\n" if note else "",
        short="\n".join(_short(found, adjusted)),
        tests=len(tested),
        funding=_funding(found),
    )
    lines = [opening]
    for one in found:
        lines += _market(one, adjusted)
    lines += [f"*{name}: skipped, its data are not there.*\n" for name in skipped]
    return "\n".join(lines)


def _short(found: Sequence[Measured], adjusted: Mapping[int, float]) -> Iterator[str]:
    """Yield what stands in the tables, in a few lines."""
    rows = [row for one in found for row in one.rows() if row.other == NOTHING]
    told = [_verdict(row, adjusted) for row in rows]
    better = sum(verdict.startswith("better") for verdict in told)
    worse = sum(verdict.startswith("worse") for verdict in told)
    yield (
        f"**In short.** Of {len(rows)} rows against doing nothing {better} are better,"
        f" {worse} worse, the others not distinguishable from chance or too short to tell."
    )
    for one in found:
        told = [
            f" {name[0].upper()}{name[1:]}: {_verdict(two.after, adjusted)}"
            f" ({two.after.trades:,}); against before: {_verdict(two.change, adjusted)}"
            f"{_by(two.change)}."
            for name, two in one.lineups.items()
        ]
        yield (
            f"- {one.market.title}. Line-up before learning: {_verdict(one.before, adjusted)}"
            f" ({one.before.trades:,} trades).{''.join(told)} {_ready(one)}"
        )


def _market(one: Measured, adjusted: Mapping[int, float]) -> Iterator[str]:
    market = one.market
    yield f"## {market.title[0].upper()}{market.title[1:]}\n"
    yield (
        f"{one.bars:,} bars from {_day(one.from_ms)} to {_day(one.until_ms)};"
        f" {2 * sum(market.costs_bp):g} bp a round trip. The first {market.first_share:.0%} of the"
        f" bars are learned from only; {market.steps} steps. {one.days[0]:,} trading days,"
        f" {one.days[1]:,} of them in the steps. Played at {', '.join(one.commits)}.\n"
    )
    yield "Nothing learned, all bars:\n"
    yield from _table([(row.name, row) for row in one.unlearned], adjusted)
    yield "Walk forward, the steps together:\n"
    lineups = [(one.before.name, one.before), *_pairs(one.lineups)]
    yield from _table(lineups, adjusted)
    if one.components:
        yield "One component learned, the others as they ship, and the change by it:\n"
        yield from _table(_pairs(one.components), adjusted)
    else:
        yield "What one component learned alone changes was not played here.\n"
    yield "What each step learned from, and what came of it:\n"
    yield from _steps(one.steps)
    if one.symbols:
        yield "By symbol, all nine learned:\n"
        yield from _symbols(one.symbols, adjusted)


def _pairs(compared: Mapping[str, Compared]) -> Iterator[tuple[str, Row]]:
    for name, one in compared.items():
        yield name, one.after
        yield "- change", one.change


def _table(rows: Iterable[tuple[str, Row]], adjusted: Mapping[int, float]) -> Iterator[str]:
    yield _line(HEAD)
    yield _line(["---"] * len(HEAD))
    for name, row in rows:
        yield _line([name, *_cells(row, adjusted)])
    yield ""


def _cells(row: Row, adjusted: Mapping[int, float]) -> list[str]:
    tail = [f"{row.net:+.1%}", _sharpe(row), _chance(row, adjusted), _verdict(row, adjusted)]
    if row.other != NOTHING:
        return [f"{row.trades:+,}", "", "", _shift(row, adjusted), *tail]
    if not row.trades:
        return ["0", "", "", "", "", "", "", "no trade"]
    each = [f"{1e4 * total / row.size:+.1f} bp" for total in (row.gross, row.net)]
    return [f"{row.trades:,}", f"{row.won / row.trades:.0%}", *each, *tail]


def _symbols(symbols: Mapping[str, Compared], adjusted: Mapping[int, float]) -> Iterator[str]:
    head = ("", "trades", "Sharpe before", "", "trades", "Sharpe after", "", "change")
    yield _line(head)
    yield _line(["---"] * len(head))
    for symbol, one in symbols.items():
        sides = [
            cell
            for row in (one.before, one.after)
            for cell in (f"{row.trades:,}", _sharpe(row), _verdict(row, adjusted))
        ]
        yield _line([symbol, *sides, _verdict(one.change, adjusted)])
    yield ""


def _steps(steps: Sequence[Step]) -> Iterator[str]:
    head = ("step", "from", "until", "closed trades known", "admitted", "ready", "not learned")
    yield _line(head)
    yield _line(["---"] * len(head))
    for number, step in enumerate(steps, start=1):
        known = max((int(_known(one.metrics)) for one in step.lessons), default=0)
        failed = [one.component for one in step.lessons if not one.digest]
        names = [", ".join(some) or "none" for some in (step.admitted, step.ready, failed)]
        days = (_day(step.span.from_ms), _day(step.span.until_ms - 1))
        yield _line([str(number), *days, f"{known:,}", *names])
    yield ""


def _known(metrics: Mapping[str, float]) -> float:
    return metrics.get("learned_trades", 0.0) + metrics.get("holdout_trades", 0.0)


def _by(change: Row) -> str:
    return f", {1e4 * change.shift.value:+.1f} bp a trade" if change.shift else ""


def _ready(one: Measured) -> str:
    if not one.components:
        return ""
    ready = [name for step in one.steps for name in step.ready]
    among = f" ({', '.join(sorted(set(ready)))})" if ready else ""
    asked = sum(bool(lesson.digest) for step in one.steps for lesson in step.lessons)
    return f"Of {asked} challengers {len(ready)} passed every gate{among}."


def _funding(found: Sequence[Measured]) -> str:
    known = [one for one in found if one.funded]
    if not known:
        return "No funding is known."
    symbols = sum(len(one.funded) for one in known)
    total = sum(one.funding for one in known)
    return (
        f"Funding of perpetuals is taken off where the data have it ({symbols} symbols; it came to"
        f" {total:+.2%} of the capital base for the line-up before learning)."
    )


def _verdict(row: Row, adjusted: Mapping[int, float]) -> str:
    if not row.trades and row.other == NOTHING:
        return "without a trade"
    if row.same:
        return "the same trades"
    return verdict(row.ratio, adjusted.get(id(row.ratio)), row.other)


def _sharpe(row: Row) -> str:
    found = row.ratio
    return f"{found.value:+.1f} ({found.low:+.1f} to {found.high:+.1f})" if found else "-"


def _shift(row: Row, adjusted: Mapping[int, float]) -> str:
    if row.shift is None:
        return ""
    return f"{1e4 * row.shift.value:+.1f} bp (p {_told(adjusted[id(row.shift)])})"


def _chance(row: Row, adjusted: Mapping[int, float]) -> str:
    chance = adjusted.get(id(row.ratio))
    return "-" if chance is None else _told(chance)


def _told(chance: float) -> str:
    return f"< {SMALLEST}" if chance < SMALLEST else f"{chance:.3f}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("  ", " ")


def _day(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d}"
