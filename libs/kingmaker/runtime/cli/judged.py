"""What `kingmaker judge` prints for people: the verdict, each gate, what is claimed, remarks."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kingmaker.runtime.cli.explaining import shown_name

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
PASSED, HELD, ADVISES = "✓", "●", "○"
EXP_MAX = 700.0
WARMUP = 20
WHOLE_MAX = 1e12  # larger numbers are shown by their powers of ten

type Record = Mapping[str, Any]


class Seen(Protocol):
    """The range of one side's returns."""

    lowest: float
    highest: float


def lines_of(verdict: Record) -> list[str]:
    """Return one verdict in lines."""
    first, now = verdict["first"], verdict["now"]
    moment = first or now
    lines = [_headline(verdict), f"Gates at row {moment['row']:,}:", *_gates(moment["gates"])]
    lines += [f"  not asked: {_unasked(verdict['unasked'])}", "", _evidence(moment, verdict)]
    if moment is not now:
        lines.append(f"At the last row of the trial E = {_e(now['log_evidence'])}.")
    highest, p = _e(now["log_evidence_max"]), now["p_anytime"]
    pairs, skipped = now["pair"], verdict["skipped"]
    lines.append(f"At its highest E = {highest}: anytime p = {p:.4g}.")
    lines.append(
        f"{verdict['rows']:,} rows: {pairs:,} pairs on trial, {skipped:,} without a trade."
    )
    lines += [_health(name, verdict["health"][name]) for name in ("mean", "sharpe")]
    if verdict["reign"]:
        lines += ["", *_reign(verdict["reign"])]
    lines += ["", *verdict["sentences"]]
    return lines + [f"Remark: {remark}" for remark in verdict["remarks"]]


def remarks_on(verdict: Record, seen: Mapping[str, Seen]) -> list[str]:
    """Return what looks wrong, or explains the verdict, in words."""
    said = []
    for name, side in seen.items():
        if side.lowest == side.highest and verdict["rows"] > 1:
            said.append(
                f"every return of the {name} is {side.lowest:g}: a constant cannot be compared by"
                f" risk. Check the column."
            )
        elif side.lowest > 0.0 and verdict["rows"] > 1:
            said.append(
                f"no return of the {name} is 0 or below: are these prices? Returns are judged,"
                f" net of costs."
            )
    if verdict["now"]["pair"] <= WARMUP:
        said.append(f"the first {WARMUP} pairs only tell the scale: nothing was bet yet.")
    for name, health in verdict["health"].items():
        said += [f"{name} ledger: {alert}." for alert in health["alerts"]]
    return said


@dataclass(slots=True)
class Summary:
    """How many streams were promoted, and when: a few numbers a stream."""

    streams: int = 0
    succeeded: int = 0  # promoted, and not taken back
    taken_back: int = 0
    rows: int = 0
    alpha: float = 0.0
    first: list[int] = field(default_factory=list)
    last: list[float] = field(default_factory=list)

    def add(self, verdict: Record, *, succeeded: bool) -> None:
        """Take one more verdict."""
        self.streams += 1
        self.succeeded += succeeded
        self.rows, self.alpha = verdict["rows"], verdict["alpha"]
        self.last.append(verdict["now"]["log_evidence"])
        if verdict["first"]:
            self.first.append(verdict["first"]["row"])
        if verdict["reign"] and verdict["reign"]["rollback"]:
            self.taken_back += 1

    def record(self) -> dict[str, Any]:
        """Return the summary as plain data."""
        first, last = sorted(self.first), sorted(self.last)
        return {
            "streams": self.streams,
            "rows": self.rows,
            "promoted": len(first),
            "share": len(first) / self.streams,
            "taken_back": self.taken_back,
            "alpha": self.alpha,
            "first_row": {f"{q:g}": _quantile(first, q) for q in QUANTILES},
            "log_evidence": {f"{q:g}": _quantile(last, q) for q in QUANTILES},
        }


