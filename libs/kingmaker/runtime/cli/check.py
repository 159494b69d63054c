"""`kingmaker check`: whether what is to trade or to learn looks ahead. Needs no home."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from kingmaker.runtime.cli.exits import Exit
from kingmaker.runtime.cli.output import Form, moment, one
from kingmaker.runtime.cli.progress import Progress

if TYPE_CHECKING:
    from kingmaker.runtime.checking import Files

app = App(
    name="check", help="Whether features, strategies and learners look ahead or learn from leaks."
)

BARS = 2_000  # of each series; every bar is computed anew twice

type Several = Annotated[tuple[Path, ...], Parameter(consume_multiple=True, negative="")]
type Record = dict[str, Any]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Asked:
    """On which bars, and how to answer."""

    data: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")] = ()
    "Bars: SYMBOL_INTERVAL_*.csv[.gz], or FILE:SYMBOL:INTERVAL. Default: the bundled perpetuals."

    bars: Annotated[int, Parameter(show_default=True)] = BARS
    "So many bars from the beginning of each file; 0: all."

    output: Annotated[Form, Parameter(name=("--output", "-o"))] = "table"
    "Form of the answer."


@app.command
def lookahead(*, strategy: Several = (), feature: Several = (), asked: Asked | None = None) -> int:
    """Compute every value anew without its future, and with another one: no bit may differ.

    Without files: all features and strategies of the product. Exit 3: something looks ahead; its
    name, the first bar and both values are told.

    :param strategy: Your own Python file with signals(bars) or STRATEGY. Naming it runs it.
    :param feature: Your own Python file with features(bars). Naming it runs it.
    """
    from kingmaker.runtime import checking  # noqa: PLC0415 - costs only this command

    asked = asked or Asked()
    files = checking.Files(feature, strategy)
    found = checking.summed(_compared(asked, files))
    ok = all(record["ok"] for record in found)
    one({"ok": ok, "checked": found}, list(_lines(found)), asked.output)
    return Exit.DONE if ok else Exit.NO


def _compared(asked: Asked, files: "Files") -> Iterator[Record]:
    from kingmaker.runtime import checking  # noqa: PLC0415 - as above

    series = checking.series_of(checking.desks_to_check(asked.data), asked.bars)
    total = sum(len(opens) for _, _, opens, _ in series) * max(1, len(files))
    with Progress("comparing bars", total) as progress:
        yield from checking.lookahead(series, files, progress.show)


def _lines(found: Sequence[Record]) -> Iterator[str]:
    width = max((len(record["name"]) for record in found), default=0)
    for record in found:
        sign = "✓" if record["ok"] else "●"
        name = f"{sign} {record['kind']:<8} {record['name']:<{width}}"
        yield f"{name}  {record['prefixes']:>9,} bars  {_verdict(record)}"
    bad = [record["name"] for record in found if not record["ok"]]
    yield ""
    if bad:
        yield f"LOOKS AHEAD: {', '.join(bad)}. No market shows what it used."
    else:
        yield (
            "Nothing looks ahead: every value is the same, bit for bit, with the future, without"
            " it and with another one."
        )


def _verdict(record: Record) -> str:
    if record["ok"]:
        return "the same"
    first = record["difference"]
    words = {"truncated": "without the bars after it", "altered": "with other bars after it"}
    return (
        f"{first['symbol']} {moment(first['open_ms'])}: {first['whole']!r} with all bars,"
        f" {first['other']!r} {words[first['future']]}"
    )
