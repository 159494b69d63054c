"""`kingmaker learn`: what the heads learned, what it was worth, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any

from cyclopts import App

from kingmaker.contracts.desks import COMPONENTS
from kingmaker.contracts.models import SCORES
from kingmaker.runtime import learning, past_bars, revised, searches
from kingmaker.runtime.cli import learn_history
from kingmaker.runtime.cli.exits import CommandError, Exit
from kingmaker.runtime.cli.opening import Opened, opened
from kingmaker.runtime.cli.options import Options
from kingmaker.runtime.cli.output import NOTHING, Column, moment, note, one, percent, rows, table

app = App(name="learn", help="What the nine heads learned from outcomes.")
app.command(
    "kingmaker.runtime.cli.learn_patterns:patterns",
    name="patterns",
    help="Show a desk's library of patterns, and those most like its latest windows.",
)
app.command(
    "kingmaker.runtime.cli.learn_exits:exits",
    name="exits",
    help="Look back on a closed trade: what other exits would have made of it.",
)
app.command(
    "kingmaker.runtime.cli.learn_history:history",
    name="history",
    help="Show what each component learned from past bars.",
)
app.command(
    "kingmaker.runtime.cli.learn_report:report",
    name="report",
    help="Write a page about what a desk learned: pictures, and the figures beside them.",
)
app.command(
    "kingmaker.runtime.cli.learn_report:reliability",
    name="reliability",
    help="Show how often p_win and the heads were right, by what they said.",
)
app.command(
    "kingmaker.runtime.cli.learn_checklist:checklist",
    name="checklist",
    help="Go through what should be seen after a day, a week, four weeks and three months.",
)
app.command(
    "kingmaker.runtime.cli.learn_orders:run",
    name="run",
    help="Run a learning job now, on every desk; a date that was learned from changes nothing.",
)
app.command(
    "kingmaker.runtime.cli.learn_orders:restore",
    name="restore",
    help="Put a former version of the head weights in force again, as a new version.",
)

OFF = (
    "learning.head_weights is off: every head weighs one ninth. Figures are of votes as they were"
    " cast; `learning.head_weights: true` in kingmaker.yaml lets outcomes move the weights."
)
BARS = "▁▂▃▄▅▆▇█"
LOW, HIGH, STREAM = 0.05, 0.30, 48  # of a weight; characters of its stream


def _weight(value: float) -> str:
    return f"{value:.4f}"


def _net(value: Any) -> str:  # noqa: ANN401 - an estimate
    return learning.estimate(value, digits=3)


def _chance(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


HEADS = (
    Column("HEAD", "letter"),
    Column("COMPONENT", "head"),
    Column("WEIGHT", "weight", _weight, right=True),
    Column("RIGHT, %", "accuracy", learning.estimate),
    Column("LIFT, POINTS", "lift", learning.estimate),
)
WEEKS = (
    Column("DESK", "desk"),
    Column("WEEK", "week", str, right=True),
    Column("FROM", "from_ms", moment),
    Column("SIGNALS", "signals", str, right=True),
    Column("WON, %", "win_rate", learning.estimate),
    Column("NET A SIGNAL, %", "profit", _net),
    Column("GAIN, POINTS", "gain", learning.estimate),
    Column("READING", "reading"),
    Column("CLASSIC", "classic"),
)
RECOMMENDED = (
    Column("DESK", "desk"),
    Column("HEAD", "letter"),
    Column("COMPONENT", "head"),
    Column("NOW", "current", _weight, right=True),
    Column("SUGGESTED", "suggested", _weight, right=True),
    Column("CHANGE", "change", lambda change: f"{change:+.4f}", right=True),
    Column("N", "n", str, right=True),
    Column("CONFIDENCE", "confidence"),
    Column("REASON", "reason"),
)
FUNNEL = (
    Column("DESK", "desk"),
    Column("STAGE", "stage"),
    Column("SIGNALS", "signals", lambda n: f"{n:,}", right=True),
    Column("SHARE", "share", lambda share: f"{share:.1%}", right=True),
    Column("NET A SIGNAL", "net", lambda net: percent(net, 3), right=True),
)
JOBS = (
    Column("JOB", "id"),
    Column("NAME", "name"),
    Column("SCHEDULE", "schedule"),
    Column("NEXT", "next_run_ms", moment),
)
RUNS = (
    Column("AT", "at_ms", moment),
    Column("JOB", "job"),
    Column("DESK", "desk"),
    Column("DATE", "date"),
    Column("STATE", "state"),
    Column("OUTCOMES", "outcomes", str, right=True),
    Column("REASON", "reason"),
)

SEARCH = (
    Column("JOB", "id"),
    Column("COMPONENTS", "components"),
    Column("TRIALS", "trials", str, right=True),
    Column("SCHEDULE", "schedule"),
    Column("NEXT", "next_run_ms", moment),
)
SEARCHES = (
    Column("AT", "started_ms", moment),
    Column("TRAINING", "training"),
    Column("SLOT", "slot"),
    Column("TRIALS", "trials", str, right=True),
    Column("STATE", "state"),
    Column("DEFLATED", "skill_deflated", _chance, right=True),
    Column("SHARPE DEFLATED", "sharpe_deflated", _chance, right=True),
    Column("RESULT", "result"),
)


@app.command
def performance(desk: str = "", /, *, options: Options | None = None) -> int:
    """Show the account's signals and every head: how often right, and its lift, with intervals.

    Lift: how many points more often signals win that a head agrees with than others do.

    :param desk: Default: every desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = [learning.performance(home.query, name) for name in _desks(home, desk)]
    _say_if_off(all(one["learning"]["enabled"] for one in found))
    _each(found, [_performance(one) for one in found], options)
    return Exit.DONE


