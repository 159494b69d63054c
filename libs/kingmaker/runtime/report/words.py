"""What a page says in sentences: what happened, what it claims, and how it is undone."""

from math import exp

from kingmaker.runtime.audited import PERSON, Audited
from kingmaker.runtime.history import message_of
from kingmaker.runtime.report.collect import Collected
from kingmaker.runtime.report.markup import moment, number

REASON = '--reason "..."'


def headline(audited: Audited) -> str:
    """Return what happened, in one line."""
    said = audited.message
    if audited.is_crown:
        return f"{said.model} was crowned on {said.slot}"
    if audited.is_rollback:
        return f"{said.to_model} reigns on {said.slot} again instead of {said.from_model}"
    return f"{audited.opened.challenger} was not crowned on {said.slot}"


def story(audited: Audited) -> str:
    """Return when it happened, by what, and whom it concerned."""
    said = audited.message
    when = moment(audited.record.time_ms)
    if audited.is_crown:
        after = f"after {said.expected}" if said.expected else "the slot was empty"
        return f"{when}, reign {said.reign}, {after}. {_how(said)}"
    if audited.is_rollback:
        who = f"{said.actor} took the crown back" if said.actor else f"by itself: {said.trigger}"
        return f"{when}, reign {said.reign}. {who}: {said.reason}"
    if hasattr(said, "reason"):
        return f"{when}: the trial was closed, {said.reason}."
    if hasattr(said, "findings"):
        return f"{when}: the last verdict of a trial that goes on."
    return f"{when}: the trial opened; no verdict was recorded yet."


def undo(audited: Audited) -> str:
    """Return the command that takes it back; nothing where there is nothing to take back."""
    if audited.is_crown or audited.is_rollback:
        return f"kingmaker rollback {audited.slot} {REASON}"
    return ""


def claims(found: Collected) -> list[str]:
    """Return the sentences for people: what the evidence says, and the limits of the claim."""
    audited, opened = found.audited, found.audited.opened
    if audited.is_rollback:
        return [_claim_of_rollback(audited)]
    if opened is None or not found.evidence:
        return ["No evidence stands behind this. " + str(getattr(audited.message, "notice", ""))]
    last = found.evidence[-1].message
    bound = number(dict(opened.parameters).get("bound"))
    limits = f"limits of the claim: block losses within {bound} scale units"
    test = f"this was test {opened.k} of the window"
    sentences = []
    if last.log_evidence >= opened.log_threshold:
        sentences.append(
            "Had the challenger been no better, evidence this strong would ever appear with"
            f" probability at most alpha_k = {number(opened.alpha)}; {test}; {limits}."
        )
    else:
        anytime = exp(-max(0.0, last.log_evidence_max))
        sentences.append(
            f"Had the challenger been no better, evidence as strong as its strongest would ever"
            f" appear with probability at most {number(anytime)}; alpha_k ="
            f" {number(opened.alpha)} was asked for; {test}; {limits}."
        )
    segment = exp(-max(0.0, last.log_evidence_of_segment))
    met = segment <= opened.p_max
    sentences.append(
        "Had it been no better on this lineup, evidence this strong since the lineup changed would"
        f" appear with probability at most p_max = {number(opened.p_max)}."
        if met
        else f"On this lineup alone the evidence is not enough: p_max = {number(opened.p_max)} was"
        f" asked for, 1/E since the lineup changed is {number(segment)}."
    )
    notice = str(getattr(audited.message, "notice", "") or opened.notice)
    return [*sentences, notice] if notice else sentences


def _claim_of_rollback(audited: Audited) -> str:
    said = audited.message
    if said.trigger == PERSON:
        return "A person took the crown back: that needs no evidence, and nothing may refuse it."
    crowned = message_of(audited.before.record) if audited.before else None
    alarm = dict(getattr(crowned, "canary_parameters", {})).get("alarm")
    if said.trigger != "canary" or alarm is None:
        return f"The champion had to go ({said.trigger}): that needs no evidence."
    breached = ", ".join(finding.gate for finding in said.findings if not finding.passed)
    return (
        f"While a champion is no worse than is tolerated, its detector raises a false alarm once in"
        f" {number(alarm)} pairs on average, or more rarely. This crown went back because these"
        f" were breached: {breached}."
    )


def _how(said: object) -> str:
    how = str(getattr(said, "how", ""))
    actor, reason = str(getattr(said, "actor", "")), str(getattr(said, "reason", ""))
    match how:
        case "promoted":
            return f"Evidence earned it, in trial {getattr(said, 'trial', '')}."
        case "direct":
            return f"{actor} crowned it by command, without evidence: {reason}"
        case _:
            return f"{how}: {reason}"
