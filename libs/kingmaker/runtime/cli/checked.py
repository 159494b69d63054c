"""What `kingmaker check` prints for people: a line each, and what it comes to."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kingmaker.runtime.cli.options import writable
from kingmaker.runtime.cli.output import moment
from kingmaker.runtime.cli.overwriting import replaceable

FUTURES = {"truncated": "without what came later", "altered": "with another future"}

BASIS_POINTS = 10_000
# Measured in tests/evidence/batch/test_paired.py.
SHORT = "Of 20 to 40 days they are too short: nine in ten hold the truth."
DAYS = "time,champion,challenger,champion_taken,challenger_taken"

type Record = Mapping[str, Any]


def lines_of_lookahead(found: Sequence[Record]) -> Iterator[str]:
    """Yield a line for each thing that was compared, then the verdict."""
    width = _width(found)
    for record in found:
        name = f"{_sign(record)} {record['kind']:<8} {record['name']:<{width}}"
        yield f"{name}  {record['prefixes']:>9,} compared  {_difference(record)}"
    yield ""
    bad = [record["name"] for record in found if record["difference"]]
    unknown = [record["name"] for record in found if record.get("reason")]
    if bad:
        yield f"LOOKS AHEAD: {', '.join(bad)}. No market shows what it used."
    if unknown:
        yield f"NOT CHECKED: {', '.join(unknown)}. Give more bars with --data or --bars."
    if not bad and not unknown:
        yield (
            "Nothing looks ahead: every value is the same, bit for bit, with the future, without"
            " it and with another one."
        )


def lines_of_leakage(found: Sequence[Record]) -> Iterator[str]:
    """Yield a paragraph for each learner, then the verdict."""
    for record in found:
        yield from _learner(record)
        yield ""
    bad = [record["name"] for record in found if not record["ok"] and not record["reason"]]
    unknown = [record["name"] for record in found if record["reason"]]
    if bad:
        yield f"LEAKS: {', '.join(bad)}. It learns from labels without meaning."
    if unknown:
        yield f"NOT CHECKED: {', '.join(unknown)}."
    if not bad and not unknown:
        yield "Nothing leaks: from labels without meaning nothing is learned."


def lines_of_fare(found: Sequence[Record]) -> Iterator[str]:
    """Yield a line for each strategy, a person's first, then what the figures mean."""
    width = _width(found)
    for record in found:
        name = f"{'▸' if record['own'] else ' '} {record['name']:<{width}}"
        if record.get("difference"):
            yield f"{name}  LOOKS AHEAD: {_difference(record)}. No figure of it counts."
            continue
        if not record["trades"]:
            yield f"{name}  no trade"
            continue
        won = record["won"] / record["trades"]
        a_trade = record["net_a_trade"] * BASIS_POINTS
        yield (
            f"{name}  {record['trades']:>6,} trades  {won:>4.0%} won  {a_trade:>+7.1f} bp a trade"
            f"  Sharpe {_sharpe(record)}  {record['verdict']}"
        )
    yield ""
    for record in found:
        if record["own"] and record["against"]:
            yield from _against(record)
    yield (
        "After costs, every signal a trade of its own; Sharpe of daily net returns, annual. In"
        f" brackets 95 % intervals, of blocks of days. {SHORT}"
    )


def _against(record: Record) -> Iterator[str]:
    """Yield a line for each that a strategy was paired with, day by day."""
    yield f"{record['name']}, a day, over {record['days']} days:"
    width = max(len(other) for other in record["against"])
    for other, pair in record["against"].items():
        yield f"    against {other:<{width}}  {_interval(pair)}  {pair['verdict']}"
    yield ""


def _interval(pair: Record) -> str:
    if pair["low"] is None:
        return "-"
    mean, low, high = (BASIS_POINTS * pair[name] for name in ("mean", "low", "high"))
    return f"{mean:+.1f} bp ({low:+.1f} to {high:+.1f})"