@app.command
def weights(desk: str = "", /, *, days: int = 30, options: Options | None = None) -> int:
    """Show the weights in force and how they came about, as a stream in the terminal.

    :param desk: Default: every desk.
    :param days: How far back, from the last version.
    """
    options = options or Options()
    if not 1 <= days <= 365:  # noqa: PLR2004 - a year
        raise CommandError("--days: give 1 to 365.", Exit.USAGE)
    with opened(options.home) as home:
        found = [learning.weight_stream(home.query, name, days) for name in _desks(home, desk)]
        _say_if_off(learning.is_on(home.query))
    _each(found, [stream(one) for one in found], options)
    return Exit.DONE


@app.command
def improvements(desk: str = "", /, *, options: Options | None = None) -> int:
    """Show week by week whether signals win more often than in the first two weeks.

    CLASSIC is what earlier systems promised: signals, won, profit. Nothing here asserts it.

    :param desk: Default: every desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = [
            row for name in _desks(home, desk) for row in learning.improvements(home.query, name)
        ]
    flat = [
        {**row, **{name: row["overall"][name] for name in ("signals", "win_rate", "profit")}}
        for row in found
    ]
    rows(flat, WEEKS, options.output, "No signal was resolved yet.")
    return Exit.DONE


@app.command
def recommendations(desk: str = "", /, *, options: Options | None = None) -> int:
    """Show what each head's lift says of its weight. Nothing acts on it.

    :param desk: Default: every desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = [
            row for name in _desks(home, desk) for row in learning.recommendations(home.query, name)
        ]
    rows(found, RECOMMENDED, options.output)
    return Exit.DONE


