"""What an event says to a person: a tag, one line, and how much it matters. Pure."""

import math
from collections.abc import Callable, Mapping

from kingmaker.contracts.desks import component_of
from kingmaker.runtime import past_bars, revised, telling_risk
from kingmaker.runtime.refusals import dated
from kingmaker.runtime.telling_line import Event, Line


def tell(kind: str, event: Event) -> Line | None:
    """Return what an event says; None for what only programs care about."""
    told = _TOLD.get(kind)
    return None if told is None else told(event)


def e_value(log_evidence: float) -> str:
    """Return E from its logarithm, as people read it."""
    value = math.exp(min(log_evidence, 700.0))
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three digits


def _gap(event: Event) -> Line:
    bars = "1 bar is" if event.bars_missing == 1 else f"{event.bars_missing} bars are"
    return Line("FEED", "warning", "gap", f"{event.symbol}: {bars} missing", loud=False)


def _refused_row(event: Event) -> Line:
    return Line("FEED", "warning", "refused", f"{event.symbol}: {event.reason}")


def _closed(event: Event) -> Line:
    direction = f"{event.position}, P/L: {event.net * 100:.2f}%"
    title = {"TP_HIT": "TP HIT processed", "SL_HIT": "SL HIT processed"}.get(
        event.reason, f"{event.reason} processed"
    )
    return Line("OUTCOME", "info", title, direction, loud=False)


def _training(event: Event) -> Line:
    text = f"{_of(event)} from {event.trades:,} closed trades ({event.cause})"
    if event.attempt > 1:
        text += f", attempt {event.attempt}"
    return Line("LEARNING", "info", "training", text, event.slot, loud=False)


def _trained(event: Event) -> Line:
    verdict = "a candidate" if event.candidate else f"no candidate: {event.reason}"
    text = f"{_of(event)}: {verdict}"
    return Line("LEARNING", "info", "trained", text, event.slot, loud=False)


def _training_failed(event: Event) -> Line:
    text = f"{_of(event)}, attempt {event.attempt}: {event.reason}"
    return Line("JOB", "error", "failed", text, event.slot)


def _abandoned(event: Event) -> Line:
    hint = f"again?  kingmaker job retry {event.job} --reason ..."
    return Line("JOB", "error", "abandoned", f"{event.job}: {event.reason}", event.slot, hint=hint)


def _cancelled(event: Event) -> Line:
    text = f"{event.training} by {event.actor}: {event.reason}"
    hint = f"undo?  kingmaker job retry {event.training} --reason ..."
    return Line("JOB", "warning", "cancelled", text, event.slot, hint=hint)


def _weights(event: Event) -> Line:
    moves = [
        f"HEAD_{letter}: {old:.4f} -> {new:.4f} ({new - old:+.4f})"
        for letter, old, new in zip("ABCDEFGHI", event.old, event.weights, strict=False)
        if new != old
    ]
    text = f"Max change={event.max_change:.4f}, {event.desk} version {event.version}"
    text = "; ".join([text, *moves])
    return Line("LEARNING", "info", "Head weights updated", text, loud=False)


def _judged(event: Event) -> Line:
    won = f"Win={event.net > 0}, P/L={event.net * 100:.2f}%"
    return Line("LEARNING", "info", f"Learning completed for {event.opportunity}", won, loud=False)


def _fired(event: Event) -> Line:
    by = event.actor or "the schedule"
    return Line("LEARNING", "info", f"{_job(event)} STARTED", f"by {by}", loud=False)


def _learned(event: Event) -> Line:
    made = f"version {event.version}" if event.version else f"no version: {event.reason}"
    wins = f"{event.wins} of {event.outcomes} outcomes won"
    text = f"{event.desk} {event.date}, {wins}; {made}"
    return Line("LEARNING", "info", f"{_job(event)} COMPLETED", text, loud=False)


def _learned_from_history(event: Event) -> Line:
    text = f"{event.run} {event.desk}, {event.mode}: {past_bars.reason_of(event)}"
    return Line("LEARNING", "info", "HISTORICAL LEARNING COMPLETED", text, loud=False)


def _history_failed(event: Event) -> Line:
    text = f"{event.run} {event.desk}, attempt {event.attempt or 1}: {event.reason}"
    return Line("LEARNING", "error", "HISTORICAL LEARNING FAILED", text)


