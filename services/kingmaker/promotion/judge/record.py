"""A verdict as plain data, for JSON: every number that a person is shown, and its parts."""

from dataclasses import asdict
from math import isfinite
from typing import Any

from kingmaker.evidence.tally import sharpe_ratio, win_rate
from kingmaker.kernel.arithmetic import exp
from kingmaker.promotion.judge.verdict import EXP_MAX, Moment, Verdict


def record(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict; what has no number in JSON is None."""
    level = verdict.level
    found = {
        "promoted": verdict.promoted,
        "rows": verdict.rows,
        "skipped": verdict.skipped,
        "segment": verdict.segment,
        "alpha": level.alpha,
        "evidence_needed": 1.0 / level.alpha,
        "log_threshold": level.log_threshold,
        "p_max": level.p_max,
        "why_alpha": level.why,
        "bound": verdict.bound,
        "first": _moment(verdict.first) if verdict.first else None,
        "now": _moment(verdict.now),
        "unasked": dict(verdict.unasked),
        "health": {
            name: {**asdict(one), "alerts": list(one.alerts)}
            for name, one in verdict.health.items()
        },
        "sentences": list(verdict.sentences),
        "notice": verdict.notice,
        "reign": asdict(verdict.reign) if verdict.reign else None,
    }
    return {name: _plain(value) for name, value in found.items()}


def _moment(moment: Moment) -> dict[str, Any]:
    ledgers = moment.ledgers
    return {
        "row": moment.row,
        "pair": moment.pair,
        "evidence": _e(ledgers.log_evidence),
        "log_evidence": ledgers.log_evidence,
        "log_evidence_mean": ledgers.mean.log_evidence,
        "log_evidence_sharpe": ledgers.sharpe.log_evidence,
        "log_evidence_max": ledgers.log_evidence_max,
        "log_evidence_of_segment": ledgers.log_evidence_of_segment,
        "p_anytime": moment.p_anytime,
        "held_by": list(moment.held_by),
        "gates": [asdict(finding) for finding in moment.findings],
        "champion": _side(moment, "champion"),
        "challenger": _side(moment, "challenger"),
    }


def _side(moment: Moment, name: str) -> dict[str, Any]:
    tally = moment.champion if name == "champion" else moment.challenger
    return {**asdict(tally), "sharpe": sharpe_ratio(tally), "win_rate": win_rate(tally)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - anything that JSON holds
    """Return the value, without numbers that JSON does not know."""
    match value:
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case float() if not isfinite(value):
            return None
        case _:
            return value


def _e(log_evidence: float) -> float | None:
    """Return the evidence; None where no float holds it."""
    return exp(log_evidence) if -EXP_MAX <= log_evidence <= EXP_MAX else None