@app.command
def stats(desk: str = "", /, *, options: Options | None = None) -> int:
    """Show counters of what learns and of what watches outcomes.

    :param desk: Default: every desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = [learning.stats(home.query, name) for name in _desks(home, desk)]
    _each(found, [_stats(one) for one in found], options)
    return Exit.DONE


@app.command
def funnel(desk: str = "", /, *, options: Options | None = None) -> int:
    """Show how many candidate signals each stage left alone, and what those would have returned.

    :param desk: Default: every desk.
    """
    options = options or Options()
    with opened(options.home) as home:
        found = [row for name in _desks(home, desk) for row in learning.funnel(home.query, name)]
    rows(found, FUNNEL, options.output, "No signal was decided yet.")
    return Exit.DONE


@app.command
def scheduler(*, options: Options | None = None) -> int:
    """Show the learning jobs, their next time of market time, and their last runs."""
    options = options or Options()
    with opened(options.home) as home:
        found = learning.scheduler(home.query, [desk.name for desk in home.desks])
        past, searched = past_bars.schedule(home.query), searches.planned(home.query)
    _say_if_off(found["scheduler_running"])
    lines = table(found["jobs"], JOBS)
    if found["history"]:
        lines += ["", *table(found["history"], RUNS)]
    lines += ["", *learn_history.lines(past), "", *_searches(searched)]
    one({**found, "historical": past, "automl": searched}, lines, options.output)
    return Exit.DONE


def _desks(home: Opened, desk: str) -> Sequence[str]:
    return [home.desk(desk).name] if desk else [one.name for one in home.desks]


def _each(
    found: Sequence[Mapping[str, Any]], told: Sequence[Sequence[str]], options: Options
) -> None:
    """Print a thing a desk: as lines, one below the other, else as a list."""
    if options.output == "table":
        one({}, [line for lines in told for line in (*lines, "")][:-1], options.output)
    else:
        rows(found, (), options.output)


def _say_if_off(is_on: bool) -> None:  # noqa: FBT001 - whether it is on is all it asks
    if not is_on:
        note(OFF)


def _searches(found: Mapping[str, Any]) -> list[str]:
    if found["enabled"]:
        told = table([{**found, "components": ", ".join(found["components"])}], SEARCH)
    else:
        told = ["learning.tuning is off; `kingmaker train start SLOT --tune` searches by hand."]
    return [*told, "", *table(found["runs"], SEARCHES)] if found["runs"] else told


def _performance(found: Mapping[str, Any]) -> list[str]:
    total, progress = found["overall"], found["learning"]
    factor, sharpe = total["profit_factor"], total["sharpe"]
    learned = f"version {progress['version']:,}, {progress['outcomes']:,} outcomes"
    learned += f" in {progress['days']:g} days"
    return [
        (
            f"{found['desk']}: {total['signals']:,} signals, {total['wins']:,} won,"
            f" {total['losses']:,} lost, {total['expired']:,} expired"
        ),
        f"   win rate, %         {learning.estimate(total['win_rate'])}",
        f"   net a signal, %     {learning.estimate(total['profit'], digits=3)}",
        f"   profit factor       {NOTHING if factor is None else f'{factor:.2f}'}",
        f"   Sharpe, a signal    {NOTHING if sharpe is None else f'{sharpe:.3f}'}",
        f"   drawdown, %         {total['drawdown'] * 100:.1f}",
        f"   weights             {learned}",
        *[f"   {line}" for line in table(found["heads"], HEADS)],
    ]


def stream(found: Mapping[str, Any]) -> list[str]:
    """Draw each head's weight from version to version, between its bounds."""
    history = found["history"]
    count = min(STREAM, len(history))
    shown = [history[(at + 1) * len(history) // count - 1] for at in range(count)] if count else []
    lines = [f"{found['desk']}: version {found['version']:,}"]
    if history:
        first, last = moment(history[0]["at_ms"]), moment(history[-1]["at_ms"])
        lines[0] += f"; {len(history):,} versions from {first} to {last}"
    for name in COMPONENTS:
        drawn = "".join(_bar(row[name]) for row in shown)
        lines.append(
            f"   HEAD_{learning.LETTERS[name]}  {name:<20} {found['current'][name]:.4f}  {drawn}"
        )
    return [line.rstrip() for line in lines]


def _bar(weight: float) -> str:
    share = (weight - LOW) / (HIGH - LOW)
    return BARS[min(len(BARS) - 1, max(0, int(share * len(BARS))))]


def _stats(found: Mapping[str, Any]) -> list[str]:
    learns, watches = found["coordinator"], found["monitor"]
    return [
        found["desk"],
        f"   outcomes processed     {learns['outcomes_processed']:,}",
        (
            f"   head weight updates    {learns['head_weight_updates']:,}"
            f"{'' if learns['enabled'] else ' (off)'}"
        ),
        f"   signals monitored      {watches['signals_monitored']:,}",
        f"   last outcome           {moment(watches['last_outcome_ms'])}",
        *[line for model in found["models"] for line in _model(model)],
    ]


def _model(found: Mapping[str, Any]) -> list[str]:
    """Tell how often a champion learned, and what an ensemble blends by."""
    refused = f", {found['refused']:,} refused" if found["refused"] else ""
    lines = [
        f"   {found['slot']}: revision {found['revision']:,}, {found['lessons']:,} lessons{refused}"
    ]
    if found["hours"]:
        hours = found["hours"]
        at = moment(hours["hour_ms"])
        told = revised.weights([hours[name] for name in SCORES])
        lines.append(f"      {hours['rebalances']:,} rebalances, the last at {at}: {told}")
    return lines