def _history_cancelled(event: Event) -> Line:
    text = f"{event.run} {event.desk} by {event.actor}: {event.reason}"
    hint = f"undo?  kingmaker job retry {event.run} --reason ..."
    return Line("JOB", "warning", "cancelled", text, hint=hint)


def _skipped(event: Event) -> Line:
    text = f"{event.desk} {event.date}, {event.outcomes} of {event.needed} outcomes: {event.reason}"
    return Line("LEARNING", "info", f"{_job(event)} SKIPPED", text, loud=False)


def _job(event: Event) -> str:
    """Return what a job is called where people grep for it."""
    return f"{str(event.schedule).replace('_', ' ').upper()} JOB"


def _registered(event: Event) -> Line:
    loud = event.origin != "bootstrap"
    tag = "MODEL-RELOAD" if loud else "BOOTSTRAP"
    text = f"{_of(event)} {event.model}, {event.digest[:12]}"
    if event.trades:
        text += f", learned from {event.trades:,} closed trades"
    return Line(tag, "info", "registered", text, event.slot, event.model, loud)


def _refused_model(event: Event) -> Line:
    text = f"{_of(event)} {event.digest[:12]}: {event.reason} {event.detail}"
    return Line("MODEL-RELOAD", "warning", "refused", text, event.slot)


def _trial(event: Event) -> Line:
    text = (
        f"{event.trial}: {event.challenger} against {event.champion}, test {event.k} of its"
        f" window, needs E ≥ {e_value(event.log_threshold)}{_stamp(event)}"
    )
    return Line("SHADOW", "info", "trial", text, event.slot, event.challenger)


def _warmed(event: Event) -> Line:
    text = f"{event.model} decides on the same opportunities as {event.champion}, no orders"
    if event.frozen:
        text = f"{event.model} decides as it was exported, beside itself that learns, no orders"
    return Line("SHADOW", "info", "shadow", text, event.slot, event.model)


def _faulted(event: Event) -> Line:
    text = f"{event.trial} stayed out of an opportunity: {event.reason}"
    return Line("SHADOW", "warning", "fault", text, event.slot)


def _held(event: Event) -> Line:
    passed = sum(finding.passed for finding in event.findings)
    waiting = ", ".join(name.replace("_", " ") for name in event.held_by)
    text = (
        f"{event.trial.partition('@')[0]} after {event.pairs:,} pairs: {passed} of"
        f" {len(event.findings)} pass, waiting for {waiting}"
    )
    return Line("SHADOW", "info", "gates", text, event.slot, loud=False)


def _ready(event: Event) -> Line:
    text = f"{event.trial} passes every gate; promotion.auto is off: a person must approve"
    return Line("PROMOTION", "warning", "ready", text, event.slot)


def _trial_closed(event: Event) -> Line:
    text = f"{event.trial}: {event.reason.replace('_', ' ')}"
    return Line("SHADOW", "info", "closed", text, event.slot)


def _crowned(event: Event) -> Line:
    if event.how == "bootstrap":
        text = f"{_of(event)} {event.model}"
        return Line("BOOTSTRAP", "info", "reigns", text, event.slot, event.model, loud=False)
    earned = f"E = {e_value(event.log_evidence)} after {event.pairs:,} pairs"
    why = earned + _stamp(event)
    if event.how != "promoted":
        why = event.notice or "no evidence"
    text = f"{_of(event)} {event.model} after {event.expected}; {why}; {event.promotion}"
    hint = f"undo?  kingmaker rollback {event.slot} --reason ..."
    if event.trial:
        hint = f"why?  kingmaker trial explain {event.trial}    {hint}"
    return Line("PROMOTION", "info", "♛ crowned", text, event.slot, event.model, hint=hint)


def _activated(event: Event) -> Line:
    text = f"{_of(event)} {event.model}: the trader follows reign {event.reign}"
    return Line("MODEL-RELOAD", "info", "activated", text, event.slot, event.model, loud=False)


def _activation_failed(event: Event) -> Line:
    text = f"{_of(event)} reign {event.reign}: {event.reason}"
    return Line("MODEL-RELOAD", "error", "failed", text, event.slot)


