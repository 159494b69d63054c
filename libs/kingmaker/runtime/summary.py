"""What a run came to: the figures, and in plain words what was learned."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kingmaker.contracts.desks import component_of
from kingmaker.runtime.telling import e_value

type Row = Mapping[str, Any]
type Query = Callable[[str], Sequence[Row]]


TOTALS = ("bars", "gaps", "bars_missing", "opportunities", "trades", "pairs")


def collect(query: Query, desks: Sequence[str]) -> dict[str, Any]:
    """Return every figure of the summary from the views; desks by name, in their order."""
    rows = query("SELECT * FROM desks")
    trials = query("SELECT * FROM trials ORDER BY opened_ms, trial")
    reigns = query("SELECT * FROM reigns WHERE how <> 'bootstrap' ORDER BY since_ms, slot")
    return {
        **{name: sum(row[name] for row in rows) for name in TOTALS},
        "trials": len(trials),
        "coronations": sum(row["how"] != "rollback" for row in reigns),
        "rollbacks": sum(row["how"] == "rollback" for row in reigns),
        "desks": [_desk(query, desk, trials, reigns) for desk in desks],
    }


def words(figures: Mapping[str, Any]) -> list[str]:
    """Return what was learned, a paragraph a desk, and what it does not mean."""
    found = [sentence for desk in figures["desks"] for sentence in _about(desk)]
    crowned = any(desk["crowned"] for desk in figures["desks"])
    if crowned:
        found.append(
            "A better model is not yet a profitable one: a crown says that a model beats the one"
            " before it on the same opportunities, after costs; it says nothing about the sign."
        )
    return found


def _desk(query: Query, desk: str, trials: Sequence[Row], reigns: Sequence[Row]) -> dict[str, Any]:
    lineups = [row for row in query("SELECT * FROM lineups") if row["desk"] == desk]
    trainings = [row for row in query("SELECT * FROM trainings") if row["desk"] == desk]
    crowned = [row for row in reigns if row["desk"] == desk and row["how"] != "rollback"]
    since = crowned[0]["activated_ms"] or crowned[0]["since_ms"] if crowned else None
    before = [row for row in lineups if since is None or (row["since_ms"] or 0) < since]
    after = [row for row in lineups if row not in before]
    return {
        "desk": desk,
        "trainings": len(trainings),
        "candidates": sum(bool(row["candidate"]) for row in trainings),
        "refusals": sorted({row["reason"] for row in trainings if row["reason"]}),
        "trials": [dict(row) for row in trials if row["desk"] == desk],
        "crowned": [dict(row) for row in crowned],
        "before": _reading(before),
        "after": _reading(after),
    }


def _reading(lineups: Sequence[Row]) -> dict[str, Any]:
    """Return how signals went: what the trades taken returned, and what the others would have."""
    resolved, taken, won, net, left_alone_net = (
        sum(row[name] for row in lineups)
        for name in ("resolved", "taken", "won", "net", "left_alone_net")
    )
    left_alone = resolved - taken
    return {
        "signals": resolved,
        "taken": taken,
        "won": won,
        "net": net,
        "share_taken": taken / resolved if resolved else None,
        "net_a_trade": net / taken if taken else None,
        "left_alone": left_alone,
        "net_left_alone": left_alone_net / left_alone if left_alone else None,
    }


def _about(desk: Mapping[str, Any]) -> list[str]:
    if desk["crowned"]:
        return [_about_crown(desk, desk["crowned"][0])]
    trials = desk["trials"]
    if trials:
        return [f"{desk['desk']}: nobody earned the crown. {' '.join(map(_about_trial, trials))}"]
    return [f"{desk['desk']}: nobody earned the crown. {_without_trial(desk)}"]


def _about_crown(desk: Mapping[str, Any], crown: Row) -> str:
    before, after = desk["before"], desk["after"]
    text = f"{desk['desk']}: {component_of(crown['slot'])} {crown['model']}"
    if crown["how"] == "promoted":
        evidence = e_value(crown["log_evidence"])
        text += f" earned the crown (E = {evidence} after {crown['pairs']:,} pairs)."
    else:
        text += " was crowned by command, without evidence."
    text += (
        f" Before it the desk took {_share(before)} of its signals at {_bp(before['net_a_trade'])}"
        f" a trade, after costs; since then {_share(after)} at {_bp(after['net_a_trade'])}."
    )
    if after["left_alone"]:
        text += (
            f" What it learned is mostly which trades to leave alone: those would have returned"
            f" {_bp(after['net_left_alone'])} each."
        )
    return f"{text} Sum since the coronation: {after['net'] * 100:+.1f} % of the capital base."


def _about_trial(trial: Row) -> str:
    name = trial["trial"].partition("@")[0]
    stands = (
        ""
        if trial["log_evidence"] is None
        else (
            f": E = {e_value(trial['log_evidence'])} of {e_value(trial['log_threshold'])} after"
            f" {trial['pairs']:,} pairs"
        )
    )
    held = f", held by {trial['held_by']}" if trial["held_by"] else ""
    return f"{name}, {component_of(trial['slot'])} {trial['challenger']}{stands}{held}."


def _without_trial(desk: Mapping[str, Any]) -> str:
    if not desk["trainings"]:
        return "Too few trades were closed to learn from."
    reasons = "; ".join(desk["refusals"]) or "none was worth a trial"
    return f"{desk['trainings']} trainings, no candidate: {reasons}."


def _share(reading: Mapping[str, Any]) -> str:
    return "none" if reading["share_taken"] is None else f"{reading['share_taken']:.0%}"


def _bp(value: float | None) -> str:
    return "no trade" if value is None else f"{value * 10_000:+.1f} bp"
