"""The parts of the page about what was decided, and on what evidence."""

from collections.abc import Callable, Sequence
from math import exp

from kingmaker.runtime.report import words
from kingmaker.runtime.report.collect import Collected
from kingmaker.runtime.report.curve import Curve, Line
from kingmaker.runtime.report.information import deflated_sharpe, moments, probabilistic_sharpe
from kingmaker.runtime.report.markup import (
    Content,
    Markup,
    code,
    element,
    facts,
    joined,
    mark,
    moment,
    number,
    section,
    table,
)

UNASKED = "No gate judged: the evidence was not asked."
CLIPPED_ALERT, TAU_ALERT = 0.01, 1.5

type Part = Callable[[Collected], Markup]

NOTHING = Markup("")


def head(found: Collected) -> Markup:
    """Say what happened, and how it is undone."""
    audited = found.audited
    undo = words.undo(audited)
    lines = [
        element("p", f"{audited.name} · event {audited.lane}/{audited.record.seq}", class_="over"),
        element("h1", words.headline(audited)),
        element("p", words.story(audited), class_="story"),
    ]
    if undo:
        lines.append(element("p", "To take it back: ", code(undo)))
    claims = [element("p", sentence) for sentence in words.claims(found) if sentence]
    return element("header", *lines, element("blockquote", *claims))


def evidence(found: Collected) -> Markup:
    """Draw the evidence of every pair against what was asked for."""
    if not found.evidence or found.audited.opened is None:
        return NOTHING
    said = [one.message for one in found.evidence]
    opened = found.audited.opened
    curve = Curve(
        lines=[
            Line("mean ledger", "mean", [(m.pairs, m.mean.log_evidence) for m in said]),
            Line("sharpe ledger", "sharpe", [(m.pairs, m.sharpe.log_evidence) for m in said]),
            Line("evidence (the lesser)", "evidence", [(m.pairs, m.log_evidence) for m in said]),
        ],
        levels=[(f"ln(1/alpha_k) = {number(opened.log_threshold)}", opened.log_threshold)],
        marks=[(f"segment {n}", pairs) for n, pairs in _segment_starts(found)],
    )
    last = said[-1]
    rows = [
        ("mean ledger", number(last.mean.log_evidence), _e(last.mean.log_evidence)),
        ("sharpe ledger", number(last.sharpe.log_evidence), _e(last.sharpe.log_evidence)),
        ("evidence, the lesser of both", number(last.log_evidence), _e(last.log_evidence)),
        ("its highest so far", number(last.log_evidence_max), _e(last.log_evidence_max)),
        ("since the lineup changed", *_both(last.log_evidence_of_segment)),
        ("asked for", number(opened.log_threshold), _e(opened.log_threshold)),
    ]
    anytime = f"p, valid at any time: {number(exp(-max(0.0, last.log_evidence_max)))}"
    return section("Evidence", curve.drawn(), table(("process", "ln E", "E"), rows), note=anytime)


def gates(found: Collected) -> Markup:
    """List what every gate saw, asked for and found."""
    if found.verdict is None:
        return NOTHING if found.audited.is_rollback else section("Gates", note=UNASKED)
    rows = [
        (
            finding.gate,
            number(finding.value),
            number(finding.threshold),
            number(finding.n),
            "○ advises only" if finding.advisory else mark(passed=finding.passed),
            code(found.verdict.event),
        )
        for finding in found.verdict.message.findings
    ]
    when = f"Last verdict: {moment(found.verdict.record.time_ms)}, {found.verdict.kind}."
    title = "What was found" if found.audited.is_rollback else "Gates"
    return section(
        title, table(("gate", "value", "threshold", "n", "result", "event"), rows), note=when
    )


def budget(found: Collected) -> Markup:
    """Say what chance to err this test was given, and why so much."""
    opened = found.audited.opened
    if opened is None:
        return NOTHING
    rows: dict[str, Content] = {
        "test k of the window": number(opened.k),
        "R, crowns among the window's tests before": number(opened.crowned_before),
        "gamma_k": number(opened.gamma),
        "alpha_k": number(opened.alpha),
        "ln(1/alpha_k)": number(opened.log_threshold),
        "p_max of a lineup": number(opened.p_max),
        "mode": opened.mode,
        "window since": moment(opened.window_start_ms),
        "trial opened": moment(opened.time_ms),
        "most pairs": number(opened.max_pairs),
        **{
            name.replace("_", " "): number(getattr(opened, name))
            for name in ("window_tests", "window_alpha")
            if hasattr(opened, name)
        },
        "notice": opened.notice,
    }
    return section("Error budget", facts(rows))