def _lost(event: Event) -> Line:
    text = f"{_of(event)} reign {event.reign} no longer loads: {event.reason}"
    return Line("MODEL-RELOAD", "critical", "lost", text, event.slot)


def _rolled_back(event: Event) -> Line:
    who = event.actor or event.trigger
    text = f"{_of(event)} {event.from_model} → {event.to_model} by {who}: {event.reason}"
    return Line("ROLLBACK", "critical", "rolled back", text, event.slot, event.to_model)


def _impossible(event: Event) -> Line:
    text = f"{_of(event)} must go ({event.trigger}: {event.reason}), and nobody is left to follow"
    return Line("ROLLBACK", "critical", "impossible", text, event.slot)


def _watched(event: Event) -> Line:
    text = f"{_of(event)} reign {event.reign} is watched by {event.rule}: {event.canary}"
    return Line("CANARY", "info", "watching", text, event.slot, loud=False)


def _warned(event: Event) -> Line:
    whom = f"{_of(event)} reign {event.reign} after {event.pairs:,} pairs"
    if not event.breached:
        return Line("CANARY", "info", "recovered", f"{whom}: within every limit", event.slot)
    seen = [
        f"{one.gate.replace('_', ' ')} {one.value:.4g}, limit {one.threshold:.4g}"
        for one in event.findings
        if one.gate in (*event.breached, "edetector")
    ]
    return Line("CANARY", "warning", "worse", f"{whom}: {'; '.join(seen)}", event.slot)


def _watch_ended(event: Event) -> Line:
    level = "info" if event.reason == "minutes" else "warning"
    reason = event.reason.replace("_", " ")
    text = f"{_of(event)} reign {event.reign} is watched no longer: {reason}"
    return Line("CANARY", level, "ended", text, event.slot)


def _champion_faulted(event: Event) -> Line:
    text = f"{_of(event)} reign {event.reign}, {event.faults} in a row: {event.reason}"
    return Line("CANARY", "warning", "fault", text, event.slot, loud=False)


def _revised(event: Event) -> Line:
    title, text = revised.told(event)
    return Line("LEARNING", "info", title, text, event.slot, loud=False)


def _revision_refused(event: Event) -> Line:
    text = f"{_of(event)} stays at revision {event.revision} after {event.opportunity}"
    return Line("LEARNING", "warning", "no revision", f"{text}: {event.reason}", event.slot)


def _parameters_changed(event: Event) -> Line:
    changes = [f"{key} {event.old[key]} → {event.new[key]}" for key in sorted(event.new)]
    text = f"{event.change} by {event.actor}: {', '.join(changes)}; the set before decides on"
    hint = f"undo?  kingmaker rollback {event.slot} --reason ..."
    return Line("CANARY", "warning", "settings", text, event.slot, hint=hint)


def _parameters_rolled_back(event: Event) -> Line:
    values = [f"{key} = {event.values[key]}" for key in sorted(event.values)]
    who = event.actor or event.trigger
    text = f"{event.change}: {', '.join(values)} again, by {who}: {event.reason}"
    return Line("ROLLBACK", "critical", "settings", text, event.slot)


def _frozen(event: Event) -> Line:
    text = f"{_scope(event)} by {event.actor}: {event.reason}"
    return Line("PROMOTION", "critical", "frozen", text)


def _thawed(event: Event) -> Line:
    text = f"{_scope(event)} by {event.actor}: {event.reason}"
    return Line("PROMOTION", "info", "thawed", text)


def _pair_refused(event: Event) -> Line:
    text = f"{event.trial}, pair {event.number}: {event.reason}; it is not counted"
    return Line("SHADOW", "warning", "refused", text, event.slot)


def _command_refused(event: Event) -> Line:
    return Line("PROMOTION", "warning", "refused", f"{event.command}: {dated(event.reason)}")


def _pending(event: Event) -> Line:
    text = f"{event.command} by {event.actor} waits for a second signature: {event.command_id}"
    return Line("PROMOTION", "warning", "pending", text)


def _revoked(event: Event) -> Line:
    text = f"key {event.key_id} ends: {event.reason} ({event.actor})"
    return Line("PROMOTION", "warning", "revoked", text)