def summary_lines(shown: str, summary: Record) -> list[str]:
    """Return the summary of many streams in lines."""
    titles = "".join(f"{float(name):>12.0%}" for name in summary["first_row"])
    rows = "".join(f"{_cell(value):>12}" for value in summary["first_row"].values())
    logs = "".join(f"{_cell(value):>12}" for value in summary["log_evidence"].values())
    streams = f"{summary['streams']:,} streams of {summary['rows']:,} rows"
    promoted = f"{summary['promoted']:,} promoted ({summary['share']:.2%})"
    lines = [f"{shown}: {streams} at alpha {summary['alpha']:.5f}: {promoted}."]
    lines += [
        f"{'quantile':<26}{titles}",
        f"{'row of the promotion':<26}{rows}",
        f"{'ln E at the last row':<26}{logs}",
    ]
    if summary["taken_back"]:
        lines.append(f"{summary['taken_back']:,} crowns were taken back.")
    return [*lines, "A line a stream: -o jsonl. One stream whole: --stream N."]


def _headline(verdict: Record) -> str:
    first = verdict["first"]
    if first is None:
        return "NOT PROMOTED: at no row did every gate hold."
    again = f" (pair {first['pair']:,})" if first["pair"] != first["row"] else ""
    return f"PROMOTED at row {first['row']:,}{again}: the first at which every gate held."


def _gates(gates: Sequence[Record]) -> list[str]:
    names = [shown_name(gate) for gate in gates]
    width = max(len(name) for name in names)
    return [
        f"  {_mark(gate)} {name:<{width}}  value {_figure(gate['value']):>12}"
        f"  threshold {_figure(gate['threshold']):>12}  n {gate['n']:>9,}"
        for name, gate in zip(names, gates, strict=True)
    ]


def _mark(gate: Record) -> str:
    if gate["passed"]:
        return PASSED
    return ADVISES if gate["advisory"] else HELD


def _unasked(unasked: Mapping[str, str]) -> str:
    reasons: dict[str, list[str]] = {}
    for name, reason in unasked.items():
        reasons.setdefault(reason, []).append(name)
    return "; ".join(f"{', '.join(names)} ({reason})" for reason, names in reasons.items())


def _evidence(moment: Record, verdict: Record) -> str:
    return (
        f"Evidence at row {moment['row']:,}: E = {_e(moment['log_evidence'])} (mean"
        f" {_e(moment['log_evidence_mean'])}, by risk {_e(moment['log_evidence_sharpe'])}); needs"
        f" {verdict['evidence_needed']:,.4g} = 1/alpha ({verdict['why_alpha']})."
    )


def _health(name: str, health: Record) -> str:
    return (
        f"{name} ledger: {health['blocks']:,} blocks, {health['clipped']:.2%} beyond the bound,"
        f" largest |Z| {_figure(health['largest_z'])}, lag-1 {_figure(health['lag_1'])}, tau"
        f" {health['tau']:.2f}"
    )


def _reign(reign: Record) -> list[str]:
    now, most, alarm = (_figure(reign[at]) for at in ("statistic", "statistic_max", "threshold"))
    watched = f"Reign from row {reign['began']:,}, {reign['pairs']:,} pairs watched"
    lines = [f"{watched}: the canary stands at {now}, at its highest {most}; alarm at {alarm}."]
    if reign["findings"]:
        lines += _gates(reign["findings"])
    for name, said in (("warned", "First warning"), ("alarm", "First alarm")):
        if reign[name]:
            lines.append(f"{said}: row {reign[name]['row']:,}, {reign[name]['why']}.")
    if reign["rollback"]:
        lines.append(f"TAKEN BACK at row {reign['rollback']['row']:,}: {reign['rollback']['why']}.")
    else:
        lines.append("The crown was not taken back.")
    return lines


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest value that so many do not exceed."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _cell(value: float | None) -> str:
    return "-" if value is None else _figure(value)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    whole = 1 <= abs(value) < WHOLE_MAX and value == int(value)
    return f"{value:,.0f}" if whole else f"{value:.4g}"


def _e(log_evidence: float | None) -> str:
    """Return an e-value from its logarithm."""
    if log_evidence is None:
        return "-"
    if abs(log_evidence) > EXP_MAX:
        return f"exp({log_evidence:,.0f})"
    return f"{math.exp(log_evidence):.4g}"