def lines_of_learners(found: Sequence[Record]) -> Iterator[str]:
    """Yield a paragraph for each learner: what it was held against, and what may be claimed."""
    for record in found:
        if record["reason"]:
            yield f"● {record['name']} was not judged: {record['reason']}."
            yield ""
            continue
        yield (
            f"{_sign(record)} {record['name']}, in place of {record['component']}, after"
            f" {record['trainings']} trainings, on {record['rows']:,} rows that it never saw"
        )
        yield from _pairs(f"gain in {record['measure']}", record["gain"], 1.0)
        if record["net"]:
            yield from _pairs("net return an opportunity, bp", record["net"], BASIS_POINTS)
        yield ""
    yield (
        f"After costs. Above 0 is better; in brackets 95 % intervals, of blocks of days. {SHORT}"
        " This is the past: what it learns has to earn the crown on trial."
    )


def _pairs(what: str, pairs: Mapping[str, Record], scale: float) -> Iterator[str]:
    yield f"    {what}"
    width = max(len(other) for other in pairs)
    for other, pair in pairs.items():
        figures = ""
        if pair["low"] is not None:
            mean, low, high = (scale * pair[name] for name in ("mean", "low", "high"))
            figures = f"{mean:+.4g} ({low:+.4g} to {high:+.4g})  "
        yield f"        against {other:<{width}}  {figures}{pair['verdict']}"


def days_file(file: Path) -> Path:
    """Return where daily returns may be written; CommandError where something else stands."""
    return writable(replaceable(file, DAYS, "--out"))


def write_days(file: Path, days: Sequence[tuple[int, float, int]]) -> None:
    """Write daily net returns beside doing nothing, as `kingmaker judge` reads them."""
    rows = [f"{moment(day)[:10]},0,{net!r},0,{int(trades > 0)}" for day, net, trades in days]
    file.write_text("\n".join([DAYS, *rows]) + "\n", encoding="utf-8")


def _sharpe(record: Record) -> str:
    if record["sharpe"] is None:
        return "-"
    low, high = record["sharpe_low"], record["sharpe_high"]
    return f"{record['sharpe']:+.1f} ({low:+.1f} to {high:+.1f})"


def _learner(record: Record) -> Iterator[str]:
    yield f"{_sign(record)} {record['name']} on {record['trades']:,} trades"
    if record["reason"]:
        yield f"    {record['reason']}"
        return
    gain, error = record["gain"], record["error"]
    better = (
        "worth a trial" if not record["admission"] else f"not worth a trial: {record['admission']}"
    )
    yield f"    true labels: gain over knowing nothing {gain:+.4g} ± {error:.2g}; {better}"
    for kind, words in (("shuffled", "dealt out anew"), ("shifted", "moved in time")):
        scores = record[kind]
        if scores:
            yield (
                f"    labels {words}: {len(scores)} trainings, gain in standard errors"
                f" {min(scores):+.1f} to {max(scores):+.1f}"
            )
    rounds = len(record["shuffled"]) + len(record["shifted"])
    yield f"    {record['striking']} of {rounds} above 2.33; by chance one in a hundred is"
    if not record["uses_outcomes"]:
        yield "    it learns the same model whatever the labels: it does not use them"


def _difference(record: Record) -> str:
    first = record["difference"]
    if record.get("reason"):
        return str(record["reason"])
    if first is None:
        return "the same"
    whole, other = (_shown(first[name]) for name in ("whole", "other"))
    return (
        f"{first['symbol']} {moment(first['open_ms'])}: {whole} with everything, {other}"
        f" {FUTURES[first['future']]}"
    )


def _shown(value: float | str) -> str:
    return value[:12] if isinstance(value, str) else repr(value)


def _sign(record: Record) -> str:
    return "✓" if record["ok"] else "●"


def _width(found: Sequence[Record]) -> int:
    return max((len(record["name"]) for record in found), default=0)
