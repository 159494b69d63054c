"""The page of the results: tables of what was measured, and what it does not say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bench.results.markets import MARKETS

type Record = Mapping[str, Any]

OPENING = """# How strategies and the line-up fare on real bars

Written by `{command}`; the data are those of `KINGMAKER_DATA`. Figures as measured, good or bad.

- **Net** is after fees, half spread and slippage on both sides, as a fraction of the capital base
  at full size; every signal is a trade of its own, so trades overlap. It is no portfolio.
- **Sharpe** is that of daily net returns, annual (365 days, or 252 where the market closes), days
  without a trade counting 0. In brackets its 95 % interval, a bootstrap of blocks of days. Where
  it holds 0 the row is *not distinguishable from chance*; of many rows one in twenty stands out
  by luck alone. Below 20 days nothing is said.
- **Before learning**: the nine models that ship, played without learning. **After**: the same desk
  with learning as shipped, walk-forward: models learn from what was resolved, are tried on later
  opportunities, and reign after that. Up to the first crown both are the same trades.
- The rules' density and targets were chosen after looking at the bundled bars, a part of these
  ([0013](decisions/0013-what-was-chosen-after-looking.md)).
"""


def page(records: Sequence[Record], skipped: Sequence[str], command: str) -> str:
    """Return the page; `skipped` names the markets whose data were not there."""
    lines = [OPENING.format(command=command)]
    for record in records:
        lines += _market(record)
    lines += [f"*{name}: skipped, its data are not there.*\n" for name in skipped]
    return "\n".join(lines)


def _market(record: Record) -> Iterator[str]:
    market = next(one for one in MARKETS if one.name == record["desk"])
    fee = 2 * sum(market.costs_bp)
    yield f"## {market.title[0].upper()}{market.title[1:]}\n"
    yield (
        f"{record['bars']:,} bars from {_day(record['from_ms'])} to {_day(record['until_ms'])};"
        f" {fee:g} bp a round trip. {record['trainings']} trainings of"
        f" {' and '.join(record['components'])}, {record['candidates']} candidates,"
        f" {record['trials']} trials, {len(record['crowns'])} crowned by evidence"
        f"{_crowns(record)}.\n"
    )
    yield from _table([*record["strategies"].items(), *_lineups(record)])
    since = record["since_crown"]
    if since is None:
        yield "Nobody earned a crown: before and after learning are the same trades.\n"
        return
    yield f"Since the first crown, {_day(since['from_ms'])}:\n"
    rows = [("line-up, nothing learned", since["before"]), ("line-up, learned", since["after"])]
    yield from _table([*rows, ("what learning changed", since["difference"])])


def _lineups(record: Record) -> list[tuple[str, Record]]:
    return [("line-up before learning", record["before"]), ("line-up after", record["after"])]


def _table(rows: Sequence[tuple[str, Record]]) -> Iterator[str]:
    yield "| | trades | won | net a trade | sum | Sharpe (95 %) | |"
    yield "|---|---|---|---|---|---|---|"
    for name, figures in rows:
        yield f"| {name} | {_row(name, figures)} |"
    yield ""


def _row(name: str, figures: Record) -> str:
    trades, net = figures["trades"], figures["net"]
    if not trades:
        return "0 | | | | | no trade"
    if name == "what learning changed":
        return f"| | | {net:+.1%} | {_sharpe(figures)} | {_changed(figures['verdict'])}"
    won = figures["won"] / trades
    a_trade = f"{figures['net_a_trade'] * 1e4:+.1f} bp"
    cells = (f"{trades:,}", f"{won:.0%}", a_trade, f"{net:+.1%}", _sharpe(figures))
    return " | ".join([*cells, figures["verdict"]])


def _changed(verdict: str) -> str:
    return verdict.replace("doing nothing", "before")


def _sharpe(figures: Record) -> str:
    if figures["sharpe"] is None:
        return "-"
    ratio, low, high = (figures[name] for name in ("sharpe", "sharpe_low", "sharpe_high"))
    return f"{ratio:+.1f} ({low:+.1f} to {high:+.1f})"


def _crowns(record: Record) -> str:
    names = sorted({slot.partition("@")[0] for _, slot in record["crowns"]})
    return f" ({', '.join(names)})" if names else ""


def _day(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms / 1000, UTC):%Y-%m-%d}"
