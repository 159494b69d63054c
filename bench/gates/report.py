"""The page in docs: what was measured, where, by which command, in tables; no figure by hand.

Only what stands between the two markers is written; the words around it are kept.
"""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from pathlib import Path

from bench.figures import Goal
from bench.gates import canary, lineups, streams, trials, worlds
from bench.gates import summaries as of
from bench.gates.bars import Bar, bars
from bench.gates.measured import Key, Measured, Results
from bench.gates.record import Record

FIRST, LAST = "<!-- measured: begin -->", "<!-- measured: end -->"
SHARES = {
    of.CROWNED,
    of.WITHIN_500,
    of.WITHIN_2000,
    of.BEFORE,
    of.ANY_WRONG,
    of.FDR,
    of.ENDED,
    of.ENDED_EARLY,
    "same verdict",
    "same bits",
}
RIVALS = (
    "naive paired t",
    "naive Welch",
    "fixed look at 50",
    "Bonferroni per look",
    "asymptotic CS",
    "mSPRT",
    "betting, clip 5",
)

TENS = 100.0  # from there on a figure is shown without decimals

type Cell = Callable[[str, str], str]


def write(page: Path, run: Record, others: Sequence[Record] = ()) -> None:
    """Put the tables of a run between the markers; of other runs, how they stand to the bars."""
    before, _, rest = page.read_text(encoding="utf-8").partition(FIRST)
    _, _, after = rest.partition(LAST)
    headers = "\n\n".join("\n".join(one.header) for one in (run, *others))
    body = "\n".join(["```", headers, "```", "", *tables(run, others)])
    page.write_text(f"{before}{FIRST}\n{body}\n{LAST}{after}", encoding="utf-8")


def tables(run: Record, others: Sequence[Record] = ()) -> Iterator[str]:
    """Yield every table, as Markdown."""
    results = run.results
    for title, lines in (
        ("Every bar", _bars(run, others)),
        ("False promotion", _false(results)),
        ("Power, and pairs to the crown", _power(results)),
        ("When the lineup changes", _lineups(results)),
        ("Two hundred challengers", _streams(results)),
        ("Canary", _canary(results)),
        ("A decay after the coronation (F)", _decay(results)),
        ("The same pairs before the real services", _scalar(results)),
    ):
        yield from (f"### {title}", *lines, "")


def shown(key: Key, measured: Measured) -> str:
    """Return a figure as a reader wants it: a share in per cent, a time in pairs."""
    if not isfinite(measured.value):
        return "-"
    if key.what in SHARES:
        return f"{100.0 * measured.value:.1f} %"
    return f"{measured.value:,.1f}" if key.what.startswith("found") else f"{measured.value:,.0f}"


def _bars(run: Record, others: Sequence[Record]) -> Iterator[str]:
    seeds = [f"seed {one.seed}" for one in others]
    yield from _head("bar", "measured", "s.e. or limits", "bound", "prototype", "n", "", *seeds)
    measured = [bar for bar in bars() if bar.key in run.results]
    for bar in measured:
        if bar.key.rule != lineups.THIS_LINEUP:
            beside = [_again(bar, one) for one in others]
            yield _row(bar.item, *_bar(bar, run.results[bar.key]), *beside)
    for world in lineups.WORLDS:
        of_world = [one for one in measured if one.key.cell.startswith(f"{world}: ")]
        item = f"lineup changes, {world}: wrong crown, worst of {len(of_world)} schedules"
        worst, *again = (_worst(of_world, one) for one in (run, *others))
        cells = [_again(bar, one) for bar, one in zip(again, others, strict=True)]
        yield _row(item, *_bar(worst, run.results[worst.key]), *cells)


def _worst(of_world: Sequence[Bar], run: Record) -> Bar:
    return max(of_world, key=lambda bar: run.results[bar.key].value)


def _again(bar: Bar, run: Record) -> str:
    """Return the same bar in another run; only a miss is said aloud."""
    measured = run.results[bar.key]
    missed = "" if bar.goal.is_met(measured.value) else " **MISSED**"
    return f"{shown(bar.key, measured)}{missed}"


def _bar(bar: Bar, measured: Measured) -> Sequence[str]:
    if not isfinite(measured.error):
        unsure = f"{measured.low:,.0f} to {measured.high:,.0f}"
    elif bar.key.what in SHARES:
        unsure = f"{100.0 * measured.error:.2f}"
    else:
        unsure = f"{measured.error:,.{0 if measured.value > TENS else 2}f}"
    return (
        shown(bar.key, measured),
        unsure,
        _bound(bar.key, bar.goal),
        bar.specified,
        f"{measured.n:,}",
        "met" if bar.goal.is_met(measured.value) else "**MISSED**",
    )


def _bound(key: Key, goal: Goal) -> str:
    sign = ">=" if goal.at_least else "<="
    return f"{sign} {100.0 * goal.bound:g} %" if key.what in SHARES else f"{sign} {goal.bound:g}"


def _false(results: Results) -> Iterator[str]:
    names = [world.name for world in (*worlds.NULLS, *worlds.FURTHER)]
    yield "Per cent crowned within 2,000 pairs although no better, classic gates beside each rule."
    yield ""
    yield from _grid(results, names, _rules(), of.CROWNED)
    yield ""
    legend = [f"{world.name} {world.says}" for world in (*worlds.NULLS, *worlds.FURTHER)]
    yield f"Worlds: {'; '.join(legend)}. X1 to X6 are not in the specification."
    wide = results[Key("E3", trials.OURS_30, of.CROWNED)]
    yield ""
    yield (
        f"With the bound declared as 30 instead of 10, E3 errs {100.0 * wide.value:.1f} %, and"
        f" D2 takes {shown(*_pair(results, 'D2', trials.OURS_30, of.MEDIAN))} pairs."
    )