def segments(found: Collected) -> Markup:
    """List the lineups that the trial has seen."""
    if not found.evidence:
        return NOTHING
    first = found.evidence[0].message
    rows: list[Sequence[Content]] = [
        (
            number(first.segment),
            number(1),
            number(0.0),
            code(first.lineup),
            code(found.evidence[0].event),
        )
    ]
    for (number_of, pairs), said in zip(_segment_starts(found), found.segments, strict=True):
        message = said.message
        rows.append(
            (
                number(number_of),
                number(pairs),
                number(message.log_evidence),
                code(message.lineup),
                code(said.event),
            )
        )
    return section(
        "Segments",
        table(("segment", "from pair", "ln E at its start", "lineup", "event"), rows),
        note="A segment begins when another component of the desk gets a new champion.",
    )


def rule(found: Collected) -> Markup:
    """Name the rule, its parameters, and what it noticed about its own assumptions."""
    opened = found.audited.opened
    if opened is None:
        return NOTHING
    parameters = dict(sorted(opened.parameters.items()))
    rows: dict[str, Content] = {"rule": code(opened.rule)}
    rows |= {name: number(value) for name, value in parameters.items()}
    parts: list[Content] = [facts(rows)]
    if found.evidence:
        parts.append(_diagnosis(found))
    return section("Rule", *parts)


def sides(found: Collected) -> Markup:
    """Describe both sides of the present segment, and what chance makes of Sharpe ratios."""
    if not found.evidence:
        return NOTHING
    last = found.evidence[-1].message
    names = ("pairs", "sum", "taken", "won", "drawdown_max")
    rows: list[Sequence[Content]] = [
        (
            name.replace("_", " "),
            number(getattr(last.champion, name)),
            number(getattr(last.challenger, name)),
        )
        for name in names
    ]
    return section(
        "Both sides",
        table(("present segment", "champion", "challenger"), rows),
        _sharpe_ratios(found),
    )


def _sharpe_ratios(found: Collected) -> Markup:
    champion = moments([said.message.champion.net for said in found.pairs])
    challenger = moments([said.message.challenger.net for said in found.pairs])
    if champion is None or challenger is None:
        return NOTHING
    tests = max(1, found.audited.opened.k)
    rows: dict[str, Content] = {
        "Sharpe ratio of a pair, champion": number(champion.sharpe),
        "Sharpe ratio of a pair, challenger": number(challenger.sharpe),
        "PSR, that it is above the champion's": number(
            probabilistic_sharpe(challenger, champion.sharpe)
        ),
        "DSR, that it is above the best of all tests of the window without skill": number(
            deflated_sharpe(challenger, tests)
        ),
    }
    said = "For information, over all counted pairs of the trial: no verdict stands on these."
    return joined([element("p", said, class_="note"), facts(rows)])


def _diagnosis(found: Collected) -> Markup:
    last = found.evidence[-1].message
    ledgers = (last.mean, last.sharpe)
    lags = [one.lag_products / one.squares if one.squares else 0.0 for one in ledgers]
    clipped = [one.clipped_below + one.clipped_above for one in ledgers]
    alerts = [
        "look here"
        if one.tau > TAU_ALERT or (one.blocks and clips > CLIPPED_ALERT * one.blocks)
        else "as assumed"
        for one, clips in zip(ledgers, clipped, strict=True)
    ]
    rows: list[Sequence[Content]] = [
        ("blocks", *(number(one.blocks) for one in ledgers)),
        ("largest |Z|", *(number(one.largest_z) for one in ledgers)),
        ("blocks clipped below", *(number(one.clipped_below) for one in ledgers)),
        ("blocks clipped above", *(number(one.clipped_above) for one in ledgers)),
        ("tau", *(number(one.tau) for one in ledgers)),
        ("lag-1 autocorrelation", *map(number, lags)),
        ("clipped > 1 % or tau > 1.5", *alerts),
    ]
    return table(("the rule's own figures", "mean ledger", "sharpe ledger"), rows)


def _segment_starts(found: Collected) -> list[tuple[int, int]]:
    """Return number and first pair of every segment after the first."""
    starts = []
    for said in found.segments:
        before = [one for one in found.evidence if one.record.seq < said.record.seq]
        starts.append((said.message.segment, before[-1].message.pairs + 1 if before else 1))
    return starts


def _both(log_evidence: float) -> tuple[str, str]:
    return number(log_evidence), _e(log_evidence)


def _e(log_evidence: float) -> str:
    return number(exp(min(700.0, log_evidence)))
