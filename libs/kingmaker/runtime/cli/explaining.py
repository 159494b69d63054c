"""What a person is told of a verdict: gates, evidence, budget, segment, claims, and what next."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kingmaker.runtime.cli.output import moment

type Row = Mapping[str, Any]

PASSED, HELD, ADVISES = "✓", "●", "○"
EVIDENCE = "evidence"  # the gate whose threshold is the trial's share of the budget
EVIDENCE_HERE = "evidence_on_this_lineup"
SHOWN: Mapping[str, str] = {  # gate -> what its figures are, where its name does not say it
    EVIDENCE: "evidence, ln",
    EVIDENCE_HERE: "evidence_on_this_lineup, ln",
    "latency": "latency, p99 ms",
}

# gate -> what must happen before it opens; of any other its figures are said
REMEDIES: Mapping[str, str] = {
    "cool_down": "time: the slot cools down after a rollback that came by itself",
    "market_hours": "the desk is flat, or its market closes",
    "not_frozen": "a thaw by a person: kingmaker thaw",
    "not_vetoed": "the veto ends",
    "approved": "an approval by a person",
    "reign_settled": "the trader follows the reign before",
    "warmed": "the trader loads the challenger",
    "no_faults": "nothing in this trial: a fault stays (promotion.max_faults forgives a few)",
}


def explained(found: Row, gates: Sequence[Row]) -> list[str]:
    """Return the lines about one trial and the gates of its last verdict."""
    crowned = found["verdict"] == "crowned"
    asked = [gate for gate in gates if not gate["advisory"]]
    passed = sum(bool(gate["passed"]) for gate in asked)
    whom = f"{found['challenger']} {'was crowned' if crowned else 'is NOT promoted'}"
    said = f"{passed} of {len(asked)} gates pass." if gates else "No verdict yet."
    width = max((len(shown_name(gate)) for gate in gates), default=0)
    return [
        f"{whom} on {found['slot']}. {said}",
        *(_gate_line(gate, width) for gate in gates),
        *_stamps(found),
        *_measured(found),
        *_budget(found),
        *_claims(found, gates),
        *_outlook(found, gates, crowned=crowned),
    ]


def holds(gate: Row) -> bool:
    """Whether a gate holds the challenger back."""
    return not (gate["passed"] or gate["advisory"])


def shown_name(gate: Row) -> str:
    """Return a gate's name, with what its figures are: logarithms, milliseconds."""
    return SHOWN.get(gate["gate"], str(gate["gate"]))


def _gate_line(gate: Row, width: int) -> str:
    mark = PASSED if gate["passed"] else ADVISES if gate["advisory"] else HELD
    value, threshold = _figure(gate["value"]), _figure(gate["threshold"])
    advises = "  advises only" if gate["advisory"] else ""
    return (
        f"  {mark} {shown_name(gate):<{width}}  value {value:>12}  threshold {threshold:>12}"
        f"  n {gate['n']:>6,}  event {gate['event']}{advises}"
    )


def _stamps(found: Row) -> Iterator[str]:
    """Say what is wrong with the rules in force."""
    if found["notice"]:
        yield f"NOTICE: {found['notice']}."


def _measured(found: Row) -> Iterator[str]:
    if found["log_evidence"] is None or found["log_threshold"] is None:
        return
    yield (
        f"Evidence after {found['pairs']:,} pairs: E = {_e(found['log_evidence'])}, needs"
        f" {_e(found['log_threshold'])}; highest so far {_e(found['log_evidence_max'])}."
    )
    pairs = found["segment_pairs"] or 0
    began = f", since {moment(found['segment_ms'])}" if found["segment_ms"] else ""
    yield (
        f"Segment {found['segment']}, {pairs:,} pairs from pair {found['pairs'] - pairs + 1:,}"
        f" on{began}: E was {_e(found['log_evidence_at_segment'])} at its start; the present lineup"
        f" alone shows {_e(found['log_evidence_of_segment'])}, needs {_e(_needed_here(found))}."
    )


