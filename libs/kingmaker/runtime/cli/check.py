"""`kingmaker check`: what is asked of features, strategies and learners first. Needs no home."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from cyclopts import App, Parameter

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.output import Form, one
from kingmaker.runtime.cli.progress import Progress

if TYPE_CHECKING:
    from kingmaker.runtime.checking import Files

app = App(name="check", help="Whether features, strategies and learners look ahead or leak.")

BARS = 2_000  # of each series, where a value is computed anew at every bar
ROUNDS = 20
BETTER = "better than doing nothing"

type Several = Annotated[tuple[Path, ...], Parameter(consume_multiple=True, negative="")]
type Names = Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")]
type Calendar = Literal["24x7", "fx", "cme_futures", "us_equities"]
type Record = dict[str, Any]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Asked:
    """On which bars, and how to answer."""

    data: Names = ()
    "Bars: SYMBOL_INTERVAL_*.csv[.gz], or FILE:SYMBOL:INTERVAL. Default: bundled ones."

    bars: int | None = None
    "So many bars from the beginning of each file; 0: all. Default: 2,000, for learners all."

    output: Annotated[Form, Parameter(name=("--output", "-o"))] = "table"
    "Form of the answer."


@app.command
def lookahead(  # noqa: PLR0913 - each is a flag
    *,
    strategy: Several = (),
    feature: Several = (),
    learner: Several = (),
    component: Names = (),
    learners: bool = True,
    asked: Asked | None = None,
) -> int:
    """Compute everything anew without its future, and with another one: no bit may differ.

    Without files: all features, strategies and learners of the product. Exit 3: something looks
    ahead; its name, the first bar and both values are told.

    :param strategy: Your own Python file with signals(bars) or STRATEGY. Naming it runs it.
    :param feature: Your own Python file with features(bars). Naming it runs it.
    :param learner: Your own Python file with COMPONENT and build(parameters). Naming it runs it.
    :param component: Of the product's learners these alone, by component.
    :param learners: Whether the product's learners are asked too; they want trades, so bars are
        played first.
    """
    from kingmaker.runtime import checking  # noqa: PLC0415 - costs only this command
    from kingmaker.runtime.cli.checked import lines_of_lookahead  # noqa: PLC0415 - as above

    asked, files = asked or Asked(), checking.Files(feature, strategy, learner)
    named = bool(strategy or feature or learner or component)
    found: list[Record] = []
    if files.of_values or not named:
        found += _values(asked, files)
    if learner or component or (learners and not named):
        found += _learners("lookahead_of_learners", asked, learner, component)
    found = checking.summed(found)
    ok = all(record["ok"] for record in found)
    one({"ok": ok, "checked": found}, list(lines_of_lookahead(found)), asked.output)
    return Exit.DONE if ok else Exit.NO


@app.command
def leakage(
    *,
    learner: Several = (),
    component: Names = (),
    rounds: int = ROUNDS,
    asked: Asked | None = None,
) -> int:
    """Train on labels without meaning, many times: nothing may be learned from nothing.

    Without files: all learners of the product. Exit 3: one learns all the same, so it sees the
    outcome among its inputs. What it learns from the true labels is told beside.

    :param learner: Your own Python file with COMPONENT and build(parameters). Naming it runs it.
    :param component: Of the product's learners these alone, by component.
    :param rounds: How many trainings with labels without meaning.
    """
    from kingmaker.runtime.cli.checked import lines_of_leakage  # noqa: PLC0415 - as above

    asked = asked or Asked()
    found = _learners("leakage_of_learners", asked, learner, component, max(1, rounds))
    ok = all(record["ok"] for record in found)
    one({"ok": ok, "checked": found}, list(lines_of_leakage(found)), asked.output)
    return Exit.DONE if ok else Exit.NO


@app.command
def strategy(
    *files: Path, out: Path | None = None, calendar: Calendar = "24x7", asked: Asked | None = None
) -> int:
    """Trade your own strategies on past bars, by the exits and costs of the trader.

    Told beside them: buying and holding, and the five of the product, on the same bars; and what
    may be said against doing nothing and against holding, day by day, after costs. One that looks
    ahead at a glance is not traded. Exit 3: one is not better than doing nothing.

    :param files: Your own Python files, as for `check lookahead`: ask that first.
    :param out: Write the first one's daily net returns beside those of doing nothing into this
        CSV file: `kingmaker judge` reads it.
    :param calendar: When the market of your own bars is open: 252 days a year, or 365.
    """
    from kingmaker.runtime import checking  # noqa: PLC0415 - costs only this command
    from kingmaker.runtime.cli.checked import (  # noqa: PLC0415 - as above
        days_file,
        lines_of_fare,
        write_days,
    )

    asked = asked or Asked()
    if not files:
        raise CommandError("name a Python file with signals(bars) or STRATEGY.", Exit.USAGE)
    days = days_file(out) if out else None  # before anything takes long
    [desk, *others] = checking.desks_to_check(asked.data, checking.OF_VALUES)
    if others:
        raise CommandError("bars of several intervals: ask about one at a time.", Exit.USAGE)
    desk = desk.model_copy(update={"calendar": calendar}) if asked.data else desk
    with Progress("trading strategies") as progress:
        found = list(checking.fare(desk, asked.bars or 0, files, progress.show))
    if days and found[0]["by_day"]:
        write_days(days, found[0]["by_day"])
    shown = [{key: row[key] for key in row if key != "by_day"} for row in found]
    ok = all(row["verdict"] == BETTER for row in shown if row["own"])
    one({"ok": ok, "strategies": shown}, list(lines_of_fare(shown)), asked.output)
    return Exit.DONE if ok else Exit.NO


@app.command
def learner(*files: Path, asked: Asked | None = None) -> int:
    """Train your own learners on the past, and judge what they made on trades that came later.

    Three times, walking forward: against knowing nothing, and, where the component decides trades,
    against doing nothing; and against the learner that ships for the component, trained on the
    same trades and asked about the same ones, pair by pair. Exit 3: one is not better than nothing.

    :param files: Your own Python files, as for `check lookahead --learner`: ask that first.
    """
    from kingmaker.runtime.cli.checked import lines_of_learners  # noqa: PLC0415 - as above

    if not files:
        raise CommandError("name a Python file with COMPONENT and build(parameters).", Exit.USAGE)
    found = _learners("fare_of_learners", asked := asked or Asked(), files, ())
    ok = all(record["ok"] for record in found)
    one({"ok": ok, "learners": found}, list(lines_of_learners(found)), asked.output)
    return Exit.DONE if ok else Exit.NO


def _values(asked: Asked, files: "Files") -> list[Record]:
    """Compare what has a value at every bar."""
    from kingmaker.runtime import checking  # noqa: PLC0415 - costs only this command

    bars = BARS if asked.bars is None else asked.bars
    series = checking.series_of(checking.desks_to_check(asked.data), bars)
    total = sum(len(opens) for _, _, opens, _ in series) * max(1, files.of_values)
    with Progress("comparing bars", total) as progress:
        return list(checking.lookahead(series, files, progress.show))


def _learners(
    check: str, asked: Asked, files: Sequence[Path], components: Sequence[str], *more: object
) -> list[Record]:
    """Play the bars, then check every learner on the trades."""
    from kingmaker.runtime import checking  # noqa: PLC0415 - costs only this command

    _require_learners(components)
    desks = checking.desks_to_check(asked.data, checking.OF_LEARNERS)
    with Progress("playing bars") as playing, _Turns() as turns:
        watched = checking.Watched(playing.show, turns.show)
        arguments = (files, components, *more)
        return list(checking.of_learners(check, desks, asked.bars or 0, watched, *arguments))


def _require_learners(components: Sequence[str]) -> None:
    """Refuse a mistyped name before bars are played for it, which takes minutes."""
    for component in components:
        if component not in COMPONENTS:
            raise CommandError(
                f"{component} has no learner. Name one of {', '.join(COMPONENTS)}, or a file.",
                Exit.USAGE,
            )


class _Turns:
    """A line of progress for each learner in turn."""

    def __init__(self) -> None:
        self._name, self._progress = "", Progress("")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.__exit__()

    def show(self, name: str, done: int) -> None:
        """Tell how far a learner's check is."""
        if name != self._name:
            self._progress.__exit__()
            self._name, self._progress = name, Progress(f"checking {name}")
        self._progress.show(done)