def _power(results: Results) -> Iterator[str]:
    names = [world.name for world in worlds.EDGES]
    yield "Per cent crowned within 2,000 pairs; the median pair of the coronation in brackets."
    yield ""

    def cell(rule: str, name: str) -> str:
        power = results[Key(name, rule, of.CROWNED)]
        middle = shown(*_pair(results, name, rule, of.MEDIAN))
        return f"{100.0 * power.value:.1f} ({middle})"

    yield from _by_rule(names, _rules(), cell)


def _rules() -> Sequence[str]:
    return (trials.OURS, trials.OURS_FIRST, *RIVALS)


def _lineups(results: Results) -> Iterator[str]:
    yield "1/alpha = 220. First, wrongly crowned (%) of those that reached the change:"
    yield ""
    yield from _by_schedule(results, lineups.FAILING, _wrong)
    yield ""
    yield "Then, where the edge lasts, power within 2,400 pairs (%) and the median pair:"
    yield ""
    yield from _by_schedule(results, lineups.LASTING, _power_of)


def _by_schedule(
    results: Results,
    schedules: Sequence[lineups.Schedule],
    cell: Callable[[Results, str, str], str],
) -> Iterator[str]:
    yield from _head("world", "edge and changes", *lineups.POLICIES)
    for world in lineups.WORLDS:
        for schedule in schedules:
            name = f"{world}: {schedule.name}"
            if Key(name, lineups.THIS_LINEUP, of.CROWNED) in results:
                cells = [cell(results, name, policy) for policy in lineups.POLICIES]
                yield _row(world, schedule.name, *cells)


def _wrong(results: Results, cell: str, policy: str) -> str:
    return f"{100.0 * results[Key(cell, policy, of.CROWNED)].value:.1f}"


def _power_of(results: Results, cell: str, policy: str) -> str:
    power = results[Key(cell, policy, of.CROWNED)]
    return f"{100.0 * power.value:.1f} ({shown(*_pair(results, cell, policy, of.MEDIAN))})"


def _streams(results: Results) -> Iterator[str]:
    yield from _head(
        "budget",
        "nulls: any promoted",
        "nulls: promoted of 200",
        "mixed: FDR",
        "found of 10 at .10",
        "at .20",
    )
    for rule in (streams.NAIVE, *streams.BUDGETS):
        wrong = results[Key("all null", rule, of.WRONG)]
        yield _row(
            rule,
            shown(*_pair(results, "all null", rule, of.ANY_WRONG)),
            f"{wrong.value:.2f} +- {wrong.error:.2f}",
            *(shown(*_pair(results, "mixed", rule, what)) for what in _MIXED),
        )


_MIXED = (of.FDR, of.FOUND_SMALL, of.FOUND_LARGE)


def _canary(results: Results) -> Iterator[str]:
    yield "Taken back (%) within 500 / 2,000 pairs while the champion is still the better one:"
    yield ""
    stays = [name for name, reign in canary.REIGNS.items() if reign.change is None]
    yield from _by_rule(stays, canary.RULES, lambda rule, name: _kept(results, name, rule))
    yield ""
    yield "Taken back before it turns worse (%), then median (p90) pairs until it is noticed:"
    yield ""
    turns = [name for name, reign in canary.REIGNS.items() if reign.change is not None]
    yield from _by_rule(turns, canary.RULES, lambda rule, name: _turn(results, name, rule))
    yield ""
    legend = "; ".join(f"{name} {reign.says}" for name, reign in canary.REIGNS.items())
    yield f"Reigns: {legend}."


def _kept(results: Results, name: str, rule: str) -> str:
    early, late = (results[Key(name, rule, what)] for what in (of.WITHIN_500, of.WITHIN_2000))
    return f"{100.0 * early.value:.1f} / {100.0 * late.value:.1f}"


def _turn(results: Results, name: str, rule: str) -> str:
    before = results[Key(name, rule, of.BEFORE)]
    middle, slow = (shown(*_pair(results, name, rule, what)) for what in (of.DELAY, of.DELAY_P90))
    return f"{100.0 * before.value:.1f} %, {middle} ({slow})"


def _decay(results: Results) -> Iterator[str]:
    yield from _head(
        "rule",
        "crowned",
        "median pair",
        "taken back while the edge lived",
        "taken back by 2,000",
        "median delay",
        "p90",
    )
    whats = (of.CROWNED, of.MEDIAN, of.ENDED_EARLY, of.ENDED, of.DELAY, of.DELAY_P90)
    rules = [rule for rule in canary.RULES if Key("F", rule, of.CROWNED) in results]
    for rule in rules:
        yield _row(rule, *(shown(*_pair(results, "F", rule, what)) for what in whats))


def _scalar(results: Results) -> Iterator[str]:
    yield from _head("world", "what is the same", "share", "paths")
    for key, measured in results.items():
        if key.rule == "scalar production code":
            yield _row(key.cell, key.what, shown(key, measured), str(measured.n))


def _grid(results: Results, names: Sequence[str], rules: Sequence[str], what: str) -> Iterator[str]:
    def cell(rule: str, name: str) -> str:
        return f"{100.0 * results[Key(name, rule, what)].value:.1f}"

    yield from _by_rule(names, rules, cell)


def _by_rule(names: Sequence[str], rules: Sequence[str], cell: Cell) -> Iterator[str]:
    yield from _head("rule", *names)
    for rule in rules:
        yield _row(rule, *(cell(rule, name) for name in names))


def _pair(results: Results, cell: str, rule: str, what: str) -> tuple[Key, Measured]:
    key = Key(cell, rule, what)
    return key, results[key]


def _head(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