def _overdue(event: Event) -> Line:
    text = f"{_of(event)} reign {event.reign}: no answer of the trader"
    return Line("PROMOTION", "critical", "overdue", text, event.slot)


def _stamp(event: Event) -> str:
    """Return what is wrong with the rules in force."""
    return f"; {event.notice}" if event.notice else ""


def _scope(event: Event) -> str:
    return "the desk" if event.scope == "desk" else str(event.scope)


def _of(event: Event) -> str:
    return component_of(event.slot)


_TOLD: Mapping[str, Callable[[Event], Line]] = {
    "kingmaker.feed.v1.GapRecorded": _gap,
    "kingmaker.feed.v1.BarRefused": _refused_row,
    "kingmaker.trader.v1.PositionClosed": _closed,
    "kingmaker.trader.v1.EntryBarred": telling_risk.barred,
    "kingmaker.trader.v1.ChallengerWarmed": _warmed,
    "kingmaker.trader.v1.ChallengerFaulted": _faulted,
    "kingmaker.trader.v1.ChampionActivated": _activated,
    "kingmaker.trader.v1.ActivationFailed": _activation_failed,
    "kingmaker.trader.v1.ChampionLost": _lost,
    "kingmaker.trader.v1.ChampionFaulted": _champion_faulted,
    "kingmaker.trader.v1.ModelRevised": _revised,
    "kingmaker.trader.v1.RevisionRefused": _revision_refused,
    "kingmaker.trader.v1.ParameterChanged": _parameters_changed,
    "kingmaker.shadow.v1.CanaryOpened": _watched,
    "kingmaker.learners.v1.TrainingStarted": _training,
    "kingmaker.learners.v1.TrainingCompleted": _trained,
    "kingmaker.learners.v1.TrainingFailed": _training_failed,
    "kingmaker.learners.v1.JobAbandoned": _abandoned,
    "kingmaker.learners.v1.WeightsLearned": _weights,
    "kingmaker.learners.v1.OutcomeJudged": _judged,
    "kingmaker.learners.v1.TriggerFired": _fired,
    "kingmaker.learners.v1.LearningJobCompleted": _learned,
    "kingmaker.learners.v1.LearningJobSkipped": _skipped,
    "kingmaker.learners.v1.HistoricalRunCompleted": _learned_from_history,
    "kingmaker.learners.v1.HistoricalRunFailed": _history_failed,
    "kingmaker.learners.v1.HistoricalRunCancelled": _history_cancelled,
    "kingmaker.learners.v1.TrainingCancelled": _cancelled,
    "kingmaker.learners.v1.CommandRefused": _command_refused,
    "kingmaker.registry.v1.ModelRegistered": _registered,
    "kingmaker.registry.v1.ModelRefused": _refused_model,
    "kingmaker.shadow.v1.PairRefused": _pair_refused,
    "kingmaker.promotion.v1.TrialOpened": _trial,
    "kingmaker.promotion.v1.TrialClosed": _trial_closed,
    "kingmaker.promotion.v1.ChallengerHeld": _held,
    "kingmaker.promotion.v1.ChallengerReady": _ready,
    "kingmaker.promotion.v1.ChampionCrowned": _crowned,
    "kingmaker.promotion.v1.ChampionRolledBack": _rolled_back,
    "kingmaker.promotion.v1.RollbackImpossible": _impossible,
    "kingmaker.policy.v1.ParametersRolledBack": _parameters_rolled_back,
    "kingmaker.promotion.v1.CanaryWarned": _warned,
    "kingmaker.promotion.v1.CanaryEnded": _watch_ended,
    "kingmaker.promotion.v1.Frozen": _frozen,
    "kingmaker.promotion.v1.Thawed": _thawed,
    "kingmaker.risk.v1.ModeChanged": telling_risk.mode,
    "kingmaker.risk.v1.GuardChanged": telling_risk.guard,
    "kingmaker.risk.v1.DriftDetected": telling_risk.drift,
    "kingmaker.risk.v1.CommandRefused": _command_refused,
    "kingmaker.promotion.v1.CommandRefused": _command_refused,
    "kingmaker.governance.v1.CommandPending": _pending,
    "kingmaker.governance.v1.KeyRevoked": _revoked,
    "kingmaker.promotion.v1.ActivationOverdue": _overdue,
}