def _budget(found: Row) -> Iterator[str]:
    if found["k"] is None:
        return
    yield (
        f"Budget: test k = {found['k']} of the window since {moment(found['window_start_ms'])}"
        f" ({found['mode']}, N = {found['window_tests']}, alpha ="
        f" {_figure(found['window_alpha'])}), R = {found['crowned_before']} crowned in it"
        f" before; gamma = {_figure(found['gamma'])},"
        f" alpha_k = {found['alpha']:.5f}, at most p_max = {_figure(found['p_max'])}."
    )


def _claims(found: Row, gates: Sequence[Row]) -> Iterator[str]:
    """Say what the evidence proves, on this lineup too (0017); nothing where it only advises."""
    judged = [gate for gate in gates if gate["gate"] == EVIDENCE]
    if not judged or found["alpha"] is None:
        return
    if judged[0]["advisory"]:
        yield "The rule in force promises no bound on how often it crowns the wrong one."
        return
    strong = _strong(judged)
    here = _strong([gate for gate in gates if gate["gate"] == EVIDENCE_HERE])
    yield (
        f"Had the challenger been no better, evidence {strong} would ever appear with probability"
        f" at most alpha_k = {found['alpha']:.5f}; this was test {found['k']} of the window; limits"
        f" of the claim: block losses within {_figure(found['bound'])} scale units."
    )
    yield (
        f"Had it been no better on this lineup, evidence {here} since the lineup changed would"
        f" appear with probability at most p_max = {_figure(found['p_max'])}."
    )


def _strong(gates: Sequence[Row]) -> str:
    return "this strong" if all(gate["passed"] for gate in gates) else "as strong as it needs"


def _outlook(found: Row, gates: Sequence[Row], *, crowned: bool) -> Iterator[str]:
    if found["verdict_event"]:
        yield (
            f"Last verdict: {found['verdict']} at pair {found['verdict_pairs']:,},"
            f" {moment(found['verdict_ms'])}, event {found['verdict_event']}."
        )
    if crowned:
        yield f"Recompute it: kingmaker audit {found['promotion']}"
    elif found["state"] == "closed":
        yield f"The trial is closed ({found['reason']}): nothing changes this any more."
    else:
        yield from _changes(found, gates)


def _changes(found: Row, gates: Sequence[Row]) -> Iterator[str]:
    """Say of each gate that holds the challenger back what would open it."""
    closed = [gate for gate in gates if holds(gate)]
    if found["verdict"] == "ready" or not gates:
        wanted = (
            "an approval by a person" if found["verdict"] == "ready" else "a first counted pair"
        )
        yield f"What would change this: {wanted}."
    elif closed:
        yield "What would change this (promotion judges at every pair; all must hold at once):"
        yield from (f"  {gate['gate']}: {_remedy(gate)}" for gate in closed)
    left = (found["max_pairs"] or 0) - (found["pairs"] or 0)
    yield f"The trial ends by itself after {left:,} more pairs (trial.max_pairs)."


def _remedy(gate: Row) -> str:
    if gate["gate"] in REMEDIES:
        return REMEDIES[gate["gate"]]
    if gate["gate"].startswith(EVIDENCE):
        return f"E grows from {_e(gate['value'])} to {_e(gate['threshold'])}"
    return f"{_figure(gate['value'])} now, {_figure(gate['threshold'])} is asked"


def _needed_here(found: Row) -> float | None:
    return -math.log(found["p_max"]) if found["p_max"] else None


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value == int(value) and abs(value) >= 1 else f"{value:.4g}"


def _e(log_evidence: float | None) -> str:
    """Return an e-value from its logarithm."""
    if log_evidence is None:
        return "-"
    return f"{math.exp(min(log_evidence, 700.0)):.4g}"
